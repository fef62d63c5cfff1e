"""Exact special functions by name: references where TensorFlow has no plain formula.

``argand.functions.erfcx`` is a function; one with parameters is made with them, as
``argand.functions.bessel_j(0)``. ``argand.functions.names()`` lists all with what they are. Each is
given as ``reference=``, or to ``argand.exact``; on the command line it is written ``erfcx``,
``bessel_j:0`` or ``hyp2f1:0.5,1,1.5``. Complex ones are principal branches.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from flint import arb

from argand.exact.reference import certify
from argand.exact.special import SPECIAL
from argand.exact.special.entry import PREFIX, SpecialFunction
from argand.program import Operation, Program
from argand.subject import TargetError

_WRITTEN = re.compile(r"(?:argand\.functions[.:])?([a-z]\w*)(?::(.*)|\((.*)\))?")
_SINGLE = ("float32", "complex64")


@dataclass(frozen=True)
class ExactFunction:
    """A special function of one number with its parameters: a Program of one operation, which
    needs no trace."""

    name: str
    parameters: tuple[float, ...] = ()

    @property
    def __name__(self) -> str:
        return ":".join([self.name, ",".join(f"{p:g}" for p in self.parameters)]).rstrip(":")

    def program(self, dtypes: Sequence[str], cores: Sequence[tuple[int, ...]]) -> Program:
        """It as a Program for one input. Raises TargetError for more inputs, and for a complex one
        where it takes real tensors only."""
        if len(dtypes) != 1:
            raise TargetError(
                f"{self.__name__} is a function of one input, and {len(dtypes)} are there: give a "
                "function of the one that matters"
            )
        (dtype,), (core,) = dtypes, cores
        if SPECIAL[self.name].real and dtype.startswith("complex"):
            raise TargetError(f"{self.__name__} takes real tensors only, not {dtype}")
        n, at = len(self.parameters), f"argand.functions.{self.__name__}"
        shape = (1, *core)
        made = Operation(PREFIX + self.name, self.name, (*range(1, n + 1), 0), (n + 1,), {}, at)
        return Program(
            (0,), (n + 1,), (made,),
            {k + 1: np.array(p) for k, p in enumerate(self.parameters)},
            (dtype, *["float64"] * n, dtype), (shape, *[()] * n, shape),
        )  # fmt: skip

    def __call__(self, x: Any) -> np.ndarray:
        """Its certified value at the numbers ``x``; NaN where there is none."""
        array = np.asarray(x)
        if array.dtype.kind not in "fc":
            array = array.astype(float)
        program = self.program([array.dtype.name], [()])
        return certify(program, [array], None, array.dtype.name).value


@dataclass(frozen=True)
class ExactFamily:
    """Special functions with parameters, which a call gives."""

    name: str

    def __call__(self, *parameters: float) -> ExactFunction:
        """The function with these parameters. Raises TargetError where they are not as many, or not
        such, as it takes."""
        special = SPECIAL[self.name]
        wanted = ", ".join(special.parameters)
        if len(parameters) != len(special.parameters):
            raise TargetError(
                f"{self.name} has the parameters ({wanted}), and {len(parameters)} are given: "
                f"write {self.name}({wanted}) in Python, {self.name}:{wanted.replace(' ', '')} on "
                "the command line"
            )
        numbers = tuple(float(p) for p in parameters)
        wrong = "they are not finite" if not all(map(math.isfinite, numbers)) else (
            special.refuses(*map(arb, numbers)))  # fmt: skip
        if wrong:
            raise TargetError(f"{self.name}({wanted}) of {list(numbers)}: {wrong}")
        return ExactFunction(self.name, numbers)


def names() -> dict[str, str]:
    """Each function by its name and parameters, as Python writes it, and what it is."""
    return {_signature(name, special): special.says for name, special in SPECIAL.items()}


def _signature(name: str, special: SpecialFunction) -> str:
    return f"{name}({', '.join(special.parameters)})" if special.parameters else name


def written(text: str) -> ExactFunction | None:
    """The function that ``text`` writes, as the command line does; None where its name is none of
    these. Raises TargetError for parameters that it does not take."""
    found = _WRITTEN.fullmatch(text)
    if found is None or found[1] not in SPECIAL:
        return None
    given = (found[2] or found[3] or "").strip()
    try:
        numbers = [float(p) for p in given.split(",")] if given else []
    except ValueError as error:
        raise TargetError(f"{text!r}: {given!r} are not numbers, such as 0.5,1") from error
    return ExactFamily(found[1])(*numbers)


def __getattr__(name: str) -> ExactFunction | ExactFamily:
    if name not in SPECIAL:
        raise AttributeError(
            f"argand.functions has no {name!r}; it has {', '.join(sorted(SPECIAL))}"
        )
    return ExactFamily(name) if SPECIAL[name].parameters else ExactFunction(name)


def __dir__() -> list[str]:
    return [*SPECIAL, "names"]
