"""The machine under its asv name, which tells hardware and never the host, and its passport."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any

from argand.passport import gpus, passport

PASSPORTS = "passport.jsonl"  # asv reads every .json file in the folder as results


def machine_name(of: dict[str, Any]) -> str:
    """A name for the hardware that a passport describes: processor, threads and GPUs.

    Processors that give themselves the same name differ in the hash of their flags.
    """
    cpu = of["cpu"]
    words = [cpu["model"], str(cpu["threads"]), "threads", cpu["flags_hash"][:4]]
    words += [gpu["name"] for gpu in of["gpus"]]
    return re.sub(r"[^a-z0-9]+", "-", " ".join(words).lower()).strip("-")


def devices() -> list[str]:
    """TensorFlow's names of the devices of this machine: the processor, and each GPU that the
    driver lists.

    TensorFlow is not imported to ask; it may have fewer.
    """
    hidden = os.environ.get("CUDA_VISIBLE_DEVICES", "all").strip() in ("", "-1")
    count = 0 if hidden else len(gpus())
    return ["CPU:0", *(f"GPU:{i}" for i in range(count))]


def record_passport(results: Path, commit: str) -> None:
    """Add this machine's passport, as one line of JSON, to its folder under asv's ``results``."""
    here = passport()
    folder = results / machine_name(here)
    folder.mkdir(parents=True, exist_ok=True)
    with open(folder / PASSPORTS, "a") as file:
        print(json.dumps({"commit": commit, "passport": here}), file=file)


def read_passports(results: Path) -> dict[tuple[str, str], dict[str, Any]]:
    """The passport of each (machine, commit) under ``results``: the last one recorded."""
    found = {}
    for file in sorted(results.glob(f"*/{PASSPORTS}")):
        for line in file.read_text().splitlines():
            row = json.loads(line)
            found[file.parent.name, row["commit"]] = row["passport"]
    return found
