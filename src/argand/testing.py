"""For other people's test suites: one line that holds a gradient to the certified truth."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from argand.check import check
from argand.frontend.runner import MODES
from argand.subject import Subject, Variant
from argand.verdict import MAX_ULP


def assert_gradient(
    fn: Subject | Variant | Callable[..., Any],
    *,
    domain: Any = None,
    reference: Callable[..., Any] | None = None,
    core: int | Sequence[int] | None = None,
    max_ulp: float = MAX_ULP,
    dtypes: Sequence[str] | None = None,
    modes: Sequence[str] = MODES,
) -> None:
    """Raise AssertionError, naming the gravest finding, unless value and gradient are right.

    ``domain``, ``reference``, ``core``, ``dtypes`` and ``modes`` as for ``argand.check``;
    ``max_ulp`` is the largest error allowed. Raises TargetError where ``fn`` cannot be checked, and
    AssertionError too where nothing could be decided.
    """
    __tracebackhide__ = True  # pytest then points at the caller's line
    report = check(
        fn,
        domain=domain,
        reference=reference,
        core=core,
        max_ulp=max_ulp,
        dtypes=dtypes,
        modes=modes,
    )
    if report.findings:
        more = len(report.findings) - 1
        rest = f"\n({more} more; `argand check` lists them)" if more else ""
        raise AssertionError(f"{report.target}: {report.findings[0].describe()}{rest}")
    if report.decided == 0:
        raise AssertionError(
            f"{report.target}: none of {report.samples} results could be certified; "
            "give a domain in which the function is defined"
        )
