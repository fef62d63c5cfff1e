"""From a target to its Problems: one for each variant and dtype."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from argand.exact.evaluate import Unsupported
from argand.frontend.signature import signatures
from argand.frontend.trace import Traced, Untraceable
from argand.program import Untraced
from argand.subject import Subject, TargetError, Variant
from argand.trial.domain import ONE_PAIR, of_one_pair, read_domain, window_of
from argand.trial.finding import Finding
from argand.trial.made_for import Told, made_for, not_checked
from argand.trial.meant.gradient import surrogate_of
from argand.trial.problem import Problem, refuse_unjudgeable


def problems(
    target: Subject | Variant | Callable[..., Any],
    dtypes: Sequence[str] | None = None,
    domain: Any = None,
    reference: Callable[..., Any] | None = None,
    core: int | Sequence[int] | None = None,
    told: Told = lambda line: None,
    surrogate: Callable[..., Any] | None = None,
) -> tuple[list[Problem], list[Finding]]:
    """The Problems of ``target``, and what is found where it cannot be traced at all for its
    variables; arguments as of ``argand.check``.

    ``told`` is given a line for each dtype that a bare function is not made for. Raises TargetError
    for what cannot be checked at all.
    """
    subject = target if isinstance(target, Subject) else getattr(target, "subject", None)
    if isinstance(subject, Subject):
        if core is not None:
            raise TargetError("core is for bare functions: a subject's inputs say their entries")
        variants = [target] if isinstance(target, Variant) else list(subject.variants.values())
        return list(_of_subject(subject, variants, dtypes, domain, reference, surrogate)), []
    if isinstance(target, Untraced):
        raise TargetError(
            f"{getattr(target, '__name__', target)} is exact: give it as a function's reference"
        )
    if not callable(target):
        raise TargetError(f"{target!r} is a {type(target).__name__}, not callable: give a function")
    fn = target.fn if isinstance(target, Variant) else target
    name = getattr(target, "name", None) or getattr(target, "__name__", type(target).__name__)
    return _of_function(fn, str(name), dtypes, domain, reference, core, told, surrogate)


def problem(subject: Subject, variant: str, dtype: str) -> Problem:
    """The Problem of one of the subject's variants, over its own domain."""
    (found,) = _of_subject(subject, [subject.variants[variant]], [dtype], None, None)
    return found


def _of_subject(
    subject: Subject,
    variants: Sequence[Variant],
    dtypes: Sequence[str] | None,
    domain: Any,
    reference: Callable[..., Any] | None,
    surrogate: Callable[..., Any] | None = None,
) -> Iterator[Problem]:
    whole = all(i.whole_line for i in subject.inputs)
    for dtype in dtypes or subject.dtypes:
        taken = subject.input_dtypes(dtype)
        plain = Traced(reference or subject.plain, taken, subject.cores)
        refuse_unjudgeable(plain)
        bounds = read_domain(domain, taken) or (None if whole else window_of(subject))
        auto = plain if reference is None else Traced(subject.plain, taken, subject.cores)
        for v in variants:
            own = plain if v.fn is plain.fn else Traced(v.fn, taken, subject.cores)
            meant = surrogate_of(surrogate, plain, v.fn)
            yield Problem(v.name, dtype, own, plain, bounds, surrogate=meant, auto=auto)


def _of_function(
    fn: Callable[..., Any],
    name: str,
    dtypes: Sequence[str] | None,
    domain: Any,
    reference: Callable[..., Any] | None,
    core: int | Sequence[int] | None,
    told: Told,
    surrogate: Callable[..., Any] | None,
) -> tuple[list[Problem], list[Finding]]:
    try:
        found = signatures(fn, dtypes, core, told)
    except Untraceable as error:
        if error.reason != "variables":
            raise
        return [], refusal(name, error.dtypes[0], error)
    made: list[Problem] = []
    refused: list[Finding] = []
    left_out: list[tuple[str, TargetError]] = []
    real_only = not dtypes and of_one_pair(domain) and any(d.startswith("float") for d, _ in found)
    for dtype, own in found:
        if real_only and dtype.startswith("complex"):
            left_out.append((dtype, TargetError(ONE_PAIR)))
            continue
        try:
            own.forward  # noqa: B018  # traced here, where a refusal can be told
        except TargetError as error:
            if isinstance(error, Untraceable) and error.reason == "variables":
                refused += refusal(name, dtype, error)
            else:
                left_out.append((dtype, error))
            continue
        plain = own if reference is None else Traced(reference, own.dtypes, own.cores)
        try:
            _refuse_as_truth(plain, reference)
            window, meant = read_domain(domain, own.dtypes), surrogate_of(surrogate, plain, fn)
            made.append(Problem(name, dtype, own, plain, window, surrogate=meant))
        except TargetError as error:
            left_out.append((dtype, error))
    if left_out and (dtypes or not made):
        raise left_out[0][1]
    if not dtypes:
        not_checked([(dtype, str(error)) for dtype, error in left_out], told)
        made = made_for(made, told)
    return made, refused


def _refuse_as_truth(plain: Traced, reference: Callable[..., Any] | None) -> None:
    """``refuse_unjudgeable``; without a ``reference`` the refusal of an operation names it."""
    try:
        refuse_unjudgeable(plain)
    except Unsupported as error:
        if reference is not None:
            raise TargetError(f"the reference cannot be followed: {error}") from error
        raise TargetError(f"{error}; {_BLACK_BOX}") from error


_BLACK_BOX = (
    "or judge it as a black box: --reference (reference=) names a plain TensorFlow function of the "
    "same values, or one of argand.functions, to whose exact value and gradient it is held"
)


def refusal(variant: str, dtype: str, error: TargetError, variables: bool = False) -> list[Finding]:
    """The findings for a function that cannot be traced in ``dtype``: ``error``, and ``dtype`` or
    ``variables`` where TensorFlow's words are about one, or it reads ``variables``."""
    quantity, reason = "value", ""
    if isinstance(error, Untraceable):
        quantity, reason = error.quantity, error.reason
    kinds = ["error", "variables" if variables else reason]
    return [
        Finding(variant, "graph", dtype, quantity, kind, str(error), follows="error" * (k > 0))
        for k, kind in enumerate(kinds)
        if kind
    ]
