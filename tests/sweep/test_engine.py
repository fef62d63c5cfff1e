"""A sweep over processes: reproducible, resumable, and plain about what it cannot do."""

import json
from pathlib import Path

import pytest

from argand.subject import TargetError
from argand.sweep.engine import sweep
from argand.sweep.results import results
from argand.sweep.study import Study

STUDY = Study(
    scale="frontier",
    resolution=255,
    subjects=("z_exp_z",),
    modes=("graph",),
    dtypes=("complex128",),
    name="small",
)


def files(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


@pytest.fixture(scope="module")
def swept(tmp_path_factory):
    folder = tmp_path_factory.mktemp("swept")
    steps = []
    count = sweep([STUDY], folder, 2, lambda what, done, total: steps.append((done, total)))
    assert count == {"made": 3}
    assert steps == [(k, 5) for k in range(1, 6)]
    return folder


def test_a_second_sweep_makes_only_what_is_missing_and_ends_in_the_same_bytes(swept):
    before = files(swept)
    missing = next(swept.rglob("maps/small/*.parquet"))
    missing.unlink()
    assert sweep([STUDY], swept, 1) == {"made": 1, "kept": 2}
    assert files(swept) == before


def test_the_map_of_z_exp_z_shows_what_its_algebra_says(swept):
    summary = results(swept).summary
    gradient = summary[summary.quantity == "gradient"]

    def share(variant, verdict):
        return gradient[(gradient.variant == variant) & (gradient.verdict == verdict)].points.sum()

    assert share("published", "conjugated") > 0
    assert share("auto", "conjugated") == share("custom", "conjugated") == 0
    overflow = gradient[(gradient.verdict == "overflow") & (gradient.variant == "custom")]
    assert (overflow.x_low > 703).all()  # |z|·e^(Re z) leaves the range from Re z = 703.2
    lost = gradient[(gradient.verdict == "spurious_underflow") & (gradient.variant == "custom")]
    assert lost.x_low.item() < -708
    assert share("stable", "spurious_underflow") == 0


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
    with pytest.raises(TargetError, match=r"5 of 10 pieces failed.*Igamma.*mine\.py:5"):
        sweep([study], tmp_path / "out", 2)
    assert len(list((tmp_path / "out" / "maps" / "mixed").glob("exp_squared*"))) == 2


def test_a_folder_that_cannot_be_written_is_refused_before_work(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(TargetError, match="cannot be written"):
        sweep([STUDY], tmp_path / "file" / "out")
