"""Who is to blame for the results that go wrong, and what mends it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from flint import ctx

from argand.exact.reference import CERTIFIED, Exact
from argand.exact.rounding import round_balls
from argand.frontend.source import TAPE
from argand.program import Operation
from argand.trial.inside.fault import Fault
from argand.trial.inside.repairs import of_formula, repair
from argand.verdict import FAILING, VERDICTS, judge
from argand.why.origin import Origin, origin
from argand.why.pairing import Pairing
from argand.why.record import Obtained, Wrong
from argand.why.values import PRECISIONS, Values
from argand.why.wording import numbers, reason


def wronged(sides: Pairing, found: Sequence[Obtained], truth: Exact | None) -> list[Wrong]:
    """What is to blame for those of the outcomes that fail, in the order of evaluation, each
    once."""
    made: dict[tuple[str, str], tuple[list[str], Wrong]] = {}
    for outcome in [o for o in found if o.failing]:
        values = sides.forward if outcome.by < 0 else sides.backward
        output = None if values is None else values.program.outputs[max(outcome.by, 0)]
        if values is None or output is None:
            continue
        several = [_formula(sides, values, output, outcome, truth)]
        if values.compared(output).kind not in ("right", "overflow", "underflow"):
            several.append(_operation(sides, values, output))
        for one in several:
            if one is not None:
                made.setdefault((one.where, one.name), ([], one))[0].append(outcome.name)
    steps = [(where, op.name) for where, values in sides.both for op in values.program.operations]
    order = {step: k for k, step in enumerate(steps)}
    keys = sorted(made, key=lambda key: order.get(key, len(order)))
    return [replace(one, results=tuple(names)) for names, one in map(made.__getitem__, keys)]


def harmless(sides: Pairing) -> list[Wrong]:
    """The first operation that makes something which is not finite, though no result is the worse
    for it; none where there is none, and of infinite inputs."""
    for _, values in sides.both:
        for o in values.program.floats if values.exact else ():
            x = values.computed.get(o)
            if x is not None and not np.all(np.isfinite(x)):
                found = _operation(sides, values, o)
                return [] if found is None else [found]
    return []


def _operation(sides: Pairing, values: Values, output: int) -> Wrong | None:
    """The operation that is to blame for a value of one side."""
    found = origin(values, output)
    if found is None:
        return None
    own = found.op if values is sides.forward else sides.repeated(found.op)
    if own is not None:
        return _wrong(sides, values, found, own, own)
    parent = sides.parent(found.op)
    if parent is not None and sides.forward.compared(parent.outputs[0]).kind == "undefined":
        return _operation(sides, sides.forward, parent.outputs[0])  # so that it has no slope either
    return _wrong(sides, values, found, found.op, parent)


def _wrong(
    sides: Pairing, values: Values, found: Origin, op: Operation, parent: Operation | None
) -> Wrong:
    """The record of ``op``, one of the value's if it is its own ``parent``."""
    forward, own = sides.forward.program, op is parent
    program, place = (forward, op.source) if own else (values.program, sides.place(op))
    unused = parent is not None and sides.unused(parent)
    of = "" if own or parent is None else f", in the gradient of {parent.type},"
    certain = bool(values.exact)  # of infinite inputs no cause is
    mended = repair(Fault(program, op, found.kind, forward, parent, unused)) if certain else ""
    where = "forward" if own else "backward"
    place = "" if place == TAPE else place
    return Wrong((), where, op.type, op.name, place, found.kind, reason(values, found, of), mended)


def _formula(
    sides: Pairing, values: Values, output: int, outcome: Obtained, truth: Exact | None
) -> Wrong | None:
    """A formula that is wrong in exact arithmetic already."""
    if truth is None or truth.state[0] != CERTIFIED or output not in values.exact:
        return None
    exact, dtype = truth.quantity(outcome.by), values.program.dtypes[output]
    if values.undefined[output].any() or exact.shape != values.exact[output][0].shape:
        return None
    with ctx.workprec(PRECISIONS[-1]):
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
    maker = values.program.maker(output)
    place = "" if maker is None else sides.place(maker) if where == "backward" else maker.source
    place = "" if place == TAPE else place
    return Wrong((), where, "formula", outcome.name, place, "formula", told, mended)
