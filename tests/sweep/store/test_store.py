"""The folder of results: only whole files, of which every byte is as it was written; and one
clear line where it cannot be written."""

import ctypes
import os
import resource
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

import cheap
import numpy as np
import pyarrow as pa
import pytest

from argand.subject import TargetError
from argand.sweep.store.results import results
from argand.sweep.store.store import Stop, Store

TABLE = pa.table({"x": np.arange(500) % 7})


@pytest.fixture
def store(tmp_path):
    made = Store(tmp_path / "out")
    with made.opened():
        made.keep("maps/a", "key", TABLE, {"study": "s"})
    return made


def test_what_is_kept_is_had_for_its_key_only_and_reads_back(store):
    assert store.has("maps/a", "key")
    assert not store.has("maps/a", "another")
    assert not store.has("maps/b", "key")
    table, facts = store.table("maps/a")
    assert table.equals(TABLE)
    assert facts == store.facts("maps/a") == {"study": "s"}


def test_no_byte_can_change_unseen(store):
    path = store.folder / "maps/a.parquet"
    whole = path.read_bytes()
    for place in range(0, len(whole), 3):
        damaged = bytearray(whole)
        damaged[place] ^= 1 << place % 8
        path.write_bytes(damaged)
        assert not store.has("maps/a", "key"), place
        with pytest.raises(TargetError, match=r"maps/a\.parquet is not a whole result"):
            store.table("maps/a")


@pytest.mark.parametrize("damage", ["gone", "cut", "another"])
def test_a_result_that_is_not_the_file_that_the_sweep_wrote_is_named(tmp_path, damage):
    cheap.sweep(tmp_path, cheap.tiles(count=3))
    path = tmp_path / "maps/cheap/right.00001.parquet"
    whole = results(tmp_path)
    if damage == "gone":
        path.unlink()
    elif damage == "cut":
        path.write_bytes(path.read_bytes()[:-9])
    else:
        path.write_bytes((tmp_path / "maps/cheap/right.00002.parquet").read_bytes())
    with pytest.raises(TargetError, match=r"right\.00001\.parquet is "):
        whole.plane("cheap/right")
    with pytest.raises(TargetError, match=r"right\.00001\.parquet is "):
        whole.summary  # noqa: B018
    if damage != "gone":  # it is not taken for good by the next sweep
        assert cheap.sweep(tmp_path, cheap.tiles(count=3)) == {"made": 1, "kept": 2}


@pytest.mark.parametrize("length", [0, 1, 100, -1])
def test_a_truncated_file_is_none(store, length):
    path = store.folder / "maps/a.parquet"
    path.write_bytes(path.read_bytes()[:length])
    assert not store.has("maps/a", "key")


def test_a_foreign_file_is_named(store):
    import pyarrow.parquet as pq

    pq.write_table(TABLE, store.folder / "maps/a.parquet")
    assert not store.has("maps/a", "key")
    for read in (store.table, store.facts):
        with pytest.raises(TargetError, match="argand did not write it"):
            read("maps/a")


def test_json_that_was_changed_is_none(store):
    store.keep_json("check/f", {"findings": [], "key": "k"})
    assert store.json("check/f") == {"findings": [], "key": "k"}
    path = store.folder / "check/f.json"
    for text in (path.read_text().replace("k", "l"), "null", "[1]", "{", ""):
        path.write_text(text)
        assert store.json("check/f") is None


def test_damaged_references_are_computed_again(store):
    store.keep_arrays("v/k", {"value": np.arange(100.0)})
    path = store.folder / "references/v/k.npz"
    whole = path.read_bytes()
    assert store.arrays("v/k")["value"].sum() == 4950
    for damaged in (whole[:-1], whole[:50], b"", whole[:400] + b"\1" + whole[401:]):
        path.write_bytes(damaged)
        assert store.arrays("v/k") is None


def test_references_that_only_former_code_could_ask_for_are_removed(store):
    for version in ("old", "new"):
        store.keep_arrays(f"{version}/k", {"value": np.ones(1)})
    store.forget_references("new")
    assert [p.name for p in (store.folder / "references").iterdir()] == ["new"]


def test_two_sweeps_into_one_folder_at_once_are_refused(store):
    with store.opened():
        with pytest.raises(Stop, match="another sweep is at work"), store.opened():
            pass
        with pytest.raises(Stop, match="another sweep is at work"):
            cheap.sweep(store.folder, cheap.tiles())
    cheap.sweep(store.folder, cheap.tiles(count=1))  # it is free again


def test_what_was_left_half_written_is_cleared_away(store):
    left = store.folder / "maps" / ".0123.partial"
    left.write_bytes(b"half")
    with store.opened():
        assert not left.exists()


def test_a_folder_that_goes_away_meanwhile_is_not_made_again(store):
    def remove(what, done, total):
        shutil.rmtree(store.folder, ignore_errors=True)

    steps = []
    with pytest.raises(Stop, match="the folder of the results is gone") as refusal:
        cheap.sweep(store.folder, cheap.tiles(), progress=lambda *s: (steps.append(s), remove(*s)))
    assert "\n" not in str(refusal.value)
    assert len(steps) < 10  # it does not fail a hundred times
    assert not store.folder.exists()


def test_a_worker_that_sees_another_folder_is_told(store, tmp_path):
    with store.marked() as marked:
        marked.meet()
        with pytest.raises(Stop, match="does not see the results"):
            Store(tmp_path, marked.mark).meet()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_an_unwritable_folder_is_refused(tmp_path):
    tmp_path.chmod(0o500)
    with pytest.raises(Stop, match="Permission denied"):
        cheap.sweep(tmp_path / "out", cheap.tiles())


def test_a_limit_on_the_size_of_files_is_one_line_and_nothing_half_written(tmp_path):
    code = textwrap.dedent(
        f"""
        import resource, cheap
        from argand.subject import TargetError
        if __name__ == "__main__":
            resource.setrlimit(resource.RLIMIT_FSIZE, (4096, {resource.RLIM_INFINITY}))
            try:
                cheap.sweep({str(tmp_path / "out")!r}, cheap.tiles())
            except TargetError as error:
                print(error)
        """
    )
    (tmp_path / "limited.py").write_text(code)
    environment = os.environ | {
        "PYTHONPATH": f"{Path(cheap.__file__).parent}:{os.environ.get('PYTHONPATH', '')}"
    }
    done = subprocess.run(
        [sys.executable, tmp_path / "limited.py"], env=environment, capture_output=True, text=True
    )
    assert done.stdout.count("\n") == 1, done.stderr
    assert "cannot be written (File too large); make room" in done.stdout
    assert not list((tmp_path / "out").rglob("*.parquet"))


@pytest.fixture
def tiny(tmp_path):
    """A file system of 256 KiB."""
    folder = tmp_path / "tiny"
    folder.mkdir()
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.mount(b"none", os.fsencode(folder), b"tmpfs", 0, b"size=256k"):
        pytest.skip(f"no file system can be mounted here: {os.strerror(ctypes.get_errno())}")
    yield folder
    libc.umount2(os.fsencode(folder), 2)


def test_a_full_disk_is_one_line_and_what_was_whole_is_still_there(tiny):
    steps = []
    with pytest.raises(Stop, match=r"cannot be written \(No space left on device\)") as refusal:
        cheap.sweep(tiny / "out", cheap.tiles(), progress=lambda *step: steps.append(step))
    assert "\n" not in str(refusal.value)
    assert 2 < len(steps) < cheap.JOBS / 2
    there = list((tiny / "out").rglob("*.parquet"))
    assert len(there) >= len(steps)
    for path in there:
        Store(tiny / "out").table(str(path.relative_to(tiny / "out").with_suffix("")))
    with pytest.raises(TargetError, match="no finished sweep"):
        results(tiny / "out")
