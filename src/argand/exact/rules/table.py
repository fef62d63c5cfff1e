"""The table of operations that balls can follow, put together from the files that hold them.

To add a TensorFlow operation, write one line in one table:

    what it is                            table, file               a line
    a function of each element            FUNCTIONS, functions.py   "Exp": holomorphic(value, slope)
    arithmetic, parts of complex numbers  …, arithmetic.py          "Mul": Rule(value, partials)
    comparing, choosing, kinks, jumps     SELECTION, selection.py   "Less": compare(test)
    other operations, *Grad included      COMPOSED, composed.py     "TanhGrad": lambda op, y, u: …
    moving elements only                  STRUCTURAL, structural.py "Transpose"
    sums and folds along axes             SHAPED, shaped.py         "Prod": fold("Mul", empty=1.0)
    argand.functions                      exact/special/            "si": SpecialFunction(…)

``value`` and ``slope`` (or ``partials``) are written in balls. Say besides where the function
has surely no value (``undefined``), a value but no derivative (``sharp``), and where its branch
cut lies (``cut``), and add a function that uses it to tests/exact/operations.py: the tests trace
it, and hold its gradient graph, its certification and its backward pass against each other.
"""

from __future__ import annotations

from argand.exact.rules.arithmetic import ARITHMETIC, PLANE
from argand.exact.rules.functions import FUNCTIONS
from argand.exact.rules.rule import Rule
from argand.exact.rules.selection import SELECTION
from argand.exact.special import SPECIAL
from argand.exact.special.entry import PREFIX

NAMED = {PREFIX + name: special.rule for name, special in SPECIAL.items()}
RULES: dict[str, Rule] = ARITHMETIC | FUNCTIONS | PLANE | SELECTION | NAMED
