"""The folder of results: whole files only, each carrying the key of what it was made from."""

from __future__ import annotations

import hashlib
import io
import json
import shutil
import socket
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import filelock
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from argand.subject import TargetError

_KEY, _FACTS, _SEAL = "argand.key", "argand.facts", "argand.sha256"
_OPEN = "0" * 64  # in the place of the hash while it is computed
_HASH = "sha256"  # of the rest of a JSON file
_LOCK, _PARTIAL = ".lock", ".partial"
REFERENCES = "references"


class Stop(TargetError):
    """What ends a whole sweep at once, for no other piece could succeed."""


@dataclass(frozen=True)
class Store:
    """Results under ``folder``. A file appears under its name only when it is complete.

    ``mark``: the name of a file in it by which a worker elsewhere knows that folder for this one.
    """

    folder: Path
    mark: str = ""

    @contextmanager
    def opened(self) -> Iterator[None]:
        """Within it only this process sweeps into the folder.

        The folder is made if it is absent. Files that were left half-written are removed, and so
        is the manifest: until a new one is kept, nobody takes the results for finished ones.
        Raises Stop where another sweep is at work, or the folder cannot be written.
        """
        lock = filelock.FileLock(self.folder / _LOCK, timeout=0)
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            lock.acquire()
        except filelock.Timeout as error:
            raise Stop(
                f"another sweep is at work in {self.folder}; wait for it, or choose another folder "
                "with --out"
            ) from error
        except OSError as error:
            raise self._unwritable(self.folder, error) from error
        with lock:
            for left in self.folder.rglob(f".*{_PARTIAL}"):
                left.unlink(missing_ok=True)
            self._write(self.folder / "manifest.json", b"null\n")
            yield

    @contextmanager
    def marked(self) -> Iterator[Store]:
        """This store, with a mark while it lasts. Raises Stop where it cannot be written."""
        mark = f".{uuid4().hex}{_PARTIAL}"
        self._write(self.folder / mark, b"")
        try:
            yield replace(self, mark=mark)
        finally:
            (self.folder / mark).unlink(missing_ok=True)

    def meet(self) -> None:
        """Raise Stop unless the folder of this name that this process sees is the marked one."""
        if self.mark and not (self.folder / self.mark).is_file():
            raise Stop(
                f"{socket.gethostname()} does not see the results in {self.folder}; give --out a "
                "folder on a filesystem that all workers share"
            )

    def has(self, name: str, key: str) -> bool:
        """Whether the table ``name`` is there, whole, made from what ``key`` stands for."""
        try:
            return _opened(self._table(name).read_bytes())[1] == key
        except (OSError, pa.ArrowException, ValueError):
            return False

    def keep(self, name: str, key: str, table: pa.Table, facts: dict[str, Any]) -> None:
        """Write the table with its facts. Raises Stop where the folder cannot be written."""
        self._write(self._table(name), _sealed(table, key, facts))

    def table(self, name: str) -> tuple[pa.Table, dict[str, Any]]:
        """The table ``name`` and its facts. Raises TargetError for a file that is not ours."""
        path = self._table(name)
        try:
            file, _, facts = _opened(path.read_bytes())
            return file.read(), facts
        except (OSError, pa.ArrowException, ValueError) as error:
            raise _damaged(path, error) from error

    def facts(self, name: str) -> dict[str, Any]:
        """The facts of the table ``name``, of which no point is read. Raises TargetError."""
        path = self._table(name)
        try:
            facts: dict[str, Any] = json.loads(_metadata(pq.read_metadata(path), _FACTS))
            return facts
        except (OSError, pa.ArrowException, ValueError) as error:
            raise _damaged(path, error) from error

    def arrays(self, key: str) -> dict[str, np.ndarray] | None:
        """The arrays kept under ``key``, or None."""
        try:
            with np.load(io.BytesIO(self._arrays(key).read_bytes())) as kept:
                return dict(kept)
        except (OSError, ValueError, EOFError, KeyError, zipfile.BadZipFile):
            return None

    def keep_arrays(self, key: str, arrays: dict[str, np.ndarray]) -> None:
        """Write ``arrays`` under ``key``."""
        buffer = io.BytesIO()
        np.savez(buffer, **arrays)  # type: ignore[arg-type]
        self._write(self._arrays(key), buffer.getbuffer())

    def keep_json(self, name: str, content: dict[str, Any]) -> None:
        """Write ``content`` as the file ``name``.json, with a hash of it."""
        content = {key: value for key, value in content.items() if key != _HASH}
        self._write(self.folder / f"{name}.json", _text(content | {_HASH: _hash(content)}))

    def json(self, name: str) -> dict[str, Any] | None:
        """What ``name``.json holds; None where there is none, or not as it was written."""
        content = self._json(name)
        return content if content and content.pop(_HASH, None) == _hash(content) else None

    def manifest(self) -> dict[str, Any] | None:
        """The manifest of a finished sweep, whoever wrote it, or None."""
        return self._json("manifest")

    def _json(self, name: str) -> dict[str, Any] | None:
        try:
            content = json.loads((self.folder / f"{name}.json").read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
        return content if isinstance(content, dict) else None

    def hashes(self, names: Iterable[str]) -> dict[str, str]:
        """The hash of the file of each result. Raises TargetError for one that is gone."""
        return {name: self._sha256(name) for name in names}

    def verify(self, name: str, sha256: str) -> None:
        """Raise TargetError, naming the file, unless it is the one with this hash."""
        if self._sha256(name) != sha256:
            raise TargetError(
                f"{self._path(name)} is not the file that the sweep wrote (another hash); sweep "
                "again"
            )

    def forget_references(self, but: str) -> None:
        """Remove the references of all versions ``but`` one: only code that is gone could ask for
        them. Those of that version stay, where no study asks for them now too."""
        kept = self.folder / REFERENCES / but
        for other in (self.folder / REFERENCES).glob("*"):
            if other.is_dir() and other != kept:
                shutil.rmtree(other, ignore_errors=True)

    def _path(self, name: str) -> Path:
        check = name.startswith("check/")
        return self.folder / f"{name}.json" if check else self._table(name)

    def _sha256(self, name: str) -> str:
        path = self._path(name)
        try:
            with path.open("rb") as file:
                return hashlib.file_digest(file, "sha256").hexdigest()
        except OSError as error:
            raise TargetError(
                f"{path} is gone or cannot be read ({error.strerror or error}); sweep again"
            ) from error

    def _table(self, name: str) -> Path:
        return self.folder / f"{name}.parquet"

    def _arrays(self, key: str) -> Path:
        return self.folder / REFERENCES / f"{key}.npz"

    def _write(self, path: Path, content: bytes | memoryview) -> None:
        partial = path.with_name(f".{uuid4().hex}{_PARTIAL}")
        try:
            if not self.folder.is_dir():  # nor made again: what it held would be missing
                raise FileNotFoundError(2, "the folder of the results is gone")
            path.parent.mkdir(parents=True, exist_ok=True)
            partial.write_bytes(content)
            partial.replace(path)
        except OSError as error:
            raise self._unwritable(path, error) from error
        finally:
            with suppress(OSError):
                partial.unlink(missing_ok=True)

    def _unwritable(self, path: Path, error: OSError) -> Stop:
        return Stop(
            f"{path} cannot be written ({error.strerror or error}); make room, or choose "
            "another folder with --out; sweeping again goes on from what is there"
        )


def _sealed(table: pa.Table, key: str, facts: dict[str, Any]) -> bytes:
    """The file's bytes, among them the hash of all the others."""
    buffer = io.BytesIO()
    with pq.ParquetWriter(
        buffer, table.schema, compression="zstd", write_statistics=False
    ) as writer:
        writer.write_table(table)
        writer.add_key_value_metadata({_KEY: key, _FACTS: json.dumps(facts), _SEAL: _OPEN})
    content = buffer.getvalue()
    return content.replace(_OPEN.encode(), hashlib.sha256(content).hexdigest().encode())


def _opened(content: bytes) -> tuple[pq.ParquetFile, str, dict[str, Any]]:
    """(file, key, facts). Raises ValueError where a byte is not as it was written."""
    file = pq.ParquetFile(io.BytesIO(content))
    seal = _metadata(file.metadata, _SEAL)
    unsealed = content.replace(seal.encode(), _OPEN.encode())
    if hashlib.sha256(unsealed).hexdigest() != seal:
        raise ValueError("it is not as it was written")
    key, facts = (_metadata(file.metadata, name) for name in (_KEY, _FACTS))
    return file, key, json.loads(facts)


def _hash(content: dict[str, Any]) -> str:
    return hashlib.sha256(_text(content)).hexdigest()


def _text(content: dict[str, Any]) -> bytes:
    return (json.dumps(content, indent=1, ensure_ascii=False) + "\n").encode()


def _metadata(of: pq.FileMetaData, name: str) -> str:
    found: bytes | None = (of.metadata or {}).get(name.encode())
    if found is None:
        raise ValueError(f"it has no {name}: argand did not write it")
    return found.decode()


def _damaged(path: Path, error: Exception) -> TargetError:
    words = " ".join(str(error).split())
    return TargetError(
        f"{path} is not a whole result of argand ({type(error).__name__}: {words}); sweep again"
    )
