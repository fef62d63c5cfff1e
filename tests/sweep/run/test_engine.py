"""A sweep over processes: reproducible, resumable, and plain about what it cannot do."""

import json
from pathlib import Path

import numpy as np
import pytest

from argand.subject import TargetError
from argand.sweep.run.engine import sweep
from argand.sweep.store.results import results
from argand.sweep.study import Study
from argand.verdict import VERDICTS

STUDY = Study(
    scale="frontier",
    resolution=255,
    subjects=("z_exp_z",),
    modes=("graph",),
    dtypes=("complex128",),
    axes=((0, 1), (0, 2)),
    name="small",
)


def files(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


@pytest.fixture(scope="module")
def swept(tmp_path_factory):
    folder = tmp_path_factory.mktemp("swept")
    steps = []
    count = sweep([STUDY], folder, 2, lambda what, done, total: steps.append((done, total)))
    assert count == {"made": 4}  # the check, the tile, its frontiers, its worst cases
    assert steps == [(k, 13) for k in range(1, 14)]
    return folder


def test_a_second_sweep_makes_only_what_is_missing_and_ends_in_the_same_bytes(swept):
    before = files(swept)
    missing = next(swept.rglob("maps/small/*.parquet"))
    missing.unlink()
    assert sweep([STUDY], swept, 1) == {"made": 1, "kept": 3}
    assert files(swept) == before


def test_the_map_of_z_exp_z_shows_what_its_algebra_says(swept):
    maps = results(swept).maps
    with np.errstate(divide="ignore"):
        size = np.log(np.hypot(maps.x, maps.y)) + maps.x  # log |f|, and of its derivative
        slope = np.log(np.hypot(maps.x + 1, maps.y)) + maps.x
    top, bottom = np.log(np.finfo(float).max), np.log(np.finfo(float).tiny)
    value, gradient = maps.quantity == "value", maps.quantity == "gradient"

    def of(variant, verdict):
        return (maps.variant == variant) & (maps.verdict == verdict)

    # Out of range is one component at most √2 times smaller than |f|: log 2 is beyond doubt.
    assert set(maps.verdict[value & (size > top + 0.7)]) == {"overflow", "spurious_nan"}
    assert not (value & (size < top) & (maps.verdict == "overflow")).any()
    assert set(maps.verdict[gradient & (slope > top + 0.7) & (maps.variant == "stable")]) == {
        "overflow"
    }
    assert (gradient & of("published", "conjugated")).sum() > 0.3 * (
        gradient & (maps.variant == "published")
    ).sum()
    assert not (of("auto", "conjugated") | of("custom", "conjugated")).any()
    # e^(Re z) is flushed though (1 + z)·e^z is a normal number.
    for variant in ("auto", "custom"):
        lost = maps[gradient & of(variant, "spurious_underflow")]
        assert len(lost)
        assert lost.x.between(-716.5, -708).all()
        assert (slope[lost.index] > bottom).all()
        band = maps[gradient & (maps.variant == variant) & maps.x.between(-713, -709)]
        assert (band.verdict[slope[band.index] > bottom + 1] == "spurious_underflow").all()
    failing = {v.name for v in VERDICTS if v.failing} - {"inaccurate"}
    assert not (maps.variant.eq("stable") & maps.verdict.isin(failing)).any()


def test_an_interrupted_folder_is_not_read_as_a_whole_one(swept):
    manifest = swept / "manifest.json"
    whole = manifest.read_bytes()
    manifest.write_text("null\n")
    with pytest.raises(TargetError, match="no finished sweep"):
        results(swept)
    manifest.write_bytes(whole)
    assert json.loads(whole)["commit"].keys() == {"hash", "date", "changed"}


def test_failures_are_named_and_the_rest_is_kept(tmp_path):
    (tmp_path / "mine.py").write_text(
        "import argand\nimport tensorflow as tf\n"
        "@argand.subject('x', argand.real('x', 0.0, 1.0))\n"
        "def gamma(x):\n    return tf.raw_ops.Igamma(a=x, x=x)\n"
    )
    study = Study(
        scale="window", resolution=5, subjects=("exp_squared", f"{tmp_path}/mine.py:gamma"),
        modes=("eager",), name="mixed",
    )  # fmt: skip
    with pytest.raises(TargetError, match=r"7 of 14 pieces failed.*Igamma.*mine\.py:5"):
        sweep([study], tmp_path / "out", 2)
    assert len(list((tmp_path / "out" / "maps" / "mixed").glob("exp_squared*"))) == 2


def test_worst_cases_are_kept_with_the_command_that_shows_them(swept):
    worst = results(swept).worst
    lost = worst[(worst.variant == "auto") & (worst.verdict == "spurious_underflow")]
    assert set(lost.quantity) == {"value", "gradient"}
    assert set(lost.op) == {"Exp"}
    assert lost.reason.str.startswith("Exp underflows").all()
    assert lost.source.str.contains("z_exp_z.py").all()
    assert lost.command.str.startswith("argand exact z_exp_z --dtype=complex128 --at=-0x1.6").all()


def test_what_does_not_suit_is_said_and_the_first_plane_is_the_main_one(swept):
    found = results(swept)
    assert found.manifest["left_out"] == {
        "small: z_exp_z, double, axes 1": "it has no component 2, but 0: Re z, 1: Im z"
    }
    assert found.main_planes == found.plane_names == ["small/z_exp_z.complex128.axes-0"]
    assert set(found.summary.over) == {"Re z, Im z"}


def test_a_folder_that_cannot_be_written_is_refused_before_work(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(TargetError, match="cannot be written"):
        sweep([STUDY], tmp_path / "file" / "out")
