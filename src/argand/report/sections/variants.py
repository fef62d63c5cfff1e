"""The variants, a row each: right, safe, fast, and how it computes."""

from __future__ import annotations

from typing import Any

from argand.report.gathered import Gathered

TITLE = ""  # the first section, right under the subject's name
PLACE = 10
TEMPLATE = """
{% call scrolled("variants of " ~ name,
                 ["variant", "right?", "how it computes", "known limits", "safe, by study",
                  "fails where", "time relative to auto"]) %}
{% for row in rows %}
<tr>
<td><strong>{{ row.variant }}</strong></td>
<td><span class="{{ row.right }}">{{ "✓ right" if row.right == "right" else "✗ wrong" }}</span></td>
<td class="why">{{ variants[row.variant].note }}</td>
<td class="why">{{ variants[row.variant].limits | join("; ") or "none" }}</td>
<td>
{% for study in studies if row.safe[study] is not none %}
<span style="white-space:nowrap">{{ study | spaced }} {{ row.safe[study] | percent }}</span><br>
{% endfor %}
</td>
<td>
{% if row.why %}{{ row.why | portable }}
{% else %}
<ul class="plain">
{% for line in row.fails %}<li>{{ line }}</li>{% else %}<li>nowhere</li>{% endfor %}
</ul>
{% endif %}
</td>
<td class="speed">
{% if row.right == "wrong" %}not timed: wrong
{% elif row.variant == "auto" %}1 (the measure)
{% else %}
{% for line in row.speed %}{{ line }}<br>{% else %}not timed{% endfor %}
{% endif %}
</td>
</tr>
{% endfor %}
{% endcall %}
"""


def section(of: Gathered) -> dict[str, Any]:
    """The answers, with what the subject says about its variants."""
    return {"rows": of.answers, "variants": of.check["subject"]["variants"], "studies": of.studies}
