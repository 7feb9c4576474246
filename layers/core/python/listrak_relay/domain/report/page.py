"""A report as a page that needs nothing else: no script, no request, no personal data."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from listrak_relay.domain.report.course import cost, technical, timeline
from listrak_relay.domain.report.html import badge, facts, link, page, paragraph, section, to_look_at
from listrak_relay.domain.report.sentences import (
    done_sentence,
    failed_alone,
    feed_sentences,
    headline,
    place_sentence,
    shown_moment,
    to_mend,
    waterfall,
    where,
)
from listrak_relay.domain.report.words import outcome_name
from listrak_relay.domain.run.rejected_share import TOO_MANY_REJECTED
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
        f"<header>{badge(status, look=bool(report['attention']))}",
        f"<h1>{escape(headline(report))}</h1>",
        f"<p>{escape(about)}</p></header>",
        _big_number(report),
        to_look_at("Needs attention", report["attention"]),
        to_look_at("Look at the file", feed_sentences(report["notes"])),
        _waterfall(report),
        paragraph("Consent", _consent(report)),
        _mend(report),
        _listrak(report),
        _downloads(report),
        timeline(report),
        cost(report),
        technical(report),
    ]
    return page(f"{status} {where(report)}", body)


_TO_THE_LIST = '<nav><a href="../index.html">All runs</a></nav>'


def taken_away(page: str, *, files: bool) -> str:
    """A report's page for a place without the list of runs. ``files``: those that it links to came along; where they
    did not, it names them."""
    page = page.replace(_TO_THE_LIST, "")
    return page if files else _LINK.sub(r"\1", page)


_LINK = re.compile(r'<a href="[^"]*">(.*?)</a>')


def _big_number(report: Mapping[str, Any]) -> str:
    size = report.get("audience_size")
    if size:
        number, what = size["now"], f"{_people(size['now'])} in the audience now"
        more = f"{size['before']:,} before, {size['new']:,} new, {size['gone']:,} gone"
    else:
        number, read = report["counts"]["accepted"], report["counts"]["read"]
        more = f"of {counted(read, 'row')}" if read else "nothing of the file was sent"
        what = (
            f"{noun(number, 'row')} in the file at Listrak"
            if _is_feed(report)
            else f"{_people(number)} at Listrak as the file says"
        )
    lines = "".join(f"<p>{escape(line)}</p>" for line in (more, place_sentence(report)) if line)
    return f'<section class="big"><p><strong>{number:,}</strong> {escape(what)}</p>{lines}</section>'


def _people(number: int) -> str:
    return "person" if number == 1 else "people"


def _consent(report: Mapping[str, Any]) -> str:
    """The section's title says already what it is about."""
    said = (report.get("consent") or "").removeprefix("Consent: ")
    return " ".join(filter(None, (said[:1].upper() + said[1:], done_sentence(report))))


def _waterfall(report: Mapping[str, Any]) -> str:
    if not report["counts"]["read"]:
        return ""
    steps = waterfall(report)
    most = max(1, steps[0][1])
    rows, left = [], steps[0][1]
    for name, number, words in steps:
        start = 0.0 if name in ("read", "accepted") else 100 * (left + number) / most
        left = left if name in ("read", "accepted") else left + number
        bar = (
            f'<i class="{name}" style="left:{start:.2f}%;width:{100 * abs(number) / most:.2f}%"></i>' if number else ""
        )
        shown = f"{number:,}".replace("-", _MINUS)
        rows.append(
            f"<tr><th>{escape(outcome_name(name))}</th><td class=n>{shown}</td>"
            f"<td class=bar>{bar}</td><td>{escape(words)}</td></tr>"
        )
    says = "Every row is accounted for." if report["balanced"] else "The counts do NOT add up to the rows read."
    title = "From rows to the file that was sent" if _is_feed(report) else "From rows to people"
    return section(title, f'<table class="fall">{"".join(rows)}</table><p>{says}</p>')


_MINUS = "\N{MINUS SIGN}"


def _mend(report: Mapping[str, Any]) -> str:
    parts = []
    for who, reasons in to_mend(report).items():
        items = "".join(
            f"<tr><td class=n><b>{rows:,}</b></td><td>{escape(words)} <small>{escape(code)}</small></td></tr>"
            for rows, words, code in reasons
        )
        parts.append(f"<h3>{escape(who.heading)}</h3><table class=mend>{items}</table>")
    return section("What to mend, and who can", "".join(parts))


def _listrak(report: Mapping[str, Any]) -> str:
    delivery = report["notes"].get("delivery")
    made = report.get("made") or {}
    mode = report.get("mode")
    found: dict[str, Sequence[str]] = {
        "List": [report.get("list") or ""],
        "Mode": [f"{mode}: {_MODES[mode]}"] if mode in _MODES else [],
        "Audience": [report["audience"] if report.get("group") else ""],
        "Profile field group made": made.get("groups", ()),
        "Profile fields made": made.get("fields", ()),
        "File on Listrak's SFTP server": [delivery["file_name"]] if delivery else [],
        **{f"Taken off the list: {what}": [f"{people:,}"] for what, people in (report.get("removals") or {}).items()},
    }
    changed = report["counts"]["accepted"] or any(made.values())
    return section("What changed in Listrak" if changed else "Where it was to go", facts(found))


_MODES = {"add": "the file takes nobody out", "mirror": "whoever is not in the file is taken out"}


def _downloads(report: Mapping[str, Any]) -> str:
    links = [
        link(report[key].rsplit("/", 1)[-1], what)
        for key, what in FILES.items()
        if report.get(key) and key not in _without_rows(report)
    ]
    note = "<p><small>Files with rows hold personal data and expire with the run.</small></p>" if links else ""
    links.append(link("report.json", "all of this for programs"))
    return section("Downloads", f"<ul>{''.join(links)}</ul>{note}")


def _without_rows(report: Mapping[str, Any]) -> set[str]:
    """Files that have a header alone: they are written for every run."""
    counts = report["counts"]
    # Of a file that was turned away as a whole no row is counted, but those that are to blame are listed.
    all_in_vain = report["reasons"] or report["problem_code"] == TOO_MANY_REJECTED
    rejects = counts["rejected"] or counts["refused"] or failed_alone(report) or (not counts["read"] and all_in_vain)
    return {key for key, rows in (("rejects_key", rejects), ("skipped_key", counts["skipped"])) if not rows}


def _is_feed(report: Mapping[str, Any]) -> bool:
    return "feed" in report["notes"]
