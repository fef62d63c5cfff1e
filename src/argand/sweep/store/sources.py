"""Which source files a Python file reaches by its imports: found by reading them, none is run."""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_MARKS = (".git", "pyproject.toml", "setup.py", "setup.cfg")  # of the root of a project
_INSTALLED = ("site-packages", "dist-packages")


@dataclass(frozen=True)
class Sources:
    """A tree of Python files that is followed.

    ``roots``: the folders in which a module is looked for by its dotted name, first to last.
    ``within``: the folder that bounds the tree; what lies outside, or is installed in it, is not
    part of it. ``left_out``: files that are neither followed nor hashed.
    """

    roots: tuple[Path, ...]
    within: Path
    left_out: Collection[Path] = ()

    def reached(self, files: Iterable[Path]) -> list[Path]:
        """``files`` and all that they reach by their imports, at whatever depth, sorted."""
        left = list(files)
        found = set(left)
        while left:
            for file in self._imported(left.pop()):
                if file not in found and file not in self.left_out and self._owns(file):
                    found.add(file)
                    left.append(file)
        return sorted(found)

    def hash(self, files: Iterable[Path]) -> str:
        """A hash of the names, relative to ``within``, and bytes of all that ``files`` reach."""
        found = hashlib.sha256()
        for file in self.reached(files):
            content = file.read_bytes()
            found.update(f"{file.relative_to(self.within).as_posix()} {len(content)} ".encode())
            found.update(content)
        return found.hexdigest()

    def _owns(self, file: Path) -> bool:
        inside = file.is_relative_to(self.within)
        return inside and not set(_INSTALLED) & set(file.relative_to(self.within).parts)

    def _imported(self, file: Path) -> Iterator[Path]:
        """The files that importing ``file`` runs, but those that they import in turn."""
        yield from _packages(file)
        if file.name == "__init__.py" and _lists_its_folder(file.read_bytes()):
            yield from sorted(file.parent.glob("*.py"))
        for level, names in _names(file.read_bytes()):
            roots = self.roots if level == 0 else file.parents[level - 1 : level]
            for name in names:
                found = _file_of(name, roots)
                if found is not None:
                    yield found


def project_of(file: Path, left_out: Collection[Path] = ()) -> Sources:
    """The sources of the project that ``file`` belongs to: what Python would find from the
    file's folder, from those above it up to the project's root, and from a ``src`` in any of
    them. Of an installed file: its own package. Without a root: from the folder above the
    outermost package."""
    file = file.resolve()
    for above, folder in zip(file.parents[1:], file.parents, strict=False):
        if above.name in _INSTALLED:
            return Sources((above,), folder, left_out)
    packages = [init.parent for init in _packages(file)]
    top = packages[-1].parent if packages else file.parent
    marked = (f for f in file.parents if any((f / mark).exists() for mark in _MARKS))
    root = next(marked, top)
    if not top.is_relative_to(root):
        root = top
    bases = [file.parent, *(f for f in (top, *top.parents) if f.is_relative_to(root))]
    roots = (f for base in bases for f in (base, base / "src"))
    return Sources(tuple(dict.fromkeys(roots)), root, left_out)


def _packages(file: Path) -> Iterator[Path]:
    """The ``__init__.py`` of each package around ``file``, the innermost first."""
    for folder in file.parents:
        init = folder / "__init__.py"
        if not init.is_file():
            return
        yield init


def _file_of(name: str, roots: Sequence[Path]) -> Path | None:
    for root in roots:
        place = root.joinpath(*name.split("."))
        for file in (place / "__init__.py", place.parent / f"{place.name}.py"):
            if file.is_file():
                return file
    return None


@cache
def _names(source: bytes) -> tuple[tuple[int, tuple[str, ...]], ...]:
    """(level, dotted names) of each import in ``source``, wherever it stands; ``level`` counts
    the dots in front. ``from a import b`` may name the module a.b or what a holds: both."""
    found: list[tuple[int, tuple[str, ...]]] = []
    for node in _nodes(source):
        if isinstance(node, ast.Import):
            found.append((0, tuple(alias.name for alias in node.names)))
        elif isinstance(node, ast.ImportFrom):
            own = [node.module] if node.module else []
            below = [".".join([*own, alias.name]) for alias in node.names]
            found.append((node.level, (*own, *below)))
    return tuple(found)


@cache
def _lists_its_folder(source: bytes) -> bool:
    """Whether a package's ``__init__.py`` looks for modules in its folder: it imports what is
    there."""
    words = (getattr(node, "attr", None) or getattr(node, "id", None) for node in _nodes(source))
    return not {"iter_modules", "walk_packages"}.isdisjoint(words)


def _nodes(source: bytes) -> Iterator[ast.AST]:
    try:
        return ast.walk(ast.parse(source))
    except (SyntaxError, ValueError):  # a user's file that Python refuses too
        return iter(())
