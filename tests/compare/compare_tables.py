"""Measurements whose figures are known."""

import pandas as pd

from argand.compare.measured import POINT, RESULT, TIME, Measured

CELL = {"subject": "z_exp_z", "variant": "auto", "dtype": "complex128", "mode": "graph"}


def time(seconds, size=1000, device="CPU:0", spread=0.02, **other):
    row = CELL | {"size": size, "device": device, "quantity": "time"} | other
    bounds = {"low": seconds * (1 - spread), "high": seconds * (1 + spread)}
    return row | {"value": seconds, **bounds, "samples": 11, "unit": "seconds", "state": "measured"}


def result(computed, ulp, verdict="accurate", point="0", device="CPU:0", **other):
    row = CELL | {"device": device, "quantity": "value", "by": "", "point": point} | other
    return row | {"computed": computed, "ulp": ulp, "verdict": verdict}


def measured(name, times, results=(), threads=1, **facts):
    passport = {"cpu": {"model": "a", "threads": threads}, "versions": {"tensorflow": "2.21.0"}}
    whole = {"format": 1, "commit": None, "passport": passport, "suite": "1"}
    whole |= {"formulas": {"z_exp_z complex128": "f"}, "points": {}} | facts
    keys = {"subject": "z_exp_z", "dtype": "complex128"}
    points = [keys | {"point": str(k), "input": f"0x{k}", "upstream": "1"} for k in range(2)]
    return Measured(
        name,
        whole,
        pd.DataFrame(list(times), columns=TIME),
        pd.DataFrame(points, columns=POINT),
        pd.DataFrame(list(results), columns=RESULT),
    )


def two_machines():
    """Two: the second is twice as fast, and one of its digits is another."""
    first = [time(2e-3), time(1e-3, quantity="floor", variant="stream")]
    second = [time(1e-3), time(3e-3, variant="<script>alert(1)</script>")]
    return [
        measured("one", first, [result("0x1p+0", 0.1)]),
        measured("two", second, [result("0x3p+0", 9.0, "inaccurate")], threads=2),
    ]
