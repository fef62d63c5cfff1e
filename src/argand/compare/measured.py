"""What one machine measured, as a folder of files: its passport, times, and results at points."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa

from argand.subject import TargetError

FORMAT = 1
FACTS, TIMES, POINTS, RESULTS = "measured.json", "times.csv", "points.parquet", "results.parquet"

CELL = ["subject", "variant", "dtype", "mode", "size", "device", "quantity"]
TIME = [*CELL, "value", "low", "high", "samples", "unit", "state"]
PLACE = ["subject", "dtype", "variant", "mode", "device", "quantity", "by"]
RESULT = [*PLACE, "point", "computed", "ulp", "verdict"]
POINT = ["subject", "dtype", "point", "input", "upstream"]
_NEEDED = ("format", "passport", "suite", "formulas", "points")


@dataclass(frozen=True)
class Measured:
    """What one machine measured.

    ``facts`` has the format, the commit, the passport, ``suite`` (the version of what is timed),
    and by subject and dtype hashes of its formula (``formulas``) and of its points (``points``).
    ``times`` has the columns TIME, values in ``unit``. ``points`` has the columns POINT, numbers in
    hexadecimal; ``results`` the columns RESULT: what was computed there (hexadecimal), its error in
    ulp and its verdict.
    """

    name: str
    facts: dict[str, Any]
    times: pd.DataFrame
    points: pd.DataFrame
    results: pd.DataFrame

    @property
    def passport(self) -> dict[str, Any]:
        """The machine's passport."""
        return dict(self.facts["passport"])

    def keep(self, folder: Path) -> None:
        """Write the folder. Raises TargetError where it cannot be written."""
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self.times[TIME].to_csv(folder / TIMES, index=False, float_format="%.6g")
            self.points[POINT].to_parquet(folder / POINTS, compression="zstd", index=False)
            self.results[RESULT].to_parquet(folder / RESULTS, compression="zstd", index=False)
            # Last: a folder without facts is no measurement.
            text = json.dumps(self.facts, indent=1, ensure_ascii=False) + "\n"
            (folder / FACTS).write_text(text, encoding="utf-8")
        except OSError as error:
            raise TargetError(f"{folder} cannot be written: {error.strerror or error}") from error


def read(folder: Path) -> Measured:
    """The measurement that is kept in ``folder``; its name is the folder's.

    Raises TargetError for a file that is missing, damaged or of another format, naming it.
    """
    facts = _facts(folder / FACTS)
    times = _table(folder / TIMES, TIME, pd.read_csv)
    points = _table(folder / POINTS, POINT, pd.read_parquet)
    results = _table(folder / RESULTS, RESULT, pd.read_parquet)
    try:
        times = times.astype({"size": "Int64", "value": float, "low": float, "high": float})
    except (TypeError, ValueError) as error:
        raise TargetError(f"{folder / TIMES} is damaged ({error}); measure again") from error
    return Measured(folder.resolve().name, facts, times, points, results)


def _facts(path: Path) -> dict[str, Any]:
    try:
        facts: Any = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise TargetError(
            f"{path.parent} holds no measurement ({path.name} is missing); make one with "
            "argand measure"
        ) from error
    except (OSError, ValueError) as error:
        raise TargetError(f"{path} cannot be read ({error}); measure again") from error
    lacking = [k for k in _NEEDED if not isinstance(facts, dict) or k not in facts]
    if lacking:
        raise TargetError(f"{path} is not argand's: it lacks {', '.join(lacking)}")
    if facts["format"] != FORMAT:
        raise TargetError(
            f"{path} has format {facts['format']}, this argand reads {FORMAT}; measure again, or "
            "use the argand that wrote it"
        )
    return dict(facts)


def _table(path: Path, columns: list[str], load: Any) -> pd.DataFrame:
    try:
        table = load(path)
    except (OSError, ValueError, pa.ArrowException, pd.errors.ParserError) as error:
        words = " ".join(str(error).split())
        raise TargetError(f"{path} cannot be read ({words}); measure again") from error
    lacking = [c for c in columns if c not in table]
    if lacking:
        raise TargetError(f"{path} is not argand's: it lacks the columns {', '.join(lacking)}")
    return table[columns]
