"""Failing verdicts made into findings: the worst witness, its region's edge, blame, condition."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial

import numpy as np

from argand.check.frontier import Frontier, frontiers
from argand.check.groups import Group
from argand.trial.finding import Finding
from argand.trial.inside.blame import Blame, blame
from argand.trial.inside.condition import condition, words
from argand.trial.judged import Judged, Part
from argand.trial.problem import Problem
from argand.trial.search import Witness, climb
from argand.trial.trial import Trial
from argand.trial.weighed import Scales
from argand.trial.written import hexes, text
from argand.verdict import CODE, VERDICTS


@dataclass
class _Known:
    """What an earlier mode found of a quantity and verdict."""

    witness: Witness
    edge: Frontier | None
    blame: Blame | None
    condition: float | None


@dataclass
class Explainer:
    """Explains one Problem, mode after mode: what one mode found is tried first in the next."""

    problem: Problem
    rounds: int
    rng: np.random.Generator
    all_searched: bool
    scales: Scales  # of a wrong formula the gradient's verdicts are no news, and not searched
    known: dict[tuple[str, int, str, str], _Known] = field(default_factory=dict)

    def findings(self, trial: Trial, groups: Sequence[Group]) -> list[Finding]:
        """One finding for each group of samples. The search is for the worst error that
        conditioning does not explain, of limits only where ``all_searched``."""
        witnesses = [g.witness for g in groups]
        taken = self._again(trial, groups, witnesses)
        fresh = [k for k in range(len(groups)) if k not in taken]
        if self.scales.formula_wrong:
            for k in [k for k in fresh if groups[k].key[0] == "gradient"]:
                self.known[groups[k].key] = _Known(witnesses[k], None, None, None)
                fresh.remove(k)
        for k in list(fresh):
            group = groups[k]
            if group.explained or (group.severity == "limit" and not self.all_searched):
                self._keep(trial, group, witnesses[k], None)
                fresh.remove(k)
        counts = [partial(self._alike, groups[k].severity) for k in fresh]
        searched = climb(trial, [witnesses[k] for k in fresh], self.rounds, self.rng, counts)
        edges = frontiers(trial, searched) if self.rounds else [None] * len(searched)
        for k, worst, edge in zip(fresh, searched, edges, strict=True):
            witnesses[k] = worst
            self._keep(trial, groups[k], worst, edge)
        return [self._finding(trial, g, w) for g, w in zip(groups, witnesses, strict=True)]

    def _alike(
        self,
        severity: str,
        part: Part,
        judged: dict[Part, Judged],
        inputs: Sequence[np.ndarray],
        upstream: np.ndarray,
        where: np.ndarray,
    ) -> np.ndarray:
        """Those of the samples ``where`` that have this severity and are not explained."""
        weighed = self.scales.of(part, judged, inputs, upstream)
        same = where[weighed.severities(where) == severity]
        return np.asarray(same[~weighed.explained(same)])

    def _again(
        self, trial: Trial, groups: Sequence[Group], witnesses: list[Witness]
    ) -> dict[int, _Known]:
        """Groups whose witness and edge are those of an earlier mode: put in their place."""
        tried = [(k, self.known[g.key]) for k, g in enumerate(groups) if g.key in self.known]
        if not tried:
            return {}
        rows, upstream = [], []
        for _, old in tried:
            edge = old.edge
            ends = [] if edge is None else [edge.passing, edge.failing]
            for place in [None, *ends, *[None] * (2 - len(ends))]:
                row = list(old.witness.components)
                if place is not None and edge is not None:
                    row[edge.component] = place
                rows.append(row)
                upstream.append(old.witness.upstream)
        inputs, upstreams = self.problem.of_components(rows), np.stack(upstream)
        judged = trial.at(inputs, upstreams)
        taken = {}
        for j, (k, old) in enumerate(tried):
            w, part = old.witness, judged[witnesses[k].part]
            codes = part.codes[3 * j : 3 * j + 3] == CODE[w.verdict]
            if codes[0] and (old.edge is None or (not codes[1] and codes[2])):
                here = self.scales.of(w.part, judged, inputs, upstreams)
                if bool(here.explained(np.array([3 * j]))[0]) != groups[k].explained:
                    continue
                witnesses[k] = Witness.seen(
                    w.part, w.verdict, w.components, w.upstream, part, 3 * j
                )
                taken[k] = old
        return taken

    def _keep(self, trial: Trial, group: Group, w: Witness, edge: Frontier | None) -> None:
        inputs = self.problem.of_components([w.components])
        upstream = w.upstream[None]
        by = w.part[1]
        if by < 0:
            who = blame(self.problem.forward, 0, inputs, trial.mode, trial.max_ulp)
        else:
            who = blame(self.problem.backward, by, [upstream, *inputs], trial.mode, trial.max_ulp)
        of = self.problem.truth if by < 0 else self.problem.meant.slope
        number = condition(of, inputs, upstream, by, w.entry, self.problem.backward)
        self.known[group.key] = _Known(w, edge, who, number)

    def _finding(self, trial: Trial, group: Group, w: Witness) -> Finding:
        old = self.known[group.key]
        told = f"{VERDICTS[CODE[w.verdict]].sentence} {group.count} of {group.of} samples"
        if w.verdict == "inaccurate":
            told += f", up to {w.error:.3g} ulp"
        told += self.problem.in_entry(w.part[1], w.entry) + self.problem.by_input(w.part[1])
        if old.edge is not None:
            told += f"; {old.edge.describe(self.problem)}"
        told += "."
        if old.blame is not None:
            told += f" {old.blame.reason}."
        told += words(old.condition, group.explained)
        return self.problem.finding(
            w.verdict, trial.mode, w.part[0], told,
            input=hexes(w.components), upstream=text(w.upstream), computed=text(w.computed),
            exact=text(w.exact), op=old.blame.op if old.blame else "",
            source=old.blame.source if old.blame else "", condition=old.condition,
            error=w.error if np.isfinite(w.error) else 0.0,
            place=group.place, explained=group.explained, severity=group.severity,
        )  # fmt: skip
