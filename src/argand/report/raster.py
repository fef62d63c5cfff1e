"""Dense maps as small PNGs of few colours, and the axes around them in the page's own SVG."""

from __future__ import annotations

import base64
import io
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from matplotlib.ticker import MaxNLocator
from PIL import Image

from argand.floats import ordinals

SIDE = 128  # pixels along each side of a map, at most


@dataclass(frozen=True)
class Tick:
    """``at`` is the share of the axis's length at which ``words`` stand."""

    at: float
    words: str


@dataclass(frozen=True)
class Axes:
    """The ticks and labels that the maps of one plane share."""

    x: list[Tick]
    y: list[Tick]
    x_label: str
    y_label: str


@dataclass(frozen=True)
class Raster:
    """A map as a picture: ``source`` for an image's href, its caption, and what it says in words.

    ``marks`` stand on it: (share of the width, share of the height, glyph, whether the glyph is
    white).
    """

    source: str
    title: str
    alt: str
    marks: list[tuple[float, float, str, bool]] = field(default_factory=list)


def png(indices: np.ndarray, colours: Sequence[str]) -> str:
    """A picture as a data URI: ``indices``, shape (height, width), into ``colours`` (#rrggbb). The
    first row is at the bottom."""
    present, packed = np.unique(indices, return_inverse=True)  # few colours: few bits a pixel
    image = Image.fromarray(packed.reshape(indices.shape)[::-1].astype(np.uint8), "P")
    image.putpalette([b for k in present for b in bytes.fromhex(colours[k][1:])])
    out = io.BytesIO()
    bits = next(b for b in (1, 2, 4, 8) if present.size <= 2**b)
    image.save(out, "PNG", optimize=True, bits=bits)
    return f"data:image/png;base64,{base64.b64encode(out.getvalue()).decode()}"


def dark(colour: str) -> bool:
    """Whether white has more contrast on ``colour`` than black (WCAG's relative luminance)."""
    parts = [c / 255 for c in bytes.fromhex(colour[1:])]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return luminance < 0.179


def shrunk(codes: np.ndarray, rank: np.ndarray, side: int = SIDE) -> np.ndarray:
    """``codes``, shape (height, width), in at most ``side`` blocks each way.

    A block has the code that ranks first among its points: ``rank`` holds the place of each code,
    0 for the first.
    """
    height, width = (-(-n // -(-n // side)) for n in codes.shape)
    tall, wide = (-(-n // side) for n in codes.shape)
    padded = np.full((height * tall, width * wide), rank.size - 1)
    padded[: codes.shape[0], : codes.shape[1]] = rank[codes]
    first = padded.reshape(height, tall, width, wide).min(axis=(1, 3))
    found: np.ndarray = np.argsort(rank).astype(np.uint8)[first]
    return found


def ticks(values: np.ndarray, scale: str) -> list[Tick]:
    """Round numbers on the axis that takes ``values``, ascending."""
    if scale == "float line":
        top = np.log10(values[-1])
        large = 10.0 ** (0.85 * top).round()
        wanted = np.array([-large, -1.0, 0.0, 1.0, large])
        words = [_power(w) for w in wanted]
    else:
        wanted = np.asarray(MaxNLocator(4).tick_values(values[0], values[-1]))
        words = [f"{w:g}".replace("-", "−") for w in wanted]
    inside = (wanted >= values[0]) & (wanted <= values[-1])
    places = place(values, wanted, scale)
    return [Tick(float(p), w) for p, w, i in zip(places, words, inside, strict=True) if i]


def place(values: np.ndarray, wanted: np.ndarray, scale: str) -> np.ndarray:
    """Where ``wanted`` stand on the axis of ``values``, as shares of its length."""
    if scale == "float line":
        values, wanted = (ordinals(v.astype(np.float64)).astype(float) for v in (values, wanted))
    found: np.ndarray = np.interp(wanted, values, np.arange(values.size))
    return (found + 0.5) / values.size


def _power(value: float) -> str:
    if value == 0:
        return "0"
    sign = "−" if value < 0 else ""
    power = round(np.log10(abs(value)))
    return f"{sign}1" if power == 0 else f"{sign}1e{power}".replace("e-", "e−")
