"""Subjects and variants: what is under study."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

Mode = Literal["eager", "graph", "xla"]
MODES: tuple[Mode, ...] = get_args(Mode)
Kind = Literal["real", "complex"]
Precision = Literal[32, 64]

DTYPES: dict[tuple[Kind, int], str] = {
    ("real", 32): "float32",
    ("real", 64): "float64",
    ("complex", 32): "complex64",
    ("complex", 64): "complex128",
}


class TargetError(Exception):
    """A call or target that cannot be used; the message is one line that says what to do."""


@dataclass(frozen=True)
class Input:
    """One argument of a subject.

    ``window`` is where people work: (low, high) for each real component, so a complex input has
    two pairs. ``whole_line`` is false where only the window is in the domain. ``entries`` is how
    many numbers along the last axis make up one sample; None where each number is one. Raises
    TargetError for a window or entries that make no sense.
    """

    name: str
    kind: Kind
    window: tuple[tuple[float, float], ...]
    whole_line: bool = True
    entries: int | None = None

    def __post_init__(self) -> None:
        if self.entries is not None and self.entries < 1:
            raise TargetError(f"input {self.name!r} has {self.entries} entries: give 1 or more")
        components = 2 if self.kind == "complex" else 1
        if len(self.window) != components:
            raise TargetError(
                f"input {self.name!r} is {self.kind} and needs {components} (low, high) "
                f"pair(s) in its window, got {self.window!r}"
            )
        for low, high in self.window:
            if not low < high:
                raise TargetError(
                    f"input {self.name!r} has the empty window ({low}, {high}): "
                    "low must be below high"
                )


def real(name: str, low: float, high: float, *, entries: int | None = None) -> Input:
    """A real input that people use between ``low`` and ``high``; ``entries`` of them along the
    last axis make up one sample."""
    return Input(name, "real", ((low, high),), entries=entries)


def plane(
    name: str, re: tuple[float, float], im: tuple[float, float], *, entries: int | None = None
) -> Input:
    """A complex input that people use in the rectangle ``re`` × ``im``; ``entries`` of them along
    the last axis make up one sample."""
    return Input(name, "complex", (re, im), entries=entries)


@dataclass(frozen=True)
class Variant:
    """One way to compute a subject's value and gradient; callable on tensors.

    ``note`` is its docstring: the algebra and its source. ``limits`` are known failures, each with
    its reason. The plain formula of ``subject`` is its truth.
    """

    name: str
    fn: Callable[..., Any]
    note: str = ""
    limits: tuple[str, ...] = ()
    subject: Subject | None = field(default=None, repr=False, compare=False)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self.fn(*args, **kwargs)


@dataclass(frozen=True)
class Subject:
    """A differentiable function under study.

    A call computes its plain TensorFlow formula. Its variants are attributes:
    ``sigmoid.stable(z)``. ``formula`` is TeX without dollar signs.
    """

    name: str
    formula: str
    plain: Callable[..., Any]
    inputs: tuple[Input, ...]
    hard_points: tuple[str, ...] = ()
    note: str = ""
    variants: dict[str, Variant] = field(default_factory=dict)

    def __call__(self, *args: Any) -> Any:
        return self.plain(*args)

    def __getattr__(self, name: str) -> Variant:
        # A copy is asked for attributes before it has any.
        variants: dict[str, Variant] = self.__dict__.get("variants", {})
        if name not in variants:
            raise AttributeError(f"no variant {name!r}; there are {', '.join(variants) or 'none'}")
        return variants[name]

    @property
    def kind(self) -> Kind:
        """The kind that names the subject's dtypes: complex if any input is."""
        return "complex" if any(i.kind == "complex" for i in self.inputs) else "real"

    @property
    def dtypes(self) -> tuple[str, str]:
        """The dtypes under study, single precision first."""
        return DTYPES[self.kind, 32], DTYPES[self.kind, 64]

    @property
    def cores(self) -> tuple[tuple[int, ...], ...]:
        """The shape of one sample of each input: () where the function acts on each number."""
        return tuple(() if i.entries is None else (i.entries,) for i in self.inputs)

    def input_dtypes(self, dtype: str) -> tuple[str, ...]:
        """The dtype of each input when the subject is studied in ``dtype``.

        Raises TargetError for a dtype that the subject does not take.
        """
        if dtype not in self.dtypes:
            raise TargetError(
                f"{self.name} does not take {dtype}: its dtypes are {' and '.join(self.dtypes)}"
            )
        precision = 32 if dtype == self.dtypes[0] else 64
        return tuple(DTYPES[i.kind, precision] for i in self.inputs)

    def variant(self, fn: Callable[..., Any] | None = None, *, limits: tuple[str, ...] = ()) -> Any:
        """Declare ``fn`` as the variant of its own name; usable as a decorator, with ``limits``
        or without. Returns the Variant. Raises TargetError when the name is taken.
        """
        if fn is None:
            return lambda f: self.variant(f, limits=limits)
        name = getattr(fn, "__name__", "variant")
        if name in self.variants:
            raise TargetError(f"{self.name} has a variant {name!r} already; rename one of them")
        made = Variant(name, fn, inspect.cleandoc(fn.__doc__ or ""), limits, self)
        self.variants[name] = made
        return made


Target = Subject | Variant | Callable[..., Any]  # what can be checked


def subject(
    formula: str, *inputs: Input, hard_points: tuple[str, ...] = ()
) -> Callable[[Callable[..., Any]], Subject]:
    """Declare the decorated plain TensorFlow function as a Subject with variant ``auto``.

    ``formula`` is TeX without dollar signs; ``inputs`` in the function's order.
    Raises TargetError when the inputs and the signature disagree.
    """

    def declare(fn: Callable[..., Any]) -> Subject:
        arity = count_inputs(fn)
        if arity != len(inputs):
            raise TargetError(
                f"{fn.__name__} takes {arity} input(s) but {len(inputs)} are declared"
            )
        made = Subject(
            fn.__name__, formula, fn, inputs, hard_points, inspect.cleandoc(fn.__doc__ or "")
        )
        made.variants["auto"] = Variant(
            "auto", fn, "The plain formula with TensorFlow's own gradient.", subject=made
        )
        return made

    return declare


def count_inputs(fn: Callable[..., Any]) -> int:
    """How many tensors ``fn`` takes: its positional arguments without a default.

    Raises TargetError where its signature does not say, and where it takes none.
    """
    return len(input_names(fn))


def input_names(fn: Callable[..., Any]) -> list[str]:
    """The names of the tensors that ``fn`` takes. Raises TargetError as ``count_inputs``."""
    try:
        parameters = inspect.signature(fn).parameters.values()
    except (TypeError, ValueError) as error:
        raise TargetError(f"the signature of {fn!r} cannot be read: wrap it in a def") from error
    positional = [
        p.name
        for p in parameters
        if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD) and p.default is p.empty
    ]
    if not positional:
        if any(p.kind is p.VAR_POSITIONAL for p in parameters):
            # tf.custom_gradient hides the signature behind *args, and so does a Keras layer,
            # whose code is its method call.
            inner = getattr(fn, "__wrapped__", getattr(fn, "call", None))
            if inner is not None:
                return input_names(inner)
        raise TargetError(f"{getattr(fn, '__name__', fn)} takes no tensor: it needs an input")
    return positional
