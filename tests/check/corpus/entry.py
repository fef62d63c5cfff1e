"""What the corpus says of a function: which findings it must have, and where it is tried."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from argand.subject import Variant

LINE = ("float64",)
PLANE = ("complex128",)
EVERYWHERE: Mapping[str, str] = MappingProxyType({})  # unported in no framework


@dataclass(frozen=True)
class Entry:
    """A function and what is expected of it: all of ``kinds``, and none in a right one.

    ``tolerated``: what a right one may have for TensorFlow's own operations are to blame.
    ``says`` is a regular expression for the message of the first finding of such a kind.
    ``domain``, ``reference``, ``core`` and ``surrogate`` as for ``argand.check``; every checker
    draws from the domain.
    ``unported`` says of a framework why the defect cannot exist in it.
    """

    name: str
    fn: Callable[..., Any]
    kinds: frozenset[str]
    says: str
    dtypes: tuple[str, ...] | None
    modes: tuple[str, ...]
    domain: Any
    reference: Callable[..., Any] | None = None
    unported: Mapping[str, str] = field(default_factory=dict)
    tolerated: frozenset[str] = frozenset()
    core: int | tuple[int, ...] | None = None
    surrogate: Callable[..., Any] | None = None

    @property
    def what(self) -> str:
        """Its docstring on one line: what it computes, and what is wrong with it."""
        text = self.fn.note if isinstance(self.fn, Variant) else self.fn.__doc__
        return " ".join((text or "").split())


def defect(
    *kinds: str,
    says: str = "",
    dtypes: tuple[str, ...] | None = LINE,
    modes: tuple[str, ...] = ("eager",),
    domain: Any = None,
    reference: Callable[..., Any] | None = None,
    unported: Mapping[str, str] = EVERYWHERE,
    core: int | tuple[int, ...] | None = None,
    surrogate: Callable[..., Any] | None = None,
) -> Callable[[Callable[..., Any]], Entry]:
    """Declare the decorated function as one that must have findings of all ``kinds``."""
    return lambda fn: Entry(
        fn.__name__, fn, frozenset(kinds), says, dtypes, modes, domain, reference, unported,
        core=core, surrogate=surrogate,
    )  # fmt: skip


def right(
    dtypes: tuple[str, ...] | None = LINE,
    modes: tuple[str, ...] = ("eager",),
    domain: Any = None,
    tolerated: tuple[str, ...] = (),
    core: int | tuple[int, ...] | None = None,
    surrogate: Callable[..., Any] | None = None,
    reference: Callable[..., Any] | None = None,
) -> Callable[[Callable[..., Any]], Entry]:
    """Declare the decorated function as one that has no finding but honest failing verdicts."""
    allowed = frozenset(tolerated)
    return lambda fn: Entry(
        fn.__name__, fn, frozenset(), "", dtypes, modes, domain, reference, tolerated=allowed,
        core=core, surrogate=surrogate,
    )  # fmt: skip


def entries(namespace: dict[str, Any]) -> dict[str, Entry]:
    """The entries that a module declares, by name."""
    return {e.name: e for e in namespace.values() if isinstance(e, Entry)}
