"""The worst cases of a subject: where each variant fails, how, and how to see it again."""

from __future__ import annotations

import math
from itertools import islice
from typing import Any

import pandas as pd

from argand.report.gathered import Gathered
from argand.report.tables import MOST
from argand.report.times import DOUBLE
from argand.report.words import portable, spaced
from argand.trial.written import replay_command
from argand.verdict import FAILING

COLUMNS = ["variant", "quantity", "verdict", "dtype", "modes", "ulp", "input", "upstream",
           "computed", "exact", "condition", "blame", "what", "replay"]  # fmt: skip
TITLE = "Worst cases"
PLACE = 60
TEMPLATE = """
{% call scrolled("worst cases of " ~ name,
                 ["variant", "verdict", "input", "computed, exact", "condition", "blamed"]) %}
{% for w in cases %}
<tr>
<td>{{ w.variant }}, {{ w.quantity }}
<br><span class="faint">{{ w.dtype }}, {{ w.modes }}</span></td>
<td>{{ w.verdict }}
{% if w.ulp == w.ulp %}<br><span class="faint">{{ w.ulp | short }} ulp</span>{% endif %}
</td>
<td class="hex"><code>{{ w.input }}</code>
{% if w.upstream %}<br>u = <code>{{ w.upstream }}</code>{% endif %}
</td>
<td class="hex"><code>{{ w.computed }}</code><br><code>{{ w.exact }}</code></td>
<td>{{ w.condition or "—" }}</td>
<td title="{{ w.what }}">{{ w.blame or "—" }}</td>
</tr>
{% if w.replay %}<tr><td></td><td colspan="5"><code>{{ w.replay }}</code></td></tr>{% endif %}
{% endfor %}
{% endcall %}
{% if table.file %}<p class="faint">{{ cases | length }} of {{ table.total }}. All of them:
<a href="{{ table.file | urlencode }}">{{ table.file }}</a></p>{% endif %}
"""


def section(of: Gathered) -> dict[str, Any] | None:
    """The sweep's cases; where it has none, those that the check found."""
    cases = from_sweep(of.worst)
    if cases.empty:
        cases = from_check(of.check)
    if cases.empty:
        return None
    shown = cases.head(MOST).to_dict("records")
    return {"cases": shown, "table": of.table(cases, "worst")}


def from_sweep(worst: pd.DataFrame) -> pd.DataFrame:
    """The failing cases of one subject's table ``worst``, which a sweep made.

    For each variant, quantity, verdict and dtype there is one row: the case that is furthest off,
    with all modes that have such a case. Double precision comes first.
    """
    failing = worst[worst["verdict"].isin(FAILING)]
    rows = []
    for _, of in failing.groupby(["variant", "quantity", "by", "verdict", "dtype"], sort=False):
        at = of.loc[of["ulp"].astype(float).fillna(0).idxmax()]
        rows.append(
            {
                "variant": at["variant"],
                "quantity": f"{at['quantity']} by {at['by']}" if at["by"] else at["quantity"],
                "verdict": spaced(at["verdict"]),
                "dtype": at["dtype"],
                "modes": ", ".join(dict.fromkeys(of["mode"])),
                "ulp": float(at["ulp"]),
                "input": str(at["input"]),
                "upstream": str(at["at_upstream"]),
                "computed": str(at["computed"]),
                "exact": str(at["exact"]),
                "condition": _short(at["condition"]),
                "blame": ", ".join(p for p in (at["op"], portable(at["source"])) if p),
                "what": portable(at["reason"]),
                "replay": portable(at["command"]),
            }
        )
    table = pd.DataFrame(rows, columns=COLUMNS)
    double = table["dtype"].isin(DOUBLE)
    return pd.concat([table[double], table[~double]], ignore_index=True)


def from_check(check: dict[str, Any]) -> pd.DataFrame:
    """The findings of ``check`` that are failing verdicts.

    For each variant, quantity, verdict and dtype there is one row: the first finding, with all
    modes that have one. Double precision comes first.
    """
    kinds = [i["kind"] for i in check["subject"]["inputs"]]
    target, double = check["target"], check["subject"]["dtypes"][-1]
    rows: dict[tuple[str, ...], dict[str, Any]] = {}
    for f in check["findings"]:
        if f["kind"] not in FAILING or not f["input"]:
            continue
        key = (f["variant"], f["quantity"], f["kind"], f["dtype"])
        if key in rows:
            if f["mode"] not in rows[key]["modes"].split(", "):
                rows[key]["modes"] += f", {f['mode']}"
            continue
        rows[key] = {
            "variant": f["variant"],
            "quantity": f["quantity"],
            "verdict": spaced(f["kind"]),
            "dtype": f["dtype"],
            "modes": f["mode"],
            "ulp": math.nan,
            "input": ", ".join(f["input"]),
            "upstream": f["upstream"],
            "computed": f["computed"],
            "exact": f["exact"],
            "condition": _short(f.get("condition")),  # a sweep of an older version has none
            "blame": ", ".join(p for p in (f["op"], portable(f["source"])) if p),
            "what": portable(f["message"]),
            "replay": replay(target, kinds, f["input"], f["upstream"], f["dtype"]),
        }
    ordered = sorted(rows.values(), key=lambda row: row["dtype"] != double)
    return pd.DataFrame(ordered, columns=COLUMNS)


def _short(condition: float | None) -> str:
    return "" if condition is None or math.isnan(condition) else f"{condition:.3g}"


def replay(target: str, kinds: list[str], given: list[str], upstream: str, dtype: str) -> str:
    """The command that prints the exact value and derivatives at a finding's place.

    ``kinds`` are the inputs', "real" or "complex", and ``given`` the components in hexadecimal.
    Empty where a sample is a row: a finding does not say which components belong to which input.
    """
    components = [2 if kind == "complex" else 1 for kind in kinds]
    if len(given) != sum(components):
        return ""
    rest = iter(given)
    at = [",".join(islice(rest, count)) for count in components]
    return replay_command(portable(target), dtype, at, upstream.strip("()"))
