"""The maps of each plane: verdicts, errors, what ``stable`` changes, and where modes differ."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from argand.report.gathered import Gathered, Pictured
from argand.report.maps import DARK, axes, change_map, ulp_map, verdict_map
from argand.report.raster import Raster
from argand.report.tables import merge
from argand.report.times import DOUBLE
from argand.report.words import number, percent, spaced
from argand.sweep.store.results import SweptPlane
from argand.verdict import VERDICTS

TITLE = ""  # each plane has one
PLACE = 30
TEMPLATE = """
{% for plane in planes %}
{% set id = "page-a" ~ index ~ "-" ~ loop.index %}
<h3>{{ plane.study | spaced | capitalize }} over {{ plane.over }}, {{ plane.dtype }}</h3>
<p class="faint">{{ plane.about }}.
{%- if plane.changed %} <code>stable</code> against <code>auto</code>:
{{ plane.changed | join("; ") }}.{% endif %}</p>
{{ axes_of(plane.axes, id) }}
{% if plane.uniform %}<details><summary>one verdict everywhere: the maps</summary>{% endif %}
{{ plots(plane.verdicts, id, plane.columns) }}
{% if plane.uniform %}</details>{% endif %}
{% if plane.others %}
<details><summary>where another mode differs ({{ plane.others | length }})</summary>
{{ plots(plane.others, id) }}</details>
{% endif %}
<details><summary>errors in ulp</summary>
{{ plots(plane.ulps, id, plane.columns) }}</details>
{% endfor %}
{% if planes %}
{{ verdict_legend(verdicts, dark) }}
{{ behind(counts, "verdicts of " ~ name,
          "All maps counted: verdicts and errors by study, variant, quantity and mode") }}
{% endif %}
{{ behind(errors, "errors of " ~ name, "What raised, or gave something that cannot be judged") }}
{% for note in notes %}<p class="note">{{ note }}</p>{% endfor %}
"""
_DIFFERS = 0.005  # another mode has a picture if more than this share of its points differs
_MOST = 4  # pictures of other modes, of one plane
_SETTING = ["over", "upstream", "length", "device"]
_KEYS = ["study", "dtype", *_SETTING, "variant", "quantity", "by", "mode"]


def section(of: Gathered) -> dict[str, Any]:
    """Each plane's pictures, with the tables of what was counted on all planes and what raised."""
    shown, whole = map_table(of.counts)
    return {
        "planes": [_pictures(plane) for plane in of.planes],
        "verdicts": VERDICTS,
        "dark": DARK,
        "counts": of.table(shown, "maps", whole),
        "errors": of.table(error_table(of.errors), "errors"),
        "notes": of.notes,
    }


def _pictures(of: Pictured) -> dict[str, Any]:
    """The pictures of one plane.

    ``verdicts`` has a row for each quantity: a picture for each variant, None where it raised, and
    last what ``stable`` changes; ``columns`` says how many pictures a row has. Where ``uniform``,
    the verdict is the same everywhere, and the pictures say no more.
    """
    plane, shown = of.maps.plane, of.shown
    variants = list(dict.fromkeys(p.key["variant"] for p in shown))
    compared = {"auto", "stable"} <= set(variants)
    verdicts: list[Raster | None] = []
    ulps: list[Raster | None] = []
    changed = []
    for quantity in dict.fromkeys(p.title for p in shown):
        row = {p.key["variant"]: p for p in shown if p.title == quantity}
        verdicts += [verdict_map(row[v]) if v in row else None for v in variants]
        ulps += [ulp_map(row[v]) if v in row else None for v in variants]
        if "auto" in row and "stable" in row:
            raster, shares = change_map(row["auto"], row["stable"])
            verdicts.append(raster)
            changed.append(
                f"{quantity}: gained {percent(shares['gained'])}, lost {percent(shares['lost'])}"
            )
        elif compared:
            verdicts.append(None)
    return {
        "study": plane.study,
        "over": plane.over,
        "dtype": plane.dtype,
        "about": _about(plane, shown[0].key["mode"]),
        "axes": axes(of.maps),
        "columns": len(variants) + compared,
        "verdicts": verdicts,
        "ulps": ulps,
        "others": [
            verdict_map(p, p.key["mode"]) for share, p in of.others[:_MOST] if share > _DIFFERS
        ],
        "changed": changed,
        "uniform": len({int(c) for p in shown for c in np.unique(p.verdicts)}) == 1,
    }


def _about(plane: SweptPlane, mode: str) -> str:
    x, y = (
        f"{axis['label']} ({axis['scale']}{', even in ordinals' * (axis['scale'] == 'float line')})"
        for axis in (plane.x, plane.y)
    )
    words = [f"{plane.x['points']} × {plane.y['points']} points over {x} and {y}"]
    words += [f"upstream {plane.upstream}"]
    words += [f"tensors of {plane.length}"] * bool(plane.length)
    words += [f"{name} = {number(value)}" for name, value in plane.resting.items()]
    return ", ".join([*words, f"on {plane.device}, mode {mode}"])


def map_table(counts: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """What the page shows of the table of maps, in double precision; and the table itself.

    It has for each map: ``safe``, the share of points that are accurate among those whose exact
    result is a normal number; the largest error among the accurate; and the share of points with
    each verdict. Modes that agree share a row.
    """
    if counts.empty:
        return counts, counts
    right = counts["verdict"] == "accurate"
    names = {v.name: f"{v.glyph} {spaced(v.name)}" for v in VERDICTS}
    told = [
        "" if r else f"{names[v]} {percent(s)}"
        for r, v, s in zip(right, counts["verdict"], counts["share"], strict=True)
    ]
    columns = {
        "safe": counts["points"].where(right, 0),
        "judged": counts["points"].where(right | counts["failing"].astype(bool), 0),
        "max ulp": counts["max_ulp"].where(right).astype(float),
        "verdicts beside accurate": told,
    }
    maps = counts.assign(**columns).groupby(_KEYS, sort=False, dropna=False)
    table = maps[["safe", "judged"]].sum()
    table["max ulp"] = maps["max ulp"].max().round(2)
    table["verdicts beside accurate"] = maps["verdicts beside accurate"].agg(
        lambda shares: ", ".join(filter(None, shares)) or "none"
    )
    pairs = zip(table["safe"], table.pop("judged"), strict=True)
    table["safe"] = [percent(s / judged if judged else None) for s, judged in pairs]
    table = merge(table.reset_index(), "mode")
    shown = table[table["dtype"].isin(DOUBLE)]
    shown = (shown if len(shown) else table).drop(
        columns=[c for c in _SETTING if _constant(table[c])]
    )
    return shown, table


def _constant(column: pd.Series) -> bool:
    return bool(column.nunique(dropna=False) < 2)


def error_table(errors: pd.DataFrame) -> pd.DataFrame:
    """What raised, or did not fit its input, instead of giving a result that can be judged."""
    if errors.empty:
        return errors
    first = ["variant", "quantity", "by", "mode"]
    last = [c for c in errors.columns if c not in (*first, "study", "dtype", "error")]
    table = errors[[*first, *last, "dtype", "study", "error"]]
    for name in ("mode", "dtype", "study"):
        table = merge(table, name)
    return table
