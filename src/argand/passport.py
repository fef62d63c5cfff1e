"""The machine's passport: what of hardware, system and versions may change a speed or a digit.

It travels with every result, so it holds no host name, no user name and no path.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import os
import platform
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import cpuinfo
import psutil
import pynvml

PACKAGES = ("tensorflow", "numpy", "pandas", "asv", "seaborn", "python-flint", "argand")
CUDA_PACKAGES = ("nvidia-cuda-runtime-cu12", "nvidia-cudnn-cu12", "nvidia-cublas-cu12")
TENSORFLOWS = ("tensorflow", "tensorflow-cpu", "tf-nightly")  # names under which it is published
VECTOR = re.compile(r"(sse4|avx|fma|f16c|amx|asimd|neon|sve)")
VARIABLES = (
    "CUDA_VISIBLE_DEVICES",
    "GOMP_CPU_AFFINITY",
    "KMP_AFFINITY",
    "KMP_BLOCKTIME",
    "LD_PRELOAD",
    "MKL_NUM_THREADS",
    "NPY_DISABLE_CPU_FEATURES",
    "NVIDIA_TF32_OVERRIDE",
    "OMP_NUM_THREADS",
    "OMP_PROC_BIND",
    "ONEDNN_MAX_CPU_ISA",
    "OPENBLAS_CORETYPE",
    "OPENBLAS_NUM_THREADS",
    "TF_ENABLE_ONEDNN_OPTS",
    "TF_FORCE_GPU_ALLOW_GROWTH",
    "TF_GPU_ALLOCATOR",
    "TF_GPU_THREAD_MODE",
    "TF_NUM_INTEROP_THREADS",
    "TF_NUM_INTRAOP_THREADS",
    "TF_XLA_FLAGS",
    "XLA_FLAGS",
)
ABSENT = "(absent)"


def passport() -> dict[str, Any]:
    """This machine and process as a plain dict that JSON can hold, keys always in one order.

    ``memory_gib`` is in GiB, ``cpu.quota`` in cores (None: no limit), versions are None where a
    package is not installed. TensorFlow is not imported.
    """
    return {
        "cpu": {
            **_processor(),
            "threads": _threads(),
            "quota": _quota(),
            "governor": _governor(),
        },
        "memory_gib": round(psutil.virtual_memory().total / 2**30, 1),
        "os": platform.platform(),
        "python": f"{platform.python_implementation()} {platform.python_version()}",
        "versions": {name: _version(name) for name in PACKAGES},
        "gpus": gpus(),
        "cuda_packages": {name: v for name in CUDA_PACKAGES if (v := _version(name))},
        "environment": {v: _without_paths(os.environ[v]) for v in VARIABLES if v in os.environ},
    }


def differences(a: dict[str, Any], b: dict[str, Any]) -> dict[str, tuple[Any, Any]]:
    """The fields in which two passports differ: dotted name → (in ``a``, in ``b``), in order.

    A field that one of them lacks is ``"(absent)"`` there.
    """
    first, second = dict(_fields(a)), dict(_fields(b))
    pairs = {name: (first.get(name, ABSENT), second.get(name, ABSENT)) for name in first | second}
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


def _fields(value: dict[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for name, part in value.items():
        if isinstance(part, dict):
            yield from _fields(part, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", part


@cache  # it starts a process and takes a second
def _processor() -> dict[str, Any]:
    info = cpuinfo.get_cpu_info()
    flags = sorted(info.get("flags", ()))
    return {
        "model": info.get("brand_raw") or platform.processor() or platform.machine(),
        "architecture": platform.machine(),
        "vector_flags": [f for f in flags if VECTOR.match(f)],
        "flags_hash": hashlib.sha256(" ".join(flags).encode()).hexdigest()[:12],
        "physical_cores": psutil.cpu_count(logical=False),
        "logical_cores": psutil.cpu_count(),
    }


def _threads() -> int:
    """Logical cores on which this process may run."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _quota(file: Path = Path("/sys/fs/cgroup/cpu.max")) -> float | None:
    """The container's share of processor time, in cores."""
    try:
        limit, period = file.read_text().split()
    except (OSError, ValueError):
        return None
    return None if limit == "max" else round(int(limit) / int(period), 2)


def _governor(folder: Path = Path("/sys/devices/system/cpu")) -> str | None:
    found = set()
    for file in folder.glob("cpu[0-9]*/cpufreq/scaling_governor"):
        try:
            found.add(file.read_text().strip())
        except OSError:
            continue  # a core that is offline
    return ", ".join(sorted(found)) or None


def _version(package: str) -> str | None:
    for name in TENSORFLOWS if package == "tensorflow" else (package,):
        try:
            return importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            continue
    return None


def gpus() -> list[dict[str, Any]]:
    """The GPUs that NVIDIA's driver lists; none without a driver."""
    try:
        pynvml.nvmlInit()
    except pynvml.NVMLError:  # no NVIDIA driver here
        return []
    try:
        cuda = pynvml.nvmlSystemGetCudaDriverVersion()
        driver = pynvml.nvmlSystemGetDriverVersion()
        handles = map(pynvml.nvmlDeviceGetHandleByIndex, range(pynvml.nvmlDeviceGetCount()))
        return [
            {
                "name": pynvml.nvmlDeviceGetName(handle),
                "memory_gib": round(pynvml.nvmlDeviceGetMemoryInfo(handle).total / 2**30, 1),
                "driver": driver,
                "cuda": f"{cuda // 1000}.{cuda % 1000 // 10}",
            }
            for handle in handles
        ]
    except pynvml.NVMLError as error:
        return [{"name": f"unreadable: {error}"}]
    finally:
        pynvml.nvmlShutdown()


def _without_paths(value: str) -> str:
    """``value`` with every path cut to the file name of a library, else to ``<path>``."""

    def cut(match: re.Match[str]) -> str:
        name = match.group().rsplit("/", 1)[-1]
        return name if ".so" in name else "<path>"

    return re.sub(r"[^\s=:,]*[/\\][^\s=:,]*", cut, value)
