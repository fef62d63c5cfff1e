"""The profile along an axis: the verdicts there, and the frontiers that were sought on it."""

from types import SimpleNamespace

import numpy as np
import pandas as pd

from argand.report.gathered import Pictured
from argand.report.maps import Maps, Panel
from argand.report.sections.profile import frontier_table, profiles
from argand.sweep.store.columns import MAP, PLANE
from argand.verdict import CODE

X, Y = np.array([-1.0, 0.0, 1.0]), np.array([-2.0, 0.0, 2.0])
PLACE = {
    "study": "window", "subject": "f", "dtype": "complex128", "over": "Re z, Im z",
    "upstream": "1", "length": 0, "device": "CPU:0",
}  # fmt: skip
KEY = {"variant": "auto", "mode": "graph", "quantity": "gradient", "by": "z"}


def made():
    axes = ({"label": label, "scale": "linear", "points": 3} for label in ("Re z", "Im z"))
    plane = SimpleNamespace(**PLACE, x=next(axes), y=next(axes))
    codes = np.full((3, 3), CODE["accurate"], np.uint8)
    codes[1, 2] = CODE["wrong"]
    panel = Panel(KEY, codes, np.zeros((3, 3), np.float32))
    return Pictured(Maps(plane, X, Y, [panel]), "window", [panel], [])


def frontier(**more):
    at = {"ray": "Re z", "before": "accurate", "after": "spurious_nan", "x": 0.5, "y": 0.0,
          "hex": "0x1p-1"}  # fmt: skip
    return PLACE | KEY | at | more


def found(*frontiers):
    table = pd.DataFrame(list(frontiers), columns=[*PLANE, *MAP, *list(frontier())[11:]])
    return profiles(made(), table)


def test_both_axes_have_a_strip_for_each_map():
    real, imaginary = found()
    assert (real.label, real.where) == ("Re z", "Im z = 0")
    assert (imaginary.label, imaginary.where) == ("Im z", "Re z = 0")
    assert [s.title for s in real.strips] == ["auto, gradient by z"]
    assert real.strips[0].source != imaginary.strips[0].source  # one of them has a wrong point


def test_a_frontier_stands_at_its_place_with_both_verdicts():
    real, imaginary = found(frontier())
    ((at, words),) = real.strips[0].frontiers
    assert at == (1.5 + 0.5) / 3
    assert words == "up to 0x1p-1 (0.5) accurate, then spurious nan"
    assert imaginary.strips[0].frontiers == []
    assert "1 frontiers" in real.alt


def test_other_maps_frontiers_and_digits_that_come_and_go_are_left_out():
    real, _ = found(
        frontier(variant="stable"),
        frontier(study="float_line"),
        frontier(before="inaccurate", after="accurate"),
    )
    assert real.strips[0].frontiers == []


def test_the_ray_is_where_frontiers_were_sought():
    real, _ = found(frontier(y=2.0))
    assert real.where == "Im z = 2"


def test_frontiers_of_failing_verdicts_and_of_overflow_are_shown():
    table = frontier_table(
        pd.DataFrame(
            [
                frontier(before="accurate", after="spurious_nan"),
                frontier(before="accurate", after="spurious_nan", mode="xla"),
                frontier(before="overflow", after="accurate"),
                frontier(before="accurate", after="flushed"),
                frontier(before="accurate", after="wrong", dtype="complex64"),
                frontier(before="accurate", after="wrong", upstream="0.5"),
            ]
        )
    )
    assert table["then"].tolist() == ["spurious nan", "accurate"]
    assert table["mode"].tolist() == ["graph, xla", "graph"]
