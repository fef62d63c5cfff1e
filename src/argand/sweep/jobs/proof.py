"""The check of a whole subject, kept like a tile: which of its variants are right."""

from __future__ import annotations

from argand.check import Report, check
from argand.sweep.jobs.job import Check, Outcome
from argand.sweep.jobs.prepared import find, key_of
from argand.sweep.store.store import Store
from argand.verdict import FAILING, KERNELS


def check_subject(job: Check, store: Store) -> Outcome:
    """Check every variant, dtype and mode of the subject, unless the store has it."""
    subject = find(job.target)
    name = f"check/{subject.name}"
    key = key_of(job, *subject.dtypes)
    kept = store.json(name)
    if kept is not None and kept.get("key") == key:
        return Outcome(name, "kept")
    report = check(subject)
    variants = {
        v.name: {"note": v.note, "limits": list(v.limits), "wrong": _wrong(report, v.name)}
        for v in subject.variants.values()
    }
    about = {
        "name": subject.name,
        "formula": subject.formula,
        "note": subject.note,
        "hard_points": list(subject.hard_points),
        "dtypes": list(subject.dtypes),
        "inputs": [
            {"name": i.name, "kind": i.kind, "window": [list(pair) for pair in i.window]}
            for i in subject.inputs
        ],
        "variants": variants,
    }
    store.keep_json(name, {"key": key, "subject": about, "notes": report.notes, **report.to_json()})
    return Outcome(name, "made")


def _wrong(report: Report, variant: str) -> str:
    """Why the variant's gradient is wrong, whatever the floats do: the gravest defect that is
    neither rounding nor a kernel's doing; empty where there is none."""
    broken = [
        f for f in report.of("defect") if f.variant == variant and f.kind not in FAILING | KERNELS
    ]
    if not broken:
        return ""
    dtypes = dict.fromkeys(f.dtype for f in broken if f.kind == broken[0].kind)
    return f"{broken[0].kind} ({', '.join(dtypes)}): {broken[0].message}"
