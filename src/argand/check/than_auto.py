"""Is a custom gradient worse, or better, than TensorFlow's own of the same function?

`auto` is the function's own forward pass with the custom gradients taken out, and of a subject's
variant the subject's plain formula, run at the same samples in the same modes. Only gradients are
compared: the value is the same computation.

A sample is lost where the custom gradient fails and auto is right, and gained the other way round.
What is neither, because another order of the same operations does as much:

- samples whose upstream is not of size 1: u·(f·g) leaves the range where (u·f)·g does not;
- errors of at most twice the limit: each product rounds once more, or once less;
- what conditioning explains;
- luck: digits that one of the two has, though it loses them beside, where only roundings differ.

Digits lost at ordinary and special points, which alone are a limit, are a defect from 16 times the
limit on.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np

from argand.check.against import AgainstAuto, Difference
from argand.check.asked import Asked
from argand.check.groups import oddity
from argand.check.probes import generator
from argand.check.report import Report
from argand.floats import from_ordinals, ordinals
from argand.frontend.runner import RunError
from argand.frontend.stripped import stripped
from argand.frontend.trace import Traced
from argand.subject import TargetError
from argand.trial.finding import Finding
from argand.trial.judged import Judged, Part, judged
from argand.trial.problem import Problem
from argand.trial.written import hexes, text
from argand.verdict import CODE, SEVERITIES, VERDICTS, fails, passes, severity

NOISE = 2.0  # times the limit
ROUNDS, BESIDE, STEPS = 4, 4, 16  # of floats beside a sample, each component a few steps away
GRAVE = 16.0  # times the limit: four bits more than it allows are lost

ADVICE = "TensorFlow's own gradient is right there: leave this one out, or rearrange it so."


def against_auto(asked: Asked) -> tuple[list[AgainstAuto], list[Finding]]:
    """A record for each mode, and the findings: digits lost at ordinary and special points that
    are a defect because TensorFlow's own gradient keeps them.

    Nothing of a function without a custom gradient, and of one whose formula is wrong.
    """
    auto = automatic(asked.problem)
    if auto is None or asked.scales.formula_wrong:
        return [], []
    records: list[AgainstAuto] = []
    findings: list[Finding] = []
    theirs = Asked(auto, asked.modes, asked.samples, asked.max_ulp, 0, False, Report(""))
    for mode in asked.ran():
        try:
            record, found = _in_mode(asked, theirs, mode)
        except (RunError, TargetError) as error:
            why = f"TensorFlow's own gradient: {error}"
            record, found = AgainstAuto(asked.problem.dtype, mode, 0, absent=why), []
        records.append(record)
        findings += found
    return records, findings


def automatic(problem: Problem) -> Problem | None:
    """The Problem of TensorFlow's own gradient; None where ``problem`` has no other."""
    if problem.auto is not None:
        own = problem.auto
        if own.fn is problem.fn:
            return None
    else:
        bare = stripped(problem.fn)
        own = Traced(bare, problem.input_dtypes, problem.cores)
        try:
            own.forward  # noqa: B018  # traced here, where it is seen what is taken out
        except TargetError:
            return None
        if not bare.taken:
            return None
    return replace(problem, variant="auto", traced=own, _runners={})


@dataclass(frozen=True)
class _Side:
    """Where one of two gradients by one input fails though the other is right: indices ``where``
    of samples, their ``severities``, and what fails."""

    by: int
    where: np.ndarray
    severities: np.ndarray
    failing: Judged
    places: np.ndarray


def _in_mode(asked: Asked, theirs: Asked, mode: str) -> tuple[AgainstAuto, list[Finding]]:
    dtype = asked.problem.dtype
    plain = _plain(asked.samples.upstream)
    n = int(plain.sum())
    own = _judged(asked, mode)
    auto = _judged(theirs, mode)
    parts = [part for part in own if part[0] == "gradient"]
    missing = [part for part in parts if part not in auto]
    if missing:
        why = f"TensorFlow gives none{asked.problem.by_input(missing[0][1])}"
        return AgainstAuto(dtype, mode, n, absent=why), []
    lost, gained = (
        [_side(one, other, mode, part, plain) for part in parts]
        for one, other in ((asked, theirs), (theirs, asked))
    )
    worth = {s for side in lost for s in side.severities.tolist()}
    record = AgainstAuto(
        dtype, mode, n, _count(lost), _count(gained),
        _most_ordinary(asked, lost, own, auto), _most_ordinary(asked, gained, own, auto),
        min(worth, key=SEVERITIES.index, default=""),
    )  # fmt: skip
    return record, list(_findings(asked, mode, lost, n))


def _judged(asked: Asked, mode: str) -> dict[Part, Judged]:
    return judged(asked.problem, asked.result(mode), asked.samples.exact, asked.max_ulp)


def _plain(upstream: np.ndarray) -> np.ndarray:
    """Which upstreams (n, *core) are of size 1, of rows the largest entry."""
    size = np.abs(upstream.reshape(len(upstream), -1)).max(axis=1)
    return np.asarray(np.abs(size - 1) <= 2.0**-10)


def _side(asked: Asked, other: Asked, mode: str, part: Part, among: np.ndarray) -> _Side:
    """Where of ``among`` the gradient of ``asked`` fails, and that of ``other`` does not."""
    samples, failing = asked.samples, _judged(asked, mode)
    own = failing[part]
    noise = own.error <= NOISE * asked.max_ulp  # what is infinite or NaN is none
    right = passes(_judged(other, mode)[part].codes)
    where = np.flatnonzero(among & fails(own.codes) & ~noise & right)
    weighed = asked.scales.of(part, failing, samples.inputs, samples.upstream, samples.special)
    digits = where[np.isin(own.codes[where], [CODE["inaccurate"], CODE["wrong"]])]
    far = weighed.places[digits] == "elsewhere"  # where it counts little
    for some, rounds in ((digits[~far], ROUNDS), (digits[far], 1)):
        where = np.setdiff1d(where, _lucky(other, mode, part, some, rounds))
    where = where[~weighed.explained(where)]
    worth = [
        severity(
            VERDICTS[own.codes[k]].name, str(weighed.places[k]),
            auto_right=not own.error[k] <= GRAVE * asked.max_ulp,
        )
        for k in where
    ]  # fmt: skip
    return _Side(part[1], where, np.array(worth, "<U6"), own, weighed.places[where])


def _lucky(asked: Asked, mode: str, part: Part, where: np.ndarray, rounds: int) -> np.ndarray:
    """Those of the samples ``where`` that fail beside themselves."""
    rng, left = generator("than_auto"), where
    for _ in range(rounds):
        several = np.repeat(left, BESIDE)
        if not several.size:
            break
        moved = []
        for c in asked.problem.components([x[several] for x in asked.samples.inputs]):
            steps = rng.integers(1, STEPS + 1, c.size) * rng.choice([-1, 1], c.size)
            top = int(ordinals(np.array(np.finfo(c.dtype).max, c.dtype)))
            place = np.clip(ordinals(c) + steps, -top, top)
            moved.append(np.where(c == 0, c, from_ordinals(place, c.dtype)))
        inputs = asked.problem.of_components(list(zip(*moved, strict=True)))
        beside = asked.trial(mode).at(inputs, asked.samples.upstream[several])[part]
        left = left[~fails(beside.codes).reshape(-1, BESIDE).any(axis=1)]
    return np.setdiff1d(where, left)


def _count(sides: list[_Side]) -> int:
    """How many samples they are together."""
    return len({int(k) for side in sides for k in side.where})


def _most_ordinary(
    asked: Asked, sides: list[_Side], own: Mapping[Part, Judged], auto: Mapping[Part, Judged]
) -> Difference | None:
    """The sample with components nearest to 1, of those of the gravest severity."""
    found = [
        (SEVERITIES.index(worth), far, side, j)
        for side in sides
        if side.where.size
        for j, (worth, far) in enumerate(
            zip(side.severities.tolist(), oddity(asked.samples, side.where).tolist(), strict=True)
        )
    ]
    if not found:
        return None
    *_, side, j = min(found, key=lambda f: f[:2])
    k, part, samples = int(side.where[j]), ("gradient", side.by), asked.samples
    return Difference(
        tuple(text(x[k]) for x in samples.inputs), text(samples.upstream[k]), side.by,
        VERDICTS[side.failing.codes[k]].name, text(own[part].computed[k]),
        text(auto[part].computed[k]), text(own[part].exact[k]), str(side.places[j]),
    )  # fmt: skip


def _findings(asked: Asked, mode: str, lost: list[_Side], n: int) -> Iterator[Finding]:
    """Digits lost that alone are a limit; what is a defect alone has been told."""
    for side in lost:
        digits = side.failing.codes[side.where] == CODE["inaccurate"]
        here = (side.severities == "defect") & (side.places != "domain") & digits
        if not here.any():
            continue
        where = side.where[here]
        k = int(where[np.argmin(oddity(asked.samples, where))])
        own, samples = side.failing, asked.samples
        told = (
            f"Digits are lost at {where.size} of {n} samples, up to "
            f"{own.error[where].max():.3g} ulp, where TensorFlow's own gradient keeps them"
            f"{asked.problem.in_entry(side.by, int(own.entry[k]))}"
            f"{asked.problem.by_input(side.by)}."
        )
        place = str(side.places[np.flatnonzero(side.where == k)[0]])
        yield asked.problem.finding(
            "inaccurate", mode, "gradient", told,
            input=hexes(x[k] for x in samples.inputs), upstream=text(samples.upstream[k]),
            computed=text(own.computed[k]), exact=text(own.exact[k]),
            place=place, severity="defect", advice=ADVICE,
        )  # fmt: skip
