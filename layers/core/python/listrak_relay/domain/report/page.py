"""A report as a page that needs nothing else: no script, no request, no personal data."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from html import escape
from typing import Any

from listrak_relay.domain.report.sentences import (
    done_sentence,
    feed_sentences,
    headline,
    money,
    place_sentence,
    shown_moment,
    to_mend,
    waterfall,
    where,
)
from listrak_relay.domain.report.style import STYLE
from listrak_relay.domain.report.words import MOMENTS
from listrak_relay.domain.run.costs import COUNTERS
from listrak_relay.domain.values.counted import counted, noun

FILES = {
    "rejects_key": "rows that were not delivered, each with its reason",
    "skipped_key": "rows that were left alone on purpose",
    "warnings_key": "rows that were sent although something is wrong with them",
    "duplicates_key": "rows whose person, or whose key in a feed, another row of the file has too",
}
"""Key of the report → what the file beside it holds."""


def report_page(report: Mapping[str, Any]) -> str:
    """``report``: as in `report.json`. Links lead to the files beside it."""
    status = report["status"]
    about = f"{where(report)} · {report['file']['key']} · closed {shown_moment(report['closed_at'])} UTC"
    body = [
        _TO_THE_LIST,
        f'<header><p class="badge {status.lower()}">{status}</p>',
        f"<h1>{escape(headline(report))}</h1>",
        f"<p>{escape(about)}</p></header>",
        _big_number(report),
        _listed("Needs attention", report["attention"]),
        _listed("Look at the file", feed_sentences(report["notes"])),
        _waterfall(report),
        _paragraph("Consent", _consent(report)),
        _mend(report),
        _listrak(report),
        _downloads(report),
        _timeline(report),
        _cost(report),
        _technical(report),
    ]
    return page(f"{status} {where(report)}", body)


def index_page(entries: Iterable[Mapping[str, Any]]) -> str:
    """``entries``: ``run_id``, ``status``, ``where``, ``headline``, ``attention`` (number), ``closed_at``; in the order
    in which they are to stand."""
    rows = [
        f'<tr><td><span class="badge {e["status"].lower()}">{e["status"]}</span></td>'
        f'<td><a href="{escape(e["run_id"])}/report.html">{escape(e["where"])}</a></td>'
        f"<td>{_MARK if e['attention'] else ''}{escape(e['headline'])}</td>"
        f"<td>{shown_moment(e['closed_at'])}</td></tr>"
        for e in entries
    ]
    header = "<tr><th>Status</th><th>Audience</th><th>What happened</th><th>Closed (UTC)</th></tr>"
    table = f'<table class="runs">{header}{"".join(rows)}</table>'
    return page("Runs", ["<header><h1>Runs</h1></header>", f"<section>{table}</section>"])


_TO_THE_LIST = '<nav><a href="../index.html">All runs</a></nav>'


def taken_away(page: str, *, files: bool) -> str:
    """A report's page for a place without the list of runs. ``files``: those that it links to came along; where they
    did not, it names them."""
    page = page.replace(_TO_THE_LIST, "")
    return page if files else _LINK.sub(r"\1", page)


_LINK = re.compile(r'<a href="[^"]*">(.*?)</a>')

_MARK = '<b class="look">Needs attention</b> '


def page(title: str, body: Iterable[str]) -> str:
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)} · Listrak Relay</title><style>{STYLE}</style></head>"
        f"<body><main>{''.join(body)}</main></body></html>\n"
    )


def _section(title: str, inner: str) -> str:
    return f"<section><h2>{escape(title)}</h2>{inner}</section>" if inner else ""


def _paragraph(title: str, text: str) -> str:
    return _section(title, f"<p>{escape(text)}</p>" if text else "")


def _big_number(report: Mapping[str, Any]) -> str:
    size = report.get("audience_size")
    if size:
        number, what = size["now"], "people in the audience now"
        more = f"{size['before']:,} before, {size['new']:,} new, {size['gone']:,} gone"
    else:
        number, read = report["counts"]["accepted"], report["counts"]["read"]
        more = f"of {counted(read, 'row')}" if read else "no row was read"
        people = "person" if number == 1 else "people"
        what = (
            f"{noun(number, 'row')} in the file at Listrak"
            if _is_feed(report)
            else f"{people} at Listrak as the file says"
        )
    lines = "".join(f"<p>{escape(line)}</p>" for line in (more, place_sentence(report)) if line)
    return f'<section class="big"><p><strong>{number:,}</strong> {escape(what)}</p>{lines}</section>'


def _consent(report: Mapping[str, Any]) -> str:
    """The section's title says already what it is about."""
    said = (report.get("consent") or "").removeprefix("Consent: ")
    return " ".join(filter(None, (said[:1].upper() + said[1:], done_sentence(report))))


def _listed(title: str, lines: Iterable[str]) -> str:
    items = "".join(f"<li>{escape(line)}</li>" for line in lines)
    return f'<section class="attention"><h2>{escape(title)}</h2><ul>{items}</ul></section>' if items else ""


def _waterfall(report: Mapping[str, Any]) -> str:
    if not report["counts"]["read"]:
        return ""
    steps = waterfall(report)
    most = max(1, steps[0][1])
    rows, left = [], steps[0][1]
    for name, number, words in steps:
        start = 0.0 if name in ("read", "accepted") else 100 * (left + number) / most
        left = left if name in ("read", "accepted") else left + number
        bar = f'<i class="{name}" style="left:{start:.2f}%;width:{100 * abs(number) / most:.2f}%"></i>'
        rows.append(
            f"<tr><th>{escape(name.replace('_', ' '))}</th><td class=n>{number:,}</td>"
            f"<td class=bar>{bar}</td><td>{escape(words)}</td></tr>"
        )
    says = "Every row is accounted for." if report["balanced"] else "The counts do NOT add up to the rows read."
    title = "From rows to the file that was sent" if _is_feed(report) else "From rows to people"
    return _section(title, f'<table class="fall">{"".join(rows)}</table><p>{says}</p>')


def _mend(report: Mapping[str, Any]) -> str:
    parts = []
    for who, reasons in to_mend(report).items():
        items = "".join(
            f"<li><b>{rows:,}</b> {escape(words)} <small>{escape(code)}</small></li>" for rows, words, code in reasons
        )
        parts.append(f"<h3>{escape(who.value[0].upper() + who.value[1:])}</h3><ul>{items}</ul>")
    return _section("What to mend, and who can", "".join(parts))


def _listrak(report: Mapping[str, Any]) -> str:
    delivery = report["notes"].get("delivery")
    made = report.get("made") or {}
    facts = {
        "List": report.get("list"),
        "Mode": report.get("mode"),
        "Audience": report["audience"] if report.get("group") else None,
        "Profile field group made": ", ".join(made.get("groups", ())),
        "Profile fields made": ", ".join(made.get("fields", ())),
        "File on Listrak's SFTP server": delivery and delivery["file_name"],
        **{f"Taken off the list: {what}": f"{people:,}" for what, people in (report.get("removals") or {}).items()},
    }
    changed = report["counts"]["accepted"] or any(made.values())
    return _section("What changed in Listrak" if changed else "Where it was to go", _facts(facts))


def _downloads(report: Mapping[str, Any]) -> str:
    links = [
        _link(report[key].rsplit("/", 1)[-1], what)
        for key, what in FILES.items()
        if report.get(key) and key not in _without_rows(report)
    ]
    note = "<p><small>Files with rows hold personal data and expire with the run.</small></p>" if links else ""
    links.append(_link("report.json", "all of this for programs"))
    return _section("Downloads", f"<ul>{''.join(links)}</ul>{note}")


def _without_rows(report: Mapping[str, Any]) -> set[str]:
    """Files that have a header alone: they are written for every run."""
    counts = report["counts"]
    # Of a file that was not read to its end no row is counted, but damaged ones are listed.
    rejects = counts["rejected"] or counts["refused"] or (not counts["read"] and report["reasons"])
    return {key for key, rows in (("rejects_key", rejects), ("skipped_key", counts["skipped"])) if not rows}


def _link(file: str, what: str) -> str:
    return f'<li><a href="{escape(file)}">{escape(file)}</a>: {escape(what)}</li>'


def _timeline(report: Mapping[str, Any]) -> str:
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
    return _section("Time line (UTC)", f'<ol class="line">{"".join(items)}</ol>{more}')


def _cost(report: Mapping[str, Any]) -> str:
    cost = report.get("cost")
    if not cost:
        return ""
    counted = ", ".join(f"{amount:,.10g} {COUNTERS[name].name}" for name, amount in cost["counted"].items())
    said = f"{escape(money(cost['dollars']))} of AWS until the run was closed."
    small = f"{counted}. Prices: {cost['priced_at']}; {cost['not_counted']}."
    return _section("Cost", f"<p>{said}</p><p><small>{escape(small)}</small></p>")


def _is_feed(report: Mapping[str, Any]) -> bool:
    return "feed" in report["notes"]


def _span(seconds: float) -> str:
    """Such as ``4.2 s``, ``12 min`` or ``3.5 h``."""
    if seconds < _MINUTE:
        return f"{max(0.0, seconds):.1f} s"
    return f"{seconds / _MINUTE:,.0f} min" if seconds < _HOUR * 2 else f"{seconds / _HOUR:,.1f} h"


_MINUTE, _HOUR = 60, 3_600


def _technical(report: Mapping[str, Any]) -> str:
    names = ("run_id", "problem_code", "problem", "counts", "reasons", "chunks", "notes", "file")
    text = json.dumps({name: report.get(name) for name in names}, indent=1, ensure_ascii=False)
    return f"<details><summary>For engineers</summary><pre>{escape(text)}</pre></details>"


def _facts(facts: Mapping[str, Any]) -> str:
    rows = (f"<tr><th>{escape(name)}</th><td>{escape(str(value))}</td></tr>" for name, value in facts.items() if value)
    table = "".join(rows)
    return f"<table class=facts>{table}</table>" if table else ""
