"""A tile judges what is wrong as wrong, keeps what it made, and makes again what changed."""

import numpy as np
import pandas as pd
import pytest

from argand.subject import TargetError
from argand.sweep.jobs.job import Outcome, Tile
from argand.sweep.jobs.tile import sweep_tile
from argand.sweep.store.columns import MAP
from argand.sweep.store.counted import summarize
from argand.sweep.store.results import Results
from argand.sweep.store.store import Store
from argand.sweep.study import Study


def tile(target, **fields):
    fields = {"scale": "window", "resolution": 16, "modes": ("eager",), "name": "small"} | fields
    return Tile(Study(subjects=(target,), **fields), target, 1, start=0, stop=16)


@pytest.fixture(scope="module")
def swept(target, tmp_path_factory):
    store = Store(tmp_path_factory.mktemp("results"))
    outcome = sweep_tile(tile(target), store)
    assert outcome == Outcome("maps/small/square.complex128.00000", "made")
    table, facts = store.table(outcome.name)
    return store, table.to_pandas(), facts


def test_the_right_gradient_is_accurate_and_the_forgotten_conjugate_is_not(swept):
    _, points, _ = swept
    verdicts = points.groupby(["variant", "quantity"], observed=True)["verdict"].agg(set)
    assert verdicts["auto", "value"] == {"accurate"}
    assert verdicts["auto", "gradient"] == {"accurate"}
    assert verdicts["published", "value"] == {"accurate"}
    assert "accurate" not in verdicts["published", "gradient"]
    assert "conjugated" in verdicts["published", "gradient"]
    assert len(points) == 16 * 16 * (2 + 2 + 1 + 1)


def test_what_raises_or_does_not_fit_is_said_and_its_value_judged_all_the_same(swept):
    _, points, facts = swept
    errors = {(e["variant"], e["quantity"]): e["error"] for e in facts["errors"]}
    assert errors.keys() == {("raises", "gradient"), ("narrow", "gradient")}
    assert "no gradient here" in errors["raises", "gradient"]
    assert errors["narrow", "gradient"] == "it is complex64, not complex128"
    assert (points[points.variant == "raises"].verdict == "accurate").all()


def test_what_is_kept_is_not_made_again_unless_the_study_differs(swept, target):
    store, _, _ = swept
    assert sweep_tile(tile(target), store).state == "kept"
    assert sweep_tile(tile(target, seed=2), store).state == "made"


def test_a_damaged_file_is_made_again_and_refused_by_readers(swept, target):
    store, _, _ = swept
    name = sweep_tile(tile(target), store).name
    path = store.folder / f"{name}.parquet"
    path.write_bytes(path.read_bytes()[:1000])
    with pytest.raises(TargetError, match="not a whole result"):
        store.table(name)
    assert sweep_tile(tile(target), store).state == "made"


def test_a_variant_that_the_subject_lacks_is_refused(target, tmp_path):
    with pytest.raises(TargetError, match="asks for the variant 'stable'"):
        sweep_tile(tile(target, variants=("stable",)), Store(tmp_path))


def test_a_plane_of_several_tiles_is_whole_and_says_each_error_once(target, tmp_path):
    store, study = Store(tmp_path), tile(target).study
    names = [sweep_tile(Tile(study, target, 1, start=k, stop=k + 8), store).name for k in (0, 8)]
    plane = Results(tmp_path, {"results": store.hashes(names)}).plane("small/square.complex128")
    assert len(plane.points) == 16 * 16 * (2 + 2 + 1 + 1)
    assert plane.points.y.nunique() == 16
    assert sorted(e["variant"] for e in plane.errors) == ["narrow", "raises"]


def test_the_summary_kept_with_tiles_is_that_of_their_points(target, tmp_path):
    store, study = Store(tmp_path), tile(target).study
    names = [sweep_tile(Tile(study, target, 1, start=k, stop=k + 8), store).name for k in (0, 8)]
    whole = Results(tmp_path, {"results": store.hashes(names)})
    for name in names:
        table, facts = store.table(name)
        assert sorted(map(str, facts["summary"])) == sorted(map(str, summarize(table)))
    points = whole.maps.astype(dict.fromkeys([*MAP, "verdict"], str))
    grouped = points.groupby([*MAP, "verdict"], observed=True)
    ends = {f"{a}_{end}": (a, f) for a in "xy" for end, f in (("low", "min"), ("high", "max"))}
    expected = grouped.agg(points=("ulp", "size"), **ends, max_ulp=("ulp", "max"))
    found = whole.summary.set_index([*MAP, "verdict"])[expected.columns]
    assert len(found) == len(expected)
    pd.testing.assert_frame_equal(found.sort_index(), expected.sort_index(), check_dtype=False)
    assert found.points.sum() == len(points)


def test_a_large_plane_is_read_thinned(target, tmp_path):
    store, study = Store(tmp_path), tile(target).study
    rows = ((0, 5), (5, 10), (10, 16))
    names = [sweep_tile(Tile(study, target, 1, start=a, stop=b), store).name for a, b in rows]
    found = Results(tmp_path, {"results": store.hashes(names)})
    (name,) = found.plane_names
    whole, thin = found.plane(name), found.plane(name, every=3)
    assert (thin.x["points"], thin.y["points"]) == (6, 6)
    assert len(thin.points) == 36 * (2 + 2 + 1 + 1)
    kept = whole.points.astype({"x": float, "y": float})
    values = np.sort(kept.y.unique())[::3]
    assert sorted(thin.points.y.astype(float).unique()) == values.tolist()
    every = kept[kept.x.isin(np.sort(kept.x.unique())[::3]) & kept.y.isin(values)]
    np.testing.assert_array_equal(thin.points["ulp"], every["ulp"])
