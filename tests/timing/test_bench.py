"""`make bench`: the machine's name, what is registered, clones that will not do, the summary."""

import io
import json
import shutil
import subprocess

import pandas as pd
import pytest
from asv.machine import MachineCollection
from rich.console import Console

from argand.passport import passport
from argand.subject import TargetError
from argand.timing import bench
from argand.timing.asv_results import COLUMNS
from argand.timing.machine import PASSPORTS, machine_name, read_passports, record_passport
from argand.timing.summary import summarise

git = shutil.which("git")
needs_git = pytest.mark.skipif(git is None, reason="asv itself needs git")


def commit(folder):
    run = ["git", "-c", "user.name=a", "-c", "user.email=a@example.invalid", "-C", str(folder)]
    subprocess.run([*run, "init", "-q"], check=True)
    for message in ("one", "two"):
        subprocess.run([*run, "commit", "-q", "--allow-empty", "-m", message], check=True)


@needs_git
def test_a_shallow_clone_gets_one_clear_line(tmp_path, monkeypatch):
    (tmp_path / "whole").mkdir()
    commit(tmp_path / "whole")
    clone = ["git", "clone", "-q", "--depth", "1", f"file://{tmp_path}/whole", f"{tmp_path}/cut"]
    subprocess.run(clone, check=True)
    monkeypatch.chdir(tmp_path / "cut")
    with pytest.raises(TargetError, match="git fetch --unshallow") as refusal:
        bench.head()
    assert "\n" not in str(refusal.value)
    monkeypatch.chdir(tmp_path / "whole")
    assert len(bench.head()) == 40


@needs_git
def test_outside_a_clone_git_says_so(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    with pytest.raises(TargetError, match="not a git repository"):
        bench.head()


def test_a_machine_is_registered_once_under_its_own_name(tmp_path, monkeypatch):
    file = tmp_path / "machines.json"
    monkeypatch.setattr(MachineCollection, "get_machine_file_path", lambda: str(file))
    assert bench.register("a-processor-2-threads") == "a-processor-2-threads"
    known = json.loads(file.read_text())["a-processor-2-threads"]
    assert known["machine"] == "a-processor-2-threads"
    before = file.read_text()
    bench.register("a-processor-2-threads")
    assert file.read_text() == before


def test_the_name_tells_the_hardware():
    here = passport()
    here["cpu"] |= {"model": "Some(R) CPU @ 3 GHz", "threads": 4, "flags_hash": "abcdef012345"}
    here["gpus"] = []
    assert machine_name(here) == "some-r-cpu-3-ghz-4-threads-abcd"
    here["gpus"] = [{"name": "NVIDIA H100"}]
    assert machine_name(here) == "some-r-cpu-3-ghz-4-threads-abcd-nvidia-h100"


def test_the_passport_lies_beside_the_results_of_its_commit(tmp_path):
    record_passport(tmp_path, "c0ffee")
    record_passport(tmp_path, "decade")
    found = read_passports(tmp_path)
    name = machine_name(passport())
    assert set(found) == {(name, "c0ffee"), (name, "decade")}
    assert found[name, "decade"] == passport()
    assert not PASSPORTS.endswith(".json")


def row(quantity, variant, value, low, high, state="measured", size=1000):
    values = {
        "subject": "z_exp_z", "dtype": "complex64", "mode": "xla", "device": "CPU:0",
        "quantity": quantity, "variant": variant, "value": value, "low": low, "high": high,
        "size": size, "samples": 30, "state": state,
    }  # fmt: skip
    return {c: values.get(c) for c in COLUMNS}


def shown(rows):
    console = Console(width=80, record=True, file=io.StringIO())
    console.print(summarise(pd.DataFrame(rows, columns=list(COLUMNS))))
    return console.export_text()


def test_the_summary_shows_the_largest_size_verdicts_and_the_control():
    text = shown(
        [
            row("time", "auto", 2e-3, 1.9e-3, 2.1e-3),
            row("time", "auto", 7e-3, 7e-3, 7e-3, size=1),
            row("ratio", "auto", 1.0, 0.98, 1.02),
            row("ratio", "custom", 0.8, 0.75, 0.85),
            row("floor", "exp_copy", 1e-3, 1e-3, 1e-3),
            row("time", "stable", None, None, None, state="failed"),
        ]
    )
    assert "×0.80 −" in text
    assert " 2 " in text
    assert "7" not in text.split("control")[0].replace("1,000", "")
    assert "1 pairs, 0 called different" in text
    assert "no time: z_exp_z stable complex64" in text


@pytest.mark.parametrize("rows", [[], [row("time", "auto", None, None, None, state="failed")]])
def test_the_summary_of_nothing_says_so(rows):
    text = shown(rows)
    assert "no times" in text
    assert "0 pairs" in text
    assert "nan" not in text
