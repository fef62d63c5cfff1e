"""The passport names what changes a speed, and nothing that names a person or a place."""

import getpass
import json
import os
import platform
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from argand import passport as module
from argand.passport import differences, passport


def test_it_survives_json_and_keeps_its_order():
    first, second = passport(), passport()
    assert json.loads(json.dumps(first)) == first == second
    assert json.dumps(first) == json.dumps(second)


def test_it_describes_this_machine():
    here = passport()
    assert here["cpu"]["threads"] == len(os.sched_getaffinity(0))
    assert 1 <= here["cpu"]["threads"] <= here["cpu"]["logical_cores"]
    assert here["cpu"]["vector_flags"] == sorted(here["cpu"]["vector_flags"])
    assert len(here["cpu"]["flags_hash"]) == 12
    assert here["versions"]["numpy"] == np.__version__
    assert set(here["versions"]) == set(module.PACKAGES)
    assert here["memory_gib"] > 0
    assert platform.python_version() in here["python"]


def test_it_names_no_host_no_user_and_no_path(monkeypatch):
    monkeypatch.setenv("XLA_FLAGS", f"--xla_dump_to={Path.home()}/dump --xla_cpu_use_fusion=true")
    monkeypatch.setenv("LD_PRELOAD", "/opt/lib/libtcmalloc.so.4")
    here = passport()
    assert here["environment"]["XLA_FLAGS"] == "--xla_dump_to=<path> --xla_cpu_use_fusion=true"
    assert here["environment"]["LD_PRELOAD"] == "libtcmalloc.so.4"
    values = [str(there) for there, _ in differences(here, {}).values()]
    assert not [v for v in values if "/" in v]
    assert {getpass.getuser(), platform.node()}.isdisjoint(values)


def test_only_variables_that_are_set_are_listed(monkeypatch):
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    assert "OMP_NUM_THREADS" not in passport()["environment"]
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    assert passport()["environment"]["OMP_NUM_THREADS"] == "1"


def test_differences_name_each_field_with_both_values(monkeypatch):
    here = passport()
    assert differences(here, here) == {}
    there = json.loads(json.dumps(here))
    there["cpu"]["model"] = "another"
    there["versions"]["numpy"] = "0"
    there["environment"]["OMP_PLACES"] = "cores"
    assert differences(here, there) == {
        "cpu.model": (here["cpu"]["model"], "another"),
        "versions.numpy": (np.__version__, "0"),
        "environment.OMP_PLACES": ("(absent)", "cores"),
    }


def test_gpus_are_read_from_nvml(monkeypatch):
    monkeypatch.setattr(module.pynvml, "nvmlInit", lambda: None)
    monkeypatch.setattr(module.pynvml, "nvmlShutdown", lambda: None)
    monkeypatch.setattr(module.pynvml, "nvmlSystemGetCudaDriverVersion", lambda: 12040)
    monkeypatch.setattr(module.pynvml, "nvmlSystemGetDriverVersion", lambda: "550.54")
    monkeypatch.setattr(module.pynvml, "nvmlDeviceGetCount", lambda: 1)
    monkeypatch.setattr(module.pynvml, "nvmlDeviceGetHandleByIndex", lambda i: i)
    monkeypatch.setattr(module.pynvml, "nvmlDeviceGetName", lambda handle: "H100")
    monkeypatch.setattr(
        module.pynvml, "nvmlDeviceGetMemoryInfo", lambda handle: SimpleNamespace(total=80 * 2**30)
    )
    assert passport()["gpus"] == [
        {"name": "H100", "memory_gib": 80.0, "driver": "550.54", "cuda": "12.4"}
    ]


def test_without_a_driver_there_are_no_gpus(monkeypatch):
    def refuse():
        raise module.pynvml.NVMLError(module.pynvml.NVML_ERROR_LIBRARY_NOT_FOUND)

    monkeypatch.setattr(module.pynvml, "nvmlInit", refuse)
    assert passport()["gpus"] == []


@pytest.mark.parametrize(
    ("text", "cores"), [("max 100000", None), ("150000 100000", 1.5), ("odd", None)]
)
def test_a_container_quota_is_in_cores(tmp_path, text, cores):
    (tmp_path / "cpu.max").write_text(text)
    assert module._quota(tmp_path / "cpu.max") == cores


def test_governors_of_all_cores_are_named_once(tmp_path):
    for i, name in enumerate(["performance", "powersave", "performance"]):
        folder = tmp_path / f"cpu{i}" / "cpufreq"
        folder.mkdir(parents=True)
        (folder / "scaling_governor").write_text(f"{name}\n")
    assert module._governor(tmp_path) == "performance, powersave"
    assert module._governor(tmp_path / "nothing") is None


def test_tensorflow_is_not_imported():
    code = "import sys; from argand.passport import passport as p; p(); print(*sys.modules)"
    modules = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert modules.returncode == 0, modules.stderr
    assert "tensorflow" not in modules.stdout.split()
