"""The careful pass with each kink as a number of its own: what is linear besides.

f = F(x, k₁, k₂, …), where kⱼ is the value of the j-th kink, and F is smooth at the point. To
first order kⱼ is linear plus a multiple of a symbol sⱼ, say |ℓⱼ| of the linear form ℓⱼ of its
operand. So f is linear plus Σ bⱼ·sⱼ, with bⱼ the derivative of F by the symbol: where all bⱼ are
zero, f has the derivative that the linear part is. Two choices of one comparison share a symbol
as well: of a and b one has (a + b)/2 ± (a − b)/2.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from flint import arb

from argand.exact.balls import UNDECIDED, Balls
from argand.exact.bends.meeting import KINKED, aligned, decides, element, equal, places
from argand.exact.bends.symbols import Form, Symbols, combined, conjugated, finite, normal
from argand.exact.edges.kinks import OneSided
from argand.exact.edges.truth import Edge
from argand.exact.evaluate import Evaluation
from argand.exact.partials import unless_zero
from argand.exact.rules.table import RULES
from argand.program import Program

_HALF = arb(0.5)
_STILL = arb(0)


class LinearPart(Evaluation):
    """One pass for so many ``samples``, with ``room`` symbols for each of them."""

    def __init__(self, program: Program, samples: int, room: int) -> None:
        super().__init__(program, derivatives=True, careful=True, order=1)
        self.inputs = len(self.real)  # the symbols are the directions after these
        self.real = [*self.real, *[True] * room]
        self.none = (None,) * len(self.real)
        self.symbols = [Symbols(self.inputs, room) for _ in range(samples)]
        self._steps: dict[int, tuple[Edge, Form, bool, bool]] = {}  # Edges by their id
        self._edges: list[Edge] = []  # kept, so that no other has their id

    def elementwise(self, name: str, *operands: Balls) -> Balls:
        """The result of the rule ``name``, with symbols where it is at a kink."""
        out = super().elementwise(name, *operands)
        if RULES[name].ties == "compare":
            self._note(name, out, *aligned(operands))
        elif name in KINKED:
            out = self._with_symbols(name, out, *aligned(operands))
        return out

    def mended(self, found: Balls) -> Balls:
        """``found`` with a symbol |x| for each derivative that is one-sided along a number x."""
        shape = found.value.shape
        forms = {}
        for k in range(found.value.size):
            form = _form(found, k, shape)
            if any(isinstance(v, OneSided) for v in form.values()):
                forms[k] = self._straight(form, self.symbols[k // int(np.prod(shape[1:]))])
        return _replaced(found, forms) if forms else found

    def _note(
        self,
        name: str,
        out: Balls,
        operands: list[Balls],
        columns: list[list[Any]],
        shape: tuple[int, ...],
    ) -> None:
        """Keep what each Edge compares: the first-order part of the difference, and the truth
        where that is positive and where it is negative."""
        for k, edge in enumerate(out.value.flat):
            if isinstance(edge, Edge) and len(columns) == 2 and equal(columns[0][k], columns[1][k]):
                first, second = (_form(o, k, shape) for o in operands)
                if finite(first) and finite(second):
                    step = combined(arb(1), first, arb(-1), second)
                    above, below = (RULES[name].value(arb(s), arb(0)) is True for s in (1, -1))
                    self._steps[id(edge)] = (edge, step, above, below)

    def _with_symbols(
        self,
        name: str,
        out: Balls,
        operands: list[Balls],
        columns: list[list[Any]],
        shape: tuple[int, ...],
    ) -> Balls:
        """``out`` with the form that symbols make at each kink."""
        forms: dict[int, Form] = {}
        for k in places(name, columns):
            given = [_form(o, k, shape) for o in operands]
            column = [c[k] for c in columns]
            edge = column[0] if name == "SelectV2" else None
            sample = k // int(np.prod(shape[1:])) if shape[0] > 1 else 0
            if edge is None and not any(given):
                forms[k] = {}  # to first order nothing moves
                continue
            known = all(map(finite, given)) and (edge is None or equal(column[1], column[2]))
            if known and (shape[0] > 1 or len(self.symbols) == 1):
                try:
                    forms[k] = self._kinked(name, column, given, self.symbols[sample])
                    continue
                except OverflowError:
                    pass  # there are more kinks than a pass without symbols has met
            forms[k] = self._unknown(edge, given)
        return _replaced(out, forms) if forms else out

    def _unknown(self, edge: Edge | None, given: Sequence[Form]) -> Form:
        """UNDECIDED by each direction on which the result may depend."""
        moving = {i for form in given for i, _ in form}
        if edge is not None:
            moving |= decides(edge, self.inputs)
        return {(i, bar): UNDECIDED for i in moving for bar in (False, True)
                if not (bar and self.real[i])}  # fmt: skip

    def _kinked(self, name: str, column: list[Any], given: list[Form], symbols: Symbols) -> Form:
        """The form of the rule's result at a kink, where its operands have those ``given``."""
        if name == "SelectV2":
            return self._selected(column[0], given[1], given[2], symbols)
        if name == "ComplexAbs":
            mirrored = conjugated(given[0], self.real)  # of the same absolute value
            return _size(min(given[0], mirrored, key=lambda f: str(normal(f)[0])), symbols)
        if name in ("Maximum", "Minimum"):
            size = _size(combined(arb(1), given[0], arb(-1), given[1]), symbols)
            middle = combined(_HALF, given[0], _HALF, given[1])
            return combined(arb(1), middle, _HALF if name == "Maximum" else -_HALF, size)
        size = _size(given[0], symbols)
        if name == "Abs":
            return size
        upwards = bool(column[0].ball == 0)  # of Relu, and of Relu6 at its lower corner
        return combined(_HALF, given[0], _HALF if upwards else -_HALF, size)

    def _selected(self, edge: Edge, first: Form, second: Form, symbols: Symbols) -> Form:
        """That of a choice between equals: with a symbol |ℓ| where they differ by a multiple of
        what is compared, else with one of this Edge only."""
        difference = combined(arb(1), first, arb(-1), second)
        if not difference:
            return first
        middle = combined(_HALF, first, _HALF, second)
        _, step, above, below = self._steps.get(id(edge), (edge, {}, False, False))
        key, c = normal(difference)
        if step and key is not None and normal(step)[0] == key:
            # where the step is zero both are the same, so that only the sides count
            if above is below:
                return first if above else second
            direction, by = symbols.add(step)
            upwards = (above is True) == bool(by > 0)
            size = c if upwards else -c
        else:
            self._edges.append(edge)
            direction, size = symbols.add(difference, id(edge))
        return combined(arb(1), middle, _HALF, {(direction, False): size})

    def _straight(self, form: Form, symbols: Symbols) -> Form:
        """The form with a symbol for each one-sided derivative."""
        out: Form = {}
        for (i, bar), v in form.items():
            if not isinstance(v, OneSided):
                out = combined(arb(1), out, arb(1), {(i, bar): v})
                continue
            middle, half = (v.left + v.right) / 2, (v.right - v.left) / 2
            direction, _ = symbols.add({(i, bar): arb(1)})
            kink = {(i, bar): middle, (direction, False): half}
            out = combined(arb(1), out, arb(1), kink)
        return out


def _size(form: Form, symbols: Symbols) -> Form:
    """|form|, as a multiple of a symbol where it is not one of the symbols |ℓ| and their sums."""
    if not form:
        return {}
    if all(symbols.is_size(i) for i, _ in form):
        for sign in (1, -1):
            if all(sign * v.real > 0 and v.imag.is_zero() for v in form.values()):
                return {at: sign * v for at, v in form.items()}
    direction, c = symbols.add(form)
    return {(direction, False): abs(c)}


def _form(x: Balls, k: int, shape: tuple[int, ...]) -> Form:
    """The form of element k of ``x``, broadcast to ``shape``."""
    out: Form = {}
    for bar, derivatives in ((False, x.dz), (True, x.dzbar)):
        for i, d in enumerate(derivatives):
            v = element(d, k, shape)
            if v is not None and not bool(v == 0):
                out[i, bar] = v
    return out


def _replaced(x: Balls, forms: dict[int, Form]) -> Balls:
    """``x`` with these forms at the elements k, counted in one row. By a direction by which it had
    a derivative, and the form has none, that is 0 to first order: it still moves."""
    shape = x.value.shape

    def column(d: np.ndarray | None, i: int, bar: bool) -> np.ndarray | None:
        if d is None and not any((i, bar) in form for form in forms.values()):
            return None
        flat = [None] * x.value.size if d is None else np.broadcast_to(d, shape).ravel().tolist()
        for k, form in forms.items():
            flat[k] = form.get((i, bar), None if flat[k] is None else _STILL)
        return unless_zero(flat, shape)

    return Balls(
        x.value,
        tuple(column(d, i, False) for i, d in enumerate(x.dz)),
        tuple(column(d, i, True) for i, d in enumerate(x.dzbar)),
    )
