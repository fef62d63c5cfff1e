"""The shell of a page: templates, style and script, put into one file with its CSVs beside it."""

from __future__ import annotations

import base64
import hashlib
import os
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup

from argand.report.words import number, percent, portable, spaced
from argand.subject import TargetError

_TEMPLATES = Path(__file__).parent / "templates"


def render(template: str, **context: Any) -> str:
    """``template`` as text, with the page's style and script in it; all else is escaped.

    The page's policy allows that script and what the page itself holds, and nothing else.
    """
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "percent": percent, "portable": portable, "spaced": spaced, "short": number,
    }  # fmt: skip
    environment.globals |= {"once": _once(), "fragment": _fragments(environment)}
    environment.globals |= vars(environment.get_template("macros.html").module)
    style, script = (_source(environment, name) for name in ("style.css", "script.js"))
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    policy = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; "
    policy += f"script-src 'sha256-{digest}'"
    text = environment.get_template(template).render(
        style=style, script=script, policy=Markup(policy), **context
    )  # fmt: skip
    return _dense(text)


def _once() -> Callable[[str], Markup]:
    """A function that gives a map's picture as an SVG element, the next time a reference to it."""
    seen: dict[str, str] = {}

    def once(source: str) -> Markup:
        if source in seen:
            return Markup('<use href="#{}"/>').format(seen[source])
        seen[source] = f"i{len(seen)}"
        # Its place is in attributes: where it is used again, Chromium forgets a style sheet's.
        return Markup('<image id="{}" href="{}" x="34" y="4" width="150" height="150"/>').format(
            seen[source], source
        )

    return once


def _fragments(environment: jinja2.Environment) -> Callable[..., Markup]:
    """A function that renders a template's source with its values."""
    compiled = cache(environment.from_string)

    def fragment(source: str, **values: Any) -> Markup:
        return Markup(compiled(source).render(values))

    return fragment


def _source(environment: jinja2.Environment, name: str) -> Markup:
    assert environment.loader is not None
    return Markup(_dense(environment.loader.get_source(environment, name)[0]))


def _dense(text: str) -> str:
    """``text`` without empty lines, which a template leaves by the hundred."""
    return "\n".join(line for line in text.split("\n") if line.strip()) + "\n"


def write(out: Path, text: str, folder: str, files: Mapping[str, str]) -> int:
    """Write the page, and ``files`` (CSV, by name) into ``folder`` beside it.

    Files of an earlier page are removed. Returns the page's size in bytes. Raises TargetError where
    it cannot be written.
    """
    beside = out.parent / folder
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        for old in beside.glob("*.csv"):
            if old.name not in files:
                old.unlink()
        for name, content in files.items():
            _replace(beside / name, content)
        _replace(out, text)
    except OSError as error:
        raise TargetError(f"{out} cannot be written: {error.strerror or error}") from error
    return len(text.encode())


def _replace(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.{os.getpid()}")
    partial.write_text(text, encoding="utf-8", newline="\n")
    partial.replace(path)
