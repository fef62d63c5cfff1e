"""`make bench`: the machine's name, what is registered, clones that will not do, the summary."""

import json
import os
import sys

import pandas as pd
from asv.machine import MachineCollection

from argand.timing.notice import Notice
from benchmarks.scripts import bench


def test_asvs_steps_are_shown_and_its_tables_are_kept(tmp_path, monkeypatch, capfd):
    monkeypatch.setattr(bench, "LOG", tmp_path / "log")
    said = "· Creating environments\n[ 5.00%] ··· a.track_gradient_error   ok\n     n   1.2 ms\n"
    command = [sys.executable, "-c", f"print({said!r}); print('asv: error'); raise SystemExit(2)"]
    assert bench._run(command, dict(os.environ)) == 2
    shown = capfd.readouterr().err
    assert "Creating" in shown
    assert "error" in shown
    assert "gradient_error" not in shown
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
