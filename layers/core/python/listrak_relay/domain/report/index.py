"""The list of runs as a page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape
from typing import Any

from listrak_relay.domain.report.html import badge, page
from listrak_relay.domain.report.sentences import shown_moment


def index_page(entries: Iterable[Mapping[str, Any]]) -> str:
    """``entries``: ``run_id``, ``status``, ``where``, ``headline``, ``attention`` (number), ``closed_at``; in the order
    in which they are to stand."""
    rows = [
        f"<tr><td>{badge(e['status'], look=e['attention'] > 0)}</td>"
        f'<td><a href="{escape(e["run_id"])}/report.html">{_with_breaks(e["where"])}</a></td>'
        f"<td>{_MARK if e['attention'] else ''}{escape(e['headline'])}</td>"
        f"<td><time>{shown_moment(e['closed_at'])}</time></td></tr>"
        for e in entries
    ]
    header = "<tr><th>Status</th><th>Audience</th><th>What happened</th><th>Closed (UTC)</th></tr>"
    table = f'<table class="runs">{header}{"".join(rows)}</table>'
    return page("Runs", ["<header><h1>Runs</h1></header>", f"<section>{table}</section>"])


def _with_breaks(place: str) -> str:
    """Where a name has a slash, an underscore or a hyphen, it may go on in the next line."""
    shown = escape(place)
    for mark in "/_-":
        shown = shown.replace(mark, f"{mark}<wbr>")
    return shown


_MARK = '<b class="look">Needs attention</b> '
