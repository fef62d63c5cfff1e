"""What an exact special function is: Arb's value, and its derivatives by known identities."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flint import acb, arb

from argand.exact.balls import UNDECIDED
from argand.exact.edges.cuts import Cut
from argand.exact.edges.kinks import Token
from argand.exact.edges.zeros import Signed, by_slope
from argand.exact.rules.rule import Rule

PREFIX = "argand."  # of the operations' types: no operation of TensorFlow's has it
_NAN = arb("nan")
Interval = tuple[float, float]
_LINE = (-float("inf"), float("inf"))


@dataclass(frozen=True)
class SpecialFunction:
    """A special function of its last operand; those before it are constant parameters.

    ``derivative(k, v, *parameters)``: its k-th derivative, k = 0, 1, 2, at a ball v: an ``acb``,
    or an ``arb`` in ``line``; what it does not know is not finite.
    ``says``: what it is, in a clause. ``parameters``: their names, in order.
    ``refuses(*parameters)``: what is wrong with these numbers, in words; empty where nothing is.
    ``line(*parameters)``: the open interval of real numbers in which it is real, and known.
    ``ends(*parameters)``: whether beyond that interval it has surely no value for real tensors.
    ``cut(*parameters)``: its branch cut, across which it is mirrored: f(z̄) = conj f(z).
    ``pole(v, *parameters)``: whether there is surely no value at v.
    ``sharp(v, *parameters)``: a Token where there is a value and surely no derivative.
    ``real``: whether it is for real tensors only.
    ``points``: numbers at which something happens; ``whole``: so it does at 0, −1, −2, …
    """

    derivative: Callable[..., Any]
    says: str
    parameters: tuple[str, ...] = ()
    refuses: Callable[..., str] = lambda *p: ""
    line: Callable[..., Interval] = lambda *p: _LINE
    ends: Callable[..., bool] = lambda *p: True
    cut: Callable[..., Cut | None] = lambda *p: None
    pole: Callable[..., bool] = lambda v, *p: False
    sharp: Callable[..., Token | None] = lambda v, *p: None
    real: bool = False
    points: tuple[float, ...] = (0.0,)
    whole: bool = False

    @property
    def rule(self) -> Rule:
        """The rule on balls of the operation that it is."""
        return Rule(
            self._value,
            lambda g, *o: ((UNDECIDED, None),) * (len(o) - 1) + ((self._slope(*o), None),),
            undefined=self._undefined,
            sharp=self._sharp,
            sided=self._sided,
            signs=lambda g, partials, *o: by_slope(g, partials[-1:], o[-1]),
        )

    def _value(self, *operands: Any) -> Any:
        *parameters, v = operands
        return self._at(0, v, parameters)

    def _slope(self, *operands: Any) -> Any:
        *given, v = operands
        parameters = [getattr(p, "ball", p) for p in given]
        if type(v) in (arb, acb):
            return self._at(1, v, parameters)
        return v.lift(lambda t: self._at(1, t, parameters), lambda t: self._at(2, t, parameters))

    def _at(self, k: int, v: Any, parameters: list[Any]) -> Any:
        """The k-th derivative; not finite on a cut, and where it is not known."""
        if type(v) is arb:
            return self._of_real(k, v, parameters)
        cut = self.cut(*parameters)
        if self.real or (cut is not None and cut.holds(v)):
            return UNDECIDED
        if v.imag.is_zero():  # then the value is surely real
            return acb(self._of_real(k, v.real, parameters))
        return self._known(k, v, parameters)

    def _of_real(self, k: int, v: arb, parameters: list[Any]) -> Any:
        low, high = self.line(*parameters)
        if not low < v < high:
            return _NAN
        return self._known(k, v, parameters).real

    def _known(self, k: int, v: Any, parameters: list[Any]) -> Any:
        try:
            return self.derivative(k, v, *parameters)
        except (ValueError, OverflowError, ZeroDivisionError, NotImplementedError):
            return UNDECIDED

    def _undefined(self, *operands: Any) -> bool:
        *parameters, v = operands
        if self.pole(v, *parameters):
            return True
        low, high = self.line(*parameters)
        beyond = type(v) is arb and bool(v < low or v > high)
        return beyond and self.ends(*parameters)

    def _sharp(self, *operands: Any) -> Any:
        *parameters, v = operands
        token = self.sharp(v, *parameters)
        return None if token is None else (None,) * len(parameters) + (token,)

    def _sided(self, *operands: Signed) -> Any:
        """The value at Signed operands: on the cut that of the side which a zero's sign names."""
        *parameters, v = [o.ball for o in operands]
        cut = self.cut(*parameters)
        if type(v) is not acb or self.real or cut is None or not cut.holds(v):
            return self._at(0, v, parameters)
        across = operands[-1].im
        return cut.side(self._known(0, v, parameters), v, across) if across else UNDECIDED


def beyond(low: float) -> Callable[..., Interval]:
    """The real line above ``low``."""
    return lambda *p: (low, float("inf"))


def at_whole(v: Any, *parameters: Any) -> bool:
    """Whether v is exactly 0, −1, −2, …"""
    part = v.real
    return bool(v.imag.is_zero() and part.is_exact() and part.is_integer() and part <= 0)


def at_zero(v: Any, *parameters: Any) -> bool:
    """Whether v is exactly 0."""
    return bool(v == 0)


def unless_whole(*parameters: Any) -> bool:
    """Whether the first parameter is no integer."""
    return not is_whole(parameters[0])


def never(*parameters: Any) -> bool:
    """No."""
    return False


def is_whole(x: Any) -> bool:
    """Whether a parameter is an integer, exactly."""
    return bool(x.is_exact() and x.is_integer())
