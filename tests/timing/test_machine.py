"""The machine's name, its devices, and where its passport lies."""

from argand.passport import passport
from argand.timing import machine
from argand.timing.machine import (
    PASSPORTS,
    devices,
    machine_name,
    read_passports,
    record_passport,
)


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


def test_devices_are_the_processor_and_the_gpus_that_are_not_hidden(monkeypatch):
    monkeypatch.setattr(machine, "gpus", lambda: [{}, {}])
    for visible, expected in [
        (None, ["CPU:0", "GPU:0", "GPU:1"]), ("0,1", ["CPU:0", "GPU:0", "GPU:1"]),
        ("", ["CPU:0"]), ("-1", ["CPU:0"]),
    ]:  # fmt: skip
        if visible is None:
            monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
        else:
            monkeypatch.setenv("CUDA_VISIBLE_DEVICES", visible)
        assert devices() == expected
