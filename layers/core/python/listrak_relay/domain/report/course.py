"""How a run went, as sections of its page: when what happened, what it cost, and the technical part."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from html import escape
from typing import Any

from listrak_relay.domain.report.html import section
from listrak_relay.domain.report.sentences import money
from listrak_relay.domain.report.words import MOMENTS, as_sentence
from listrak_relay.domain.run.costs import COUNTERS


def timeline(report: Mapping[str, Any]) -> str:
    moments = report["timeline"]
    first = datetime.fromisoformat(moments[0]["at"])
    items = []
    for moment in moments:
        later = (datetime.fromisoformat(moment["at"]) - first).total_seconds()
        after = f" <small>+{_span(later)}</small>" if moment is not moments[0] else ""
        shown = moment["at"][:19].replace("T", " ")
        items.append(f"<li><time>{escape(shown)}</time> {escape(MOMENTS[moment['what']])}{after}</li>")
    waited = report.get("waited_seconds") or 0
    more = f"<p>Of that it waited {_span(waited)} for older runs of its list.</p>" if waited else ""
    return section("Time line (UTC)", f'<ol class="line">{"".join(items)}</ol>{more}')


def cost(report: Mapping[str, Any]) -> str:
    found = report.get("cost")
    if not found:
        return ""
    counted = ", ".join(f"{_shown_amount(amount)} {COUNTERS[name].name}" for name, amount in found["counted"].items())
    said = escape(as_sentence(f"{money(found['dollars'])} of AWS until the run was closed"))
    small = f"{counted}. Prices: {found['priced_at']}; {found['not_counted']}."
    return section("Cost", f"<p>{said}</p><p><small>{escape(small)}</small></p>")


def _shown_amount(amount: float) -> str:
    return f"{amount:,}" if amount == int(amount) else f"{amount:,.1f}"


def _span(seconds: float) -> str:
    """Such as ``4.2 s``, ``12 min`` or ``3.5 h``."""
    if seconds < _MINUTE:
        return f"{max(0.0, seconds):.1f} s"
    return f"{seconds / _MINUTE:,.0f} min" if seconds < _HOUR * 2 else f"{seconds / _HOUR:,.1f} h"


_MINUTE, _HOUR = 60, 3_600


def technical(report: Mapping[str, Any]) -> str:
    names = ("run_id", "problem_code", "problem", "counts", "reasons", "chunks", "notes", "file")
    text = json.dumps({name: report.get(name) for name in names}, indent=1, ensure_ascii=False)
    return f"<details><summary>For engineers</summary><pre>{escape(text)}</pre></details>"
