"""Which of the dtypes that a bare function takes it is made for: those in which it computes."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from argand.floats import real_dtype
from argand.frontend.runner import RunError
from argand.program import Program
from argand.trial.points.drawn import generic_points
from argand.trial.problem import Problem

Told = Callable[[str], None]


def made_for(problems: Sequence[Problem], told: Told) -> list[Problem]:
    """Those of ``problems``, one function's in several dtypes, that the function is made for: that
    run, and in which it does more than cast. All of them where that would be none.

    ``told`` is given a line for each that is left out.
    """
    kept = list(problems)
    for why in (_cast_at_once, _raises):
        reasons = {p: why(p) for p in kept} if len(kept) > 1 else {}
        if all(reasons.values()):
            continue  # none is right where others are not
        not_checked([(p.dtype, reason) for p, reason in reasons.items() if reason], told)
        kept = [p for p in kept if not reasons[p]]
    return kept


def not_checked(left_out: Sequence[tuple[str, str]], told: Told) -> None:
    """Tell each reason, in a line with the dtypes that are left out for it."""
    for reason in dict.fromkeys(reason for _, reason in left_out):
        dtypes = ", ".join(dtype for dtype, why in left_out if why == reason)
        told(f"{dtypes} not checked: {reason}")


def _cast_at_once(problem: Problem) -> str:
    """Where the function casts its inputs to another precision before anything else, and returns
    that: it is not made for its inputs' own. Empty where it does not."""
    program: Program = problem.forward
    own = {real_dtype(program.dtypes[i]) for i in program.inputs}
    if real_dtype(problem.forward.output_dtype) in own:
        return ""
    users = [op for op in program.operations if {*op.inputs} & {*program.inputs}]
    if not users or any(op.type != "Cast" for op in users):
        return ""
    made = program.dtypes[users[0].outputs[0]]
    return f"the function casts its input to {made} before all else ({users[0].source})"


def _raises(problem: Problem) -> str:
    """What value or gradient raise at ordinary points; empty where they run."""
    rng = np.random.default_rng(0)
    points = generic_points(problem.input_dtypes, problem.domain, 2, rng, problem.cores)
    try:
        problem.run("eager")(points)
    except RunError as error:
        return f"it raises {error}"
    return ""
