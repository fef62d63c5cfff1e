"""matplotlib's figures as SVG that stands in the page itself: small, and in the page's colours."""

from __future__ import annotations

import hashlib
import io
import re

import matplotlib as mpl
from markupsafe import Markup, escape
from matplotlib.axes import Axes
from matplotlib.figure import Figure

INK = "#010203"  # drawn as the page's text colour
# Okabe and Ito's palette, each a variable of the style sheet: lighter or darker by theme.
SERIES = ("#0072b2", "#d55e00", "#cc79a7", "#009e73", "#e69f00", "#56b4e9", "#777777", "#999999")
# Styles that markers, lines and texts repeat by the hundred, as classes of the style sheet; what
# no eye sees of a mark of three points; and the areas behind, which are not painted.
_CLASSES = (
    (r"; stroke-(?:linejoin: miter|linecap: square)", ""),
    (r'<path d="[^"]*" style="fill: none"/>', ""),
    (r' style="fill: var\(--series-(\d)\); stroke: var\(--series-\1\)"', r' class="fill\1"'),
    (r' style="fill: none; stroke: var\(--series-(\d)\)"', r' class="line\1"'),
    (r' style="text-anchor: middle"', ' class="x"'),
    (r' style="text-anchor: end"', ' class="y"'),
)
_KNOWN = {INK: "currentColor"} | {c: f"var(--series-{k})" for k, c in enumerate(SERIES)}

mpl.rcParams.update(
    {
        "svg.fonttype": "none",
        "svg.hashsalt": "argand",  # the same figure is the same text
        "font.size": 9,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.titlesize": 9,
        "axes.linewidth": 0.6,
        "xtick.minor.size": 0,  # a third of a figure's bytes and time
        "ytick.minor.size": 0,
        "legend.frameon": False,
        "legend.facecolor": "none",
        "axes.facecolor": "none",
        "figure.facecolor": "none",
        **dict.fromkeys(
            ["text.color", "axes.edgecolor", "axes.labelcolor", "xtick.color", "ytick.color"], INK
        ),
    }
)


def sheet(
    panels: int, width: float, height: float, left: float = 0.75
) -> tuple[Figure, list[Axes]]:
    """A figure of ``panels`` side by side, each ``width`` by ``height`` inches.

    There is room for a legend at the right, and at the left ``left`` inches for labels.
    """
    right, bottom, top = 1.25, 0.5, 0.25
    whole = left + panels * width + right, bottom + height + top
    figure = Figure(figsize=whole)
    axes = figure.subplots(1, panels, sharey=True, squeeze=False)[0]
    figure.subplots_adjust(
        left / whole[0], bottom / whole[1], 1 - right / whole[0], 1 - top / whole[1], wspace=0.12
    )
    return figure, list(axes)


def literal(text: str) -> str:
    """``text`` with its dollars escaped, so that matplotlib begins no formula."""
    return text.replace("$", r"\$")


def drawing(figure: Figure, alt: str) -> Markup:
    """``figure`` as an ``svg`` element that says ``alt`` where it cannot be seen."""
    out = io.StringIO()
    figure.savefig(out, format="svg", metadata={"Date": None})
    return _element(out.getvalue(), alt, "figure")


def typeset(formula: str) -> Markup | None:
    """The TeX ``formula`` as an ``svg`` element; None where matplotlib does not know a command."""
    figure = Figure()
    figure.text(0, 0, f"${formula}$", fontsize=14)
    out = io.StringIO()
    try:
        with mpl.rc_context({"svg.fonttype": "path"}):  # whatever fonts the reader has
            figure.savefig(out, format="svg", bbox_inches="tight", metadata={"Date": None})
    except ValueError:
        return None
    return _element(out.getvalue(), formula, "formula")


def _element(text: str, alt: str, kind: str) -> Markup:
    """What of matplotlib's file a page needs, which is a third of it."""
    body = text[text.index("<svg") :]
    width, height = (float(n) for n in re.findall(r'(?:width|height)="([\d.]+)pt"', body)[:2])
    content = body[body.index(">") + 1 : body.rindex("</svg>")]
    content = re.sub(r"<metadata>.*?</metadata>|<style.*?</style>|<!--.*?-->", "", content,
                     flags=re.DOTALL)  # fmt: skip
    content = re.sub(r"\s*\n\s*", " ", content)
    content = re.sub(r"> <", "><", content)
    content = re.sub(r"<[^>]*>", _shorter, content)
    for colour, variable in _KNOWN.items():
        content = content.replace(colour, variable)
    for styled, short in _CLASSES:
        content = re.sub(styled, short, content)
    content = re.sub(r' d="([^"]*)"', _dense_path, content)
    prefix = hashlib.sha256((alt + content).encode()).hexdigest()[:6]  # ids are the page's own
    used = dict.fromkeys(re.findall(r"(?:href=\"#|url\(#)([^\")]+)", content))
    names = {name: f"{prefix}{k:x}" for k, name in enumerate(used)}
    content = re.sub(r' id="([^"]*)"', lambda m: m[0] if m[1] in names else "", content)
    content = re.sub(r'(id="|href="#|url\(#)([^")]+)', lambda m: m[1] + names[m[2]], content)
    content = content.replace("xlink:href", "href").replace("<defs></defs>", "")
    while (shorter := re.sub(r"<g>((?:(?!</?g[ >]).)*)</g>", r"\1", content)) != content:
        content = shorter
    return Markup(
        f'<svg class="{kind}" role="img" aria-label="{escape(alt)}" '
        f'viewBox="0 0 {width:g} {height:g}" width="{width * 4 / 3:.0f}" '
        f'height="{height * 4 / 3:.0f}" '
        f'stroke-linejoin="round">{content}</svg>'
    )


def _shorter(tag: re.Match[str]) -> str:
    """A tag with coordinates to a tenth of a point, and without what the style sheet says."""
    text = re.sub(r"(?<![\w#])-?\d+\.\d+", _rounded, tag[0])
    text = re.sub(r"font: ([\d.]+px)[^;\"]*", r"font-size: \1", text)
    text = re.sub(r"; font-family:[^;\"]*|font-family:[^;\"]*; ", "", text)
    text = re.sub(r' transform="rotate\(-?0 [^)]*\)"', "", text)
    if text.startswith("<text"):
        text = text.replace("font-size: 9px; ", "").replace(f"; fill: {INK}", "")
    return text.replace(f' style="fill: {INK}; stroke: {INK}; stroke-width: 0.8"', "")


def _dense_path(d: re.Match[str]) -> str:
    return re.sub(r"\s*([A-Za-z])\s*", r"\1", d[0][4:-1]).join((' d="', '"'))


def _rounded(number: re.Match[str]) -> str:
    value = float(number[0])
    return f"{round(value, 1 if abs(value) >= 1 else 5):g}"
