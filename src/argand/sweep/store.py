"""The folder of results: whole files only, each carrying the key of what it was made from."""

from __future__ import annotations

import json
import os
import zipfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from argand.subject import TargetError

_KEY, _FACTS = b"argand.key", b"argand.facts"


@dataclass(frozen=True)
class Store:
    """Results under ``folder``. A file appears under its name only when it is complete."""

    folder: Path

    def begin(self) -> None:
        """Make the folder, and take back its manifest: until a new one is written the results
        are not whole. Raises TargetError where the folder cannot be written."""
        self.keep_json("manifest", None)

    def has(self, name: str, key: str) -> bool:
        """Whether the table ``name`` is there, made from what ``key`` stands for."""
        try:
            metadata = pq.read_schema(self._table(name)).metadata or {}
        except (OSError, pa.ArrowInvalid):
            return False
        return metadata.get(_KEY) == key.encode()

    def keep(self, name: str, key: str, table: pa.Table, facts: dict[str, Any]) -> None:
        """Write the table with its facts. Raises TargetError where the folder cannot be written."""
        text = json.dumps(facts, sort_keys=True).encode()
        table = table.replace_schema_metadata({_KEY: key.encode(), _FACTS: text})
        self._write(self._table(name), lambda f: pq.write_table(table, f, compression="zstd"))

    def table(self, name: str) -> tuple[pa.Table, dict[str, Any]]:
        """The table ``name`` and its facts. Raises TargetError for a file that is not ours."""
        path = self._table(name)
        try:
            table = pq.read_table(path)
            return table, json.loads(table.schema.metadata[_FACTS])
        except (OSError, pa.ArrowInvalid, KeyError, TypeError, ValueError) as error:
            words = " ".join(str(error).split())
            raise TargetError(
                f"{path} is not a whole result of argand ({type(error).__name__}: {words}); "
                "remove it and sweep again"
            ) from error

    def facts(self, name: str) -> dict[str, Any]:
        """The facts of the table ``name``, of which no point is read. Raises TargetError."""
        path = self._table(name)
        try:
            return json.loads((pq.read_schema(path).metadata or {})[_FACTS])
        except (OSError, pa.ArrowInvalid, KeyError, ValueError) as error:
            raise TargetError(f"{path} is gone or not argand's; sweep again") from error

    def arrays(self, key: str) -> dict[str, np.ndarray] | None:
        """The arrays kept under ``key``, or None."""
        try:
            with np.load(self._arrays(key)) as kept:
                return dict(kept)
        except (OSError, ValueError, EOFError, zipfile.BadZipFile):
            return None

    def keep_arrays(self, key: str, arrays: dict[str, np.ndarray]) -> None:
        """Write ``arrays`` under ``key``."""
        self._write(self._arrays(key), lambda f: np.savez(f, **arrays))  # type: ignore[arg-type]

    def keep_json(self, name: str, content: Any) -> None:
        """Write ``content`` as the file ``name``.json."""
        text = json.dumps(content, indent=1, ensure_ascii=False) + "\n"
        self._write(self.folder / f"{name}.json", lambda f: f.write(text.encode()))

    def json(self, name: str) -> Any:
        """What ``name``.json holds; None where there is none that can be read."""
        try:
            return json.loads((self.folder / f"{name}.json").read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None

    def _table(self, name: str) -> Path:
        return self.folder / f"{name}.parquet"

    def _arrays(self, key: str) -> Path:
        return self.folder / "references" / f"{key}.npz"

    def _write(self, path: Path, write: Callable[[IO[bytes]], object]) -> None:
        partial = path.with_name(f".{path.name}.{os.getpid()}")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with partial.open("wb") as file:
                write(file)
            partial.replace(path)
        except OSError as error:
            with suppress(OSError):
                partial.unlink()
            raise TargetError(
                f"{path} cannot be written ({error.strerror or error}); make room, or choose "
                "another folder with --out"
            ) from error
