"""Who is to blame for the results that go wrong, and what mends it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from argand.exact.reference import CERTIFIED, Exact
from argand.exact.rounding import round_balls
from argand.program import Operation
from argand.trial.inside.fault import Fault
from argand.trial.inside.repairs import of_formula, repair
from argand.verdict import FAILING, VERDICTS, judge
from argand.why.origin import Origin, origin
from argand.why.outcomes import Asked
from argand.why.record import Outcome, Wrong
from argand.why.sides import Sides
from argand.why.values import Values
from argand.why.words import numbers, reason


def wronged(
    asked: Asked, sides: Sides, found: Sequence[Outcome], truth: Exact | None
) -> list[Wrong]:
    """What is to blame for those of the outcomes that fail, in the order of evaluation, each
    once."""
    made: dict[tuple[str, str], tuple[list[str], Wrong]] = {}
    for outcome in [o for o in found if o.failing]:
        values = sides.forward if outcome.by < 0 else sides.backward
        output = None if values is None else values.program.outputs[max(outcome.by, 0)]
        if values is None or output is None:
            continue
        several = [_formula(asked, values, output, outcome, truth)]
        if values.compared(output).kind not in ("right", "overflow", "underflow"):
            several.append(_operation(sides, values, output))
        for one in several:
            if one is not None:
                made.setdefault((one.where, one.name), ([], one))[0].append(outcome.name)
    order = {
        (where, op.name): (side, k)
        for side, (where, values) in enumerate(
            (("forward", sides.forward), ("backward", sides.backward))
        )
        if values is not None
        for k, op in enumerate(values.program.operations)
    }
    keys = sorted(made, key=lambda key: order.get(key, (2, 0)))
    return [_of_results(made[key][1], made[key][0]) for key in keys]


def _of_results(one: Wrong, results: Sequence[str]) -> Wrong:
    return Wrong(tuple(results), one.where, one.op, one.name, one.source, one.reason, one.repair)


def harmless(sides: Sides) -> list[Wrong]:
    """The first operation that makes something which is not finite, though no result is the worse
    for it; none where there is none."""
    for values in (sides.forward, sides.backward):
        for op in () if values is None else values.program.operations:
            for o in op.outputs:
                x = values.computed.get(o) if values is not None else None
                if x is None or x.dtype.kind not in "fc" or np.all(np.isfinite(x)):
                    continue
                found = _operation(sides, values, o)
                if found is not None:
                    return [found]
    return []


def _operation(sides: Sides, values: Values, output: int) -> Wrong | None:
    """The operation that is to blame for a value of one side."""
    found = origin(values, output)
    if found is None:
        return None
    forward = sides.forward.program
    where, op, program = "backward", found.op, values.program
    if values is sides.forward:
        where, repeated = "forward", found.op
    else:
        repeated = sides.repeated(found.op)
    if repeated is not None:
        where, op, program, parent = "forward", repeated, forward, repeated
        place = repeated.source
    else:
        parent, place = sides.parent(op), sides.place(op)
    unused = parent is not None and sides.unused(parent)
    of = "" if parent is None or parent is op else f", in the gradient of {parent.type},"
    mended = repair(Fault(program, op, found.kind, forward, parent, unused))
    return Wrong((), where, op.type, op.name, place, reason(values, found, of), mended)


def _formula(
    asked: Asked, values: Values, output: int, outcome: Outcome, truth: Exact | None
) -> Wrong | None:
    """A formula that is wrong in exact arithmetic already."""
    if truth is None or truth.state[0] != CERTIFIED or output not in values.exact:
        return None
    exact, dtype = truth.quantity(outcome.by), values.program.dtypes[output]
    if values.undefined[output].any() or exact.shape != values.exact[output][0].shape:
        return None
    rounded, sure = round_balls(values.exact[output][0], dtype)
    if not sure.all():
        return None
    codes, _ = judge(rounded, exact, np.ones(exact.shape, bool), 1.0)
    names = {v.code: v.name for v in VERDICTS}
    kinds = {names[c] for c in codes.ravel().tolist()} & FAILING
    if not kinds:
        return None
    what = "value" if outcome.by < 0 else "derivative"
    told = (
        f"the formula of the {outcome.name} gives {numbers(rounded)} in exact arithmetic, "
        f"but the {what} is {numbers(exact)}"
    )
    where = "forward" if outcome.by < 0 else "backward"
    mended = of_formula("conjugated" in kinds) if outcome.by >= 0 else ""
    return Wrong((), where, "formula", "", "", told, mended)
