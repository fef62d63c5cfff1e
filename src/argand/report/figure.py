"""Figures as text that an HTML page holds: PNG where dense, SVG where small."""

from __future__ import annotations

import base64
import io
import re
from dataclasses import dataclass

import matplotlib as mpl
import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from PIL import Image

DPI = 110
_COLOURS = 64  # a palette: a third of the bytes of full colour, and no visible difference

mpl.rcParams["svg.fonttype"] = "none"
mpl.rcParams["svg.hashsalt"] = "argand"  # the same figure is the same text


@dataclass(frozen=True)
class Picture:
    """An image for a page: ``source`` for its src, its size in CSS pixels, and in words."""

    source: str
    width: int
    height: int
    alt: str


def picture(figure: Figure, alt: str) -> Picture:
    """``figure`` as a PNG of few colours."""
    canvas = FigureCanvasAgg(figure)
    figure.set_dpi(DPI)
    canvas.draw()
    image = Image.fromarray(np.asarray(canvas.buffer_rgba())).convert("RGB")
    paletted = image.quantize(_COLOURS, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    out = io.BytesIO()
    paletted.save(out, "PNG", optimize=True)
    return Picture(_data(out.getvalue(), "image/png"), image.width, image.height, alt)


def drawing(figure: Figure, alt: str) -> Picture:
    """``figure`` as an SVG."""
    out = io.StringIO()
    figure.savefig(out, format="svg", metadata={"Date": None}, bbox_inches="tight")
    text = out.getvalue()
    width, height = (float(n) for n in re.findall(r'(?:width|height)="([\d.]+)pt"', text)[:2])
    return Picture(_data(text.encode(), "image/svg+xml"), round(width), round(height), alt)


def _data(content: bytes, kind: str) -> str:
    return f"data:{kind};base64,{base64.b64encode(content).decode()}"
