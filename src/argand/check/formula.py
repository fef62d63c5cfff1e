"""Is the backward formula right? Both sides in balls: disjoint balls are a proof that it is not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from flint import acb, ctx

from argand.check.diagnosis import GENERIC, Diagnosis, diagnose
from argand.exact.balls import to_balls
from argand.exact.evaluate import evaluate
from argand.exact.reference import Exact
from argand.exact.rounding import round_balls
from argand.program import Program
from argand.trial.finding import AT_SPECIAL_POINTS
from argand.trial.inside.blame import source
from argand.trial.inside.rounded_constants import rounded_constants, widened
from argand.trial.meant.gradient import in_balls
from argand.trial.points.drawn import draw_inputs, draw_upstreams, generic_points
from argand.trial.problem import Problem

SPREAD = 224  # points over the whole domain, for formulas that are wrong in a region only
POINTS = GENERIC + SPREAD
PRECISIONS = (256, 1100)
ROUNDED = "inaccurate"  # the kind of finding where only constants are rounded
CONSTANTS = 16  # of which the one to blame is looked for


@dataclass(frozen=True)
class Disproof:
    """A point at which the formula of the gradient by input ``by`` is proved wrong: its inputs,
    upstream and gradients, arrays *core."""

    by: int
    inputs: tuple[np.ndarray, ...]
    upstream: np.ndarray
    computed: np.ndarray
    exact: np.ndarray
    relative: float
    diagnosis: Diagnosis
    op: str = ""  # which takes the constant whose rounding explains it
    source: str = ""


def refute(
    problem: Problem, max_ulp: float, rng: np.random.Generator
) -> tuple[list[Disproof], int]:
    """A witness for each input whose gradient is wrong in exact arithmetic, and the number of
    points at which neither agreement nor disagreement could be shown.

    Wrong means: further than ``max_ulp`` ulp from the true gradient, where both are in range, so
    that saturating clips are no proof. It is the formula that is wrong where some of them stays
    wrong with any constants that round to those of both Programs; else a constant is ``blamed``.
    """
    inputs, upstream = _points(problem, rng)
    u = upstream.astype(problem.output_dtype)
    wrong = np.zeros((len(inputs), len(u)), bool)
    open_ = np.ones(len(u), bool)
    sides: list[tuple[np.ndarray, np.ndarray]] = []
    for precision in PRECISIONS:
        todo = np.flatnonzero(open_)
        if not todo.size:
            break
        with ctx.workprec(precision):
            computed, exact, derivatives = _sides(
                problem, problem.meant.program, problem.backward, [x[todo] for x in inputs], u[todo]
            )
            if not sides:
                sides = list(zip(computed, exact, strict=True))
                first_derivatives = derivatives
            for i, (c, e) in enumerate(zip(computed, exact, strict=True)):
                states = [_row_differs(*rows, problem.input_dtypes[i], max_ulp)
                          for rows in zip(c, e, strict=True)]  # fmt: skip
                wrong[i, todo] |= np.array([s is True for s in states])
                sides[i][0][todo], sides[i][1][todo] = c, e
                unknown = np.array([s is None for s in states])
                open_[todo] = (open_[todo] & unknown) if i == 0 else (open_[todo] | unknown)
    found = []
    for i in range(len(inputs)):
        if not wrong[i].any():
            continue
        apart = _Apart(problem, i, inputs, u, max_ulp)
        proved = wrong[i] & apart.with_any_constants(wrong[i])
        c, e = sides[i]
        dtype = problem.input_dtypes[i]
        op = line = ""
        if proved.any():
            k = int(np.flatnonzero(proved)[0])
            diagnosis = diagnose(i, proved, open_, sides, first_derivatives, u, dtype)
        else:
            k = int(np.flatnonzero(wrong[i])[0])
            diagnosis, op, line = apart.blame(wrong[i])
        with ctx.workprec(PRECISIONS[-1]):
            core = problem.cores[i]
            gave, true = (round_balls(side[k], dtype)[0].reshape(core) for side in (c, e))
        point = tuple(x[k] for x in inputs)
        relative = max(map(_relative, c[k], e[k]))
        found.append(Disproof(i, point, u[k], gave, true, relative, diagnosis, op, line))
    return found, int(open_.sum())


@dataclass(frozen=True)
class _Apart:
    """Whether the gradient by input ``by`` stays wrong with other constants."""

    problem: Problem
    by: int
    inputs: list[np.ndarray]
    upstream: np.ndarray
    max_ulp: float

    def with_any_constants(self, where: np.ndarray) -> np.ndarray:
        """At each point ``where`` (a flag for each): not with some that round to those of both
        Programs, as far as balls tell. Points after one that stays wrong are not looked at."""
        programs = self.problem.meant.program, self.problem.backward
        if not any(map(rounded_constants, programs)):
            return where
        truth, backward = (widened(p, rounded_constants(p)) for p in programs)
        found = np.zeros(len(where), bool)
        for chunk in np.array_split(np.flatnonzero(where), max(1, int(where.sum()) // GENERIC)):
            found[chunk] = self._apart(truth, backward, chunk)
            if found.any():
                found[chunk[-1] + 1 :] = where[chunk[-1] + 1 :]
                break
        return found

    def blame(self, where: np.ndarray) -> tuple[Diagnosis, str, str]:
        """The constant whose rounding alone explains most of the points ``where``, in words, with
        the operation that takes it and its line: sooner one that only the gradient has."""
        truth, backward = self.problem.meant.program, self.problem.backward
        at = np.flatnonzero(where)[:GENERIC]
        known = [c.tobytes() for c in truth.constants.values()]
        own = rounded_constants(backward)
        own.sort(key=lambda k: backward.constants[k].tobytes() in known)
        tried = [(backward, k) for k in own] + [(truth, k) for k in rounded_constants(truth)]
        explained = []
        for program, k in tried[:CONSTANTS]:
            wide = widened(program, [k])
            sides = (truth, wide) if program is backward else (wide, backward)
            explained.append(int((~self._apart(*sides, at)).sum()))
        if not any(explained):
            return Diagnosis("the rounding of its constants explains it", kind=ROUNDED), "", ""
        program, k = tried[int(np.argmax(explained))]
        value = program.constants[k]
        shown = repr(value.ravel()[0].item()) if value.size == 1 else "of an array"
        taker = next(op for op in program.operations if k in op.inputs)
        told = Diagnosis(f"the rounding of the constant {shown} explains it", kind=ROUNDED)
        return told, taker.type, source(program, taker)

    def _apart(self, truth: Program, backward: Program, at: np.ndarray) -> np.ndarray:
        problem = self.problem
        points, u = [x[at] for x in self.inputs], self.upstream[at]
        with ctx.workprec(PRECISIONS[-1]):
            computed, exact, _ = _sides(problem, truth, backward, points, u)
            dtype = problem.input_dtypes[self.by]
            rows = zip(computed[self.by], exact[self.by], strict=True)
            return np.array([_row_differs(*row, dtype, self.max_ulp) is True for row in rows])


def refute_at(
    problem: Problem,
    inputs: Sequence[np.ndarray],
    upstream: np.ndarray,
    exact: Exact,
    max_ulp: float,
    diagnosis: Diagnosis,
) -> list[Disproof]:
    """As ``refute``, at points of which a proof has the ``diagnosis``, such as special ones: the
    true derivative is what ``exact`` has certified, for balls that do not look at each side give
    none."""
    certified = np.flatnonzero(exact.certified)
    if not certified.size:
        return []
    inputs, upstream = [x[certified] for x in inputs], upstream[certified]
    found = []
    with ctx.workprec(PRECISIONS[0]):
        balls = [to_balls(x) for x in (upstream, *inputs)]
        outputs = evaluate(problem.backward, balls, derivatives=False)
        wide = evaluate(widened(problem.backward, rounded_constants(problem.backward)), balls,
                        derivatives=False)  # fmt: skip
        for i, out in enumerate(outputs):
            true = exact.gradients[i][certified]
            dtype = true.dtype.name  # it is rounded to the precision of the value
            computed = _flat(np.zeros_like(true) if out is None else out.value)
            for k, (c, e) in enumerate(zip(computed, _flat(true), strict=True)):
                limit, other = max(max_ulp, 1.0), wide[i]
                if _row_differs(c, e, dtype, limit) is not True:
                    continue
                around = c if other is None else other.value[k].ravel()
                known = all(b.is_finite() for b in around)
                if known and _row_differs(around, e, dtype, limit) is not True:
                    continue  # the rounding of a constant
                gave = round_balls(c, dtype)[0].reshape(problem.cores[i])
                point = tuple(x[k] for x in inputs)
                relative = max(map(_relative, c, e))
                found.append(Disproof(i, point, upstream[k], gave, true[k], relative, diagnosis))
                break
    return found


AT_SPECIAL = Diagnosis("it is wrong at special points of the function only", AT_SPECIAL_POINTS)
IN_A_REGION = Diagnosis("it is wrong in a region of the domain only")


def _flat(side: np.ndarray) -> np.ndarray:
    """Balls (samples, entries) of balls or floats."""
    balls = side if side.dtype == object else to_balls(side)
    return balls.reshape(len(balls), -1)


def _points(problem: Problem, rng: np.random.Generator) -> tuple[list[np.ndarray], np.ndarray]:
    generic = generic_points(problem.input_dtypes, problem.domain, GENERIC, rng, problem.cores)
    spread = draw_inputs(problem.input_dtypes, problem.domain, SPREAD, rng, problem.cores)
    shape = (GENERIC, *problem.core)
    phase = 2 * np.pi * rng.uniform(0, 1, shape)
    size = rng.uniform(0.5, 2, shape)
    complex_output = problem.output_dtype.startswith("complex")
    generic_u = size * np.exp(1j * phase) if complex_output else size * np.sign(np.cos(phase))
    spread_u = draw_upstreams(problem.output_dtype, SPREAD, rng, problem.core)
    inputs = [np.concatenate(pair) for pair in zip(generic, spread, strict=True)]
    return inputs, np.concatenate([generic_u, spread_u])


def _sides(
    problem: Problem,
    truth: Program,
    backward: Program,
    inputs: Sequence[np.ndarray],
    upstream: np.ndarray,
) -> tuple[list[np.ndarray], list[np.ndarray], list[np.ndarray]]:
    """The variant's gradients and the true ones, as balls (samples, entries), and the
    derivatives, (samples, entries of the value, entries of the input). ``truth`` and ``backward``
    are the Problem's, or the same with other constants."""
    complex_inputs = [d.startswith("complex") for d in problem.input_dtypes]
    exact, derivatives = in_balls(truth, problem.meant.given, inputs, upstream, complex_inputs)
    outputs = evaluate(backward, [*map(to_balls, (upstream, *inputs))], derivatives=False)
    n = len(upstream)
    computed = [
        np.full(e.shape, acb(0), object) if o is None else o.value.reshape(n, -1).copy()
        for o, e in zip(outputs, exact, strict=True)
    ]
    return computed, exact, derivatives


def _row_differs(
    computed: np.ndarray, exact: np.ndarray, dtype: str, max_ulp: float
) -> bool | None:
    """``differs`` of a sample: True if any entry does, None if none does and any is open; False
    where there are more or fewer entries, which is a finding of its own."""
    if len(computed) != len(exact):
        return False
    states = [differs(a, b, dtype, max_ulp) for a, b in zip(computed, exact, strict=True)]
    return True if True in states else None if None in states else False


def differs(computed: acb, exact: acb, dtype: str, max_ulp: float) -> bool | None:
    """True where proved apart, False where shown to agree or where neither matters, else None."""
    info = np.finfo(dtype)
    if not (computed.is_finite() and exact.is_finite()):
        return None
    size = abs(exact)
    if size.lower() > float(info.max):
        return False
    limit = size * (max_ulp * float(info.eps))
    limit = limit.max(float(info.tiny))
    distance = abs(computed - exact)
    if distance > limit:
        return True
    return False if distance <= limit else None


def _relative(computed: acb, exact: acb) -> float:
    size = abs(exact)
    return float((abs(computed - exact) / size).mid()) if size > 0 else float("inf")
