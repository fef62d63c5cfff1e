"""For other people's test suites: one line that holds a gradient to the certified truth."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from argand.check import check
from argand.subject import Target
from argand.verdict import MAX_ULP


def assert_gradient(
    fn: Target,
    *,
    domain: Any = None,
    reference: Callable[..., Any] | None = None,
    surrogate: Callable[..., Any] | None = None,
    core: int | Sequence[int] | None = None,
    max_ulp: float = MAX_ULP,
    dtypes: Sequence[str] | None = None,
    modes: Sequence[str] | None = None,
    quick: bool = False,
    strict: bool = False,
    baseline: str | Path | None = None,
) -> None:
    """Assert that value and gradient of ``fn`` are right, to ``max_ulp`` units in the last place.

    The other arguments are those of ``argand.check``. Raises AssertionError with the gravest
    defect (with a ``domain`` also a limit that conditioning does not explain), or where nothing
    could be decided, and TargetError where ``fn`` cannot be checked.
    """
    __tracebackhide__ = True  # pytest then points at the caller's line
    report = check(
        fn,
        domain=domain,
        reference=reference,
        surrogate=surrogate,
        core=core,
        max_ulp=max_ulp,
        dtypes=dtypes,
        modes=modes,
        quick=quick,
        strict=strict,
        baseline=baseline,
    )
    limits = [f for f in report.limits if domain is not None and not f.explained]
    found = report.of("defect") + limits
    if found:
        more = len(found) - 1
        rest = f"\n({more} more; `argand check` lists them)" if more else ""
        kinds = f"{report.by_kind}\n" if report.by_kind else ""
        raise AssertionError(f"{report.target}: {kinds}{found[0].describe()}{rest}")
    if report.changes is not None and report.changes.worse:
        raise AssertionError(f"{report.target}: worse than {'; '.join(report.changes.worse)}")
    if report.decided == 0:
        raise AssertionError(
            f"{report.target}: none of {report.samples} results could be certified; "
            "give a domain in which the function is defined"
        )
