"""`make bench`: the machine's name, what is registered, clones that will not do, the summary."""

import io
import json
import os
import sys

import pandas as pd
import pytest
from asv.machine import MachineCollection
from rich.console import Console

from argand.passport import passport
from argand.timing.asv_results import COLUMNS
from argand.timing.machine import PASSPORTS, machine_name, read_passports, record_passport
from argand.timing.notice import Notice
from argand.timing.terminal import summarise
from benchmarks.scripts import bench


def test_asvs_steps_are_shown_and_its_tables_are_kept(tmp_path, monkeypatch, capfd):
    monkeypatch.setattr(bench, "LOG", tmp_path / "log")
    said = "· Creating environments\n[ 5.00%] ··· a.track_x   ok\n     n   1.2 ms\n"
    command = [sys.executable, "-c", f"print({said!r}); print('asv: error'); raise SystemExit(2)"]
    assert bench._run(command, dict(os.environ)) == 2
    shown = capfd.readouterr().err
    assert "Creating" in shown
    assert "error" in shown
    assert "1.2 ms" not in shown
    assert said in bench.LOG.read_text()


def test_what_is_measured_is_not_measured_again_unless_more_is_asked_for():
    assert "--skip-existing-successful" in bench.asv_run("m", {})
    for wish in ({"ARGAND_SIZES": "10000000"}, {"ARGAND_SECONDS": "600"}):
        command = bench.asv_run("m", wish)
        assert "--skip-existing-successful" not in command
        assert "--quick" in command
    assert "10000000" in bench.asv_run("m", {"ARGAND_SIZES": "10000000"})[-1]


def test_progress_is_shown_and_what_is_to_be_told_is_kept(capfd):
    refused = Notice("no time", "wrong", ("z_exp_z", "stable", "complex64"))
    with bench._progress() as (file, kept), open(file, "a") as out:
        out.write(Notice("progress", "1 s  z_exp_z").line() + refused.line())
        out.flush()
    assert "measuring 1 s  z_exp_z" in capfd.readouterr().err
    assert kept == [refused]


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


def row(quantity, variant, value, low=None, high=None, state="measured", size=1000,
        mode="xla", dtype="complex128"):  # fmt: skip
    values = {
        "subject": "z_exp_z", "dtype": dtype, "mode": mode, "device": "CPU:0",
        "quantity": quantity, "variant": variant, "value": value, "low": low, "high": high,
        "size": size, "samples": 30, "state": state,
    }  # fmt: skip
    return {c: values.get(c) for c in COLUMNS}


def shown(rows):
    console = Console(width=100, record=True, file=io.StringIO())
    console.print(summarise(pd.DataFrame(rows, columns=list(COLUMNS))))
    return console.export_text()


def test_the_summary_answers_in_one_line_a_subject():
    text = shown(
        [
            row("time", "auto", 2e-3),
            row("time", "stable", 1.7e-3),
            row("time", "auto", 7e-3, size=1),
            row("time", "auto", 8e-3, mode="eager"),
            row("time", "auto", 9e-3, dtype="complex64"),
            row("ratio", "auto", 1.0, 0.98, 1.02),
            row("ratio", "custom", 0.8, 0.75, 0.85),
            row("ratio", "custom", 0.33, 0.3, 0.4, mode="eager"),
            row("ratio", "stable", 0.9, 0.5, 1.3),
            row("over_floor", "stable", 1.23),
            row("stream_share", "stable", 0.456),
            row("failing", "custom", 3, mode="eager"),
        ]
    )
    (line,) = [line for line in text.splitlines() if line.strip().startswith("z_exp_z")]
    words = "z_exp_z xla 2 0.80 [0.75 0.85] − 0.90 [0.50 1.30] ?934 ×1.23 46 %"
    assert line.split() == words.split()
    assert "1 pairs, 0 called different" in text
    assert "z_exp_z custom 3" in text


def test_twenty_subjects_with_long_names_are_readable_at_100_columns():
    rows = [
        row("time", "auto", 123e-3), row("ratio", "custom", 10.55, 0.12, 11.99),
        row("ratio", "stable", 10.55, 0.12, 11.99), row("over_floor", "auto", 12.34),
        row("stream_share", "auto", 0.99),
    ]  # fmt: skip
    text = shown([{**r, "subject": f"a_subject_named_{i:03}"} for i in range(20) for r in rows])
    assert all(f"a_subject_named_{i:03}" in text for i in range(20))
    assert "…" not in text


def test_a_control_that_fails_and_a_variant_without_a_time_are_told():
    text = shown(
        [
            row("time", "auto", 2e-3),
            row("ratio", "auto", 1.2, 1.1, 1.3),
            row("time", "stable", None, state="failed"),
        ]
    )
    assert "1 pairs, 1 called different" in text
    assert "no time: z_exp_z stable complex128" in text


@pytest.mark.parametrize("rows", [[], [row("time", "auto", None, None, None, state="failed")]])
def test_the_summary_of_nothing_says_so(rows):
    text = shown(rows)
    assert "no times" in text
    assert "0 pairs" in text
    assert "nan" not in text


def test_only_variants_without_time_are_no_failure():
    cells = pd.DataFrame(
        {"subject": ["sqrt", "log"], "variant": "auto", "dtype": "complex64"}
    ).assign(state=["failed", "measured"])
    wrong = Notice("no time", "the gradient is wrong", ("sqrt", "auto", "complex64"))
    told = [wrong, Notice("skipped", "2 cells")]
    assert bench.only_refused(cells, told)
    assert not bench.only_refused(cells, told[1:])
    assert not bench.only_refused(cells.assign(state="failed"), told)
    assert not bench.only_refused(cells.assign(state="measured"), told)
