"""What the check found beside wrong digits: the defects of a variant, each with its witness."""

from __future__ import annotations

from typing import Any

from argand.report.gathered import Gathered
from argand.verdict import FAILING

TITLE = "What the check found"
PLACE = 20
TEMPLATE = """
<p>{{ "{:,}".format(check.samples) }} results judged, {{ check.undecided }} of them undecided
{%- for dtype, open in check.get("left_open", {}).items() %}{{ " (" if loop.first else "; " -}}
{{ dtype }}: {{ open.count }} of {{ open.of }} samples, e.g. at {{ open.input | join(", ") -}}
{{ ")" if loop.last }}{% endfor %}.
<code>argand check {{ check.target | portable }}</code> repeats it.</p>
{% if findings %}
{% call scrolled("findings about " ~ name, ["variant", "kind", "dtype, mode", "what", "witness"]) %}
{% for f in findings %}
<tr><td>{{ f.variant }}</td><td>{{ f.kind | spaced }}</td><td>{{ f.dtypes }}; {{ f.modes }}</td>
<td class="why">{{ f.message | portable }}
{% if f.source %}Line: <code>{{ f.source | portable }}</code>{% endif %}
</td>
<td class="hex">
{% if f.input %}<code>{{ f.input | join(", ") }}</code>
{%- if f.upstream %}, upstream <code>{{ f.upstream }}</code>{% endif -%}
: computed <code>{{ f.computed }}</code>
{%- if f.exact %}, exact <code>{{ f.exact }}</code>{% endif %}
{% endif %}
</td></tr>
{% endfor %}
{% endcall %}
{% else %}<p>Nothing but rounding.</p>{% endif %}
"""


def section(of: Gathered) -> dict[str, Any]:
    """How much was checked, and what is broken."""
    return {"check": of.check, "findings": broken(of.check)}


def broken(check: dict[str, Any]) -> list[dict[str, Any]]:
    """The findings of ``check`` that are no verdicts: one of each variant and kind, with all the
    dtypes and modes that have one."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for f in check["findings"]:
        if f["kind"] not in FAILING:
            group = found.setdefault((f["variant"], f["kind"]), f | {"dtypes": {}, "modes": {}})
            group["dtypes"][f["dtype"]] = group["modes"][f["mode"]] = None
    return [g | {name: ", ".join(g[name]) for name in ("dtypes", "modes")} for g in found.values()]
