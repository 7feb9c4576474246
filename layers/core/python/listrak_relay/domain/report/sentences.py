"""A report in sentences: the same ones stand on its page, in the notice by mail and on a terminal."""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping
from textwrap import shorten
from typing import Any

from listrak_relay.domain.report.words import (
    GIVEN_UP,
    Mender,
    mender,
    outcome_words,
    reason_words,
    warning_words,
)
from listrak_relay.domain.run.closing import WITHOUT_MESSAGE
from listrak_relay.domain.run.row_ends import FAILED_ALONE
from listrak_relay.domain.values.counted import counted, noun, were
from listrak_relay.domain.values.names import listed

Report = Mapping[str, Any]

NOT_DELIVERED = ("refused", "rejected", "dead_lettered")
_MOST_REASONS = 3  # in one line


def where(report: Report) -> str:
    """Destination and audience, as they stand in the drop key."""
    return "/".join(filter(None, (report["destination"], report["audience"])))


def headline(report: Report) -> str:
    """What happened, in one sentence without a full stop."""
    counts = report["counts"]
    read = counts["read"] or 0
    lost = _lost(report)
    if report["status"] == "COMPLETED" and not lost:
        everything = "The only row was delivered" if read == 1 else f"All {read:,} rows were delivered"
        return everything if read == counts["accepted"] else _delivered(counts)
    if read and lost:
        return f"{lost:,} of {read:,} rows {were(lost)} not delivered: {_most_frequent(report)}"
    if report["problem"] and not counts["accepted"]:
        return f"Nothing was sent: {_clause(report)}"
    if not read:
        return "The file has no rows"
    return _delivered(counts)


def subject(report: Report) -> str:
    """The line that tells whether a person must look; without regard to what a mail may hold."""
    look = "ATTENTION " if report["attention"] else ""
    return f"{look}{in_one_line(report)} ({where(report)}, {report['status']})"


def in_one_line(report: Report) -> str:
    """The headline, and why a person must look where it does not tell that."""
    said = report["attention"]
    # Where all went well with the rows, the headline does not.
    well = report["counts"]["accepted"] and not _lost(report) and not report["problem"]
    return f"{headline(report)}. {_first_clause(said[0])}" if said and well else headline(report)


def done_sentence(report: Report) -> str:
    """Consent: what was done for people, empty for a feed or where nothing was done."""
    done = report.get("done") or {}
    if not done:
        return ""
    named = ("subscribed", "unsubscribed", "updated")
    parts = [f"{done[name]:,} {name}" for name in named if done.get(name)]
    parts += [
        f"{people:,} {_DONE.get(what) or what.replace('_', ' ')}" for what, people in done.items() if what not in named
    ]
    return f"Of the people who were accepted: {', '.join(parts)}."


_DONE = {"already_right": "already as the file says"}
"""What was done for people → in words, where its own are none."""


def place_sentence(report: Report) -> str:
    """Where in Listrak to look for whom the file asks for, empty for a feed or where nobody was accepted."""
    if not report["counts"]["accepted"] or not report.get("list"):
        return ""
    if report.get("group"):
        mark = f"whoever has {report['audience']} on, a profile field of the group {report['group']}"
        return f"In Listrak the audience is {mark}, on the list {report['list']}."
    return f"In Listrak whoever is to be texted is on the phone list {report['list']}; audiences have no mark there."


def shown_moment(at: str) -> str:
    """To the minute, of ISO 8601."""
    return at[:16].replace("T", " ")


def made_sentence(report: Report) -> str:
    """What was made in Listrak, empty for nothing."""
    made = report.get("made") or {}
    parts = [f"{what} {', '.join(made[name])}" for name, what in _MADE.items() if made.get(name)]
    return f"Made in Listrak: {'; '.join(parts)}." if parts else ""


_MADE = {"groups": "profile field group", "fields": "profile fields"}


def money(dollars: float) -> str:
    """Such as ``$0.0042``; sums of less than a hundredth of a cent are told as less than that."""
    return f"${dollars:,.4f}" if dollars >= _LEAST_DOLLARS else f"less than ${_LEAST_DOLLARS:.4f}"


_LEAST_DOLLARS = 0.0001


def waterfall(report: Report) -> list[tuple[str, int, str]]:
    """From the rows of the file to the people at Listrak: outcome, number, what it means. Steps without rows are left
    out, but for the first and the last."""
    counts = report["counts"]
    words = outcome_words(feed="feed" in report["notes"])
    lost = [
        (name, -counts[name], words[name])
        for name in ("duplicates", "rejected", "skipped", "refused", "dead_lettered")
        if counts[name]
    ]
    first = ("read", read := counts["read"] or 0, f"{noun(read, 'row')} in the file")
    return [first, *lost, ("accepted", counts["accepted"], words["accepted"])]


def lacking_sentence(notes: Mapping[str, Any]) -> str:
    """What a feed was sent without although Listrak can do nothing with its rows but keep them; empty for nothing.
    ``notes``: as for `feed_sentences`."""
    names = notes.get("essential_columns_missing")
    if not names:
        return ""
    return (
        f"The file has no column {' and no column '.join(names)}: without that Listrak keeps the "
        f"{notes['feed'].replace('_', ' ')} but can make no use of them. Name the columns so, or say in a data "
        "template which they are, and drop the file again. If it is meant so, set missing_columns: expected in the "
        "destination."
    )


def feed_sentences(notes: Mapping[str, Any]) -> list[str]:
    """What is not as it should be with rows and columns of a feed that are sent all the same; ``notes``: those of its
    report, or of a dry run. Empty for other files."""
    if "feed" not in notes:
        return []
    said = [
        f"{counted(rows, 'row')} {were(rows)} sent with a warning: {warning_words(warning)}."
        for warning, rows in notes.get("warnings", {}).items()
    ]
    said += [f"{words}: {listed(names)}." for name, words in _COLUMNS.items() if (names := notes.get(name))]
    return said


_COLUMNS = {
    "unknown_columns": "Columns that Listrak does not publish, which are sent under their own names",
    "columns_that_listrak_features_need": "Columns that features of Listrak's need, and that the file does not have",
}
"""Note of a feed's report → what its columns are."""


def to_mend(report: Report) -> dict[Mender, list[tuple[int, str, str]]]:
    """Who can do something → number of rows, what is the matter, its code; the most frequent first."""
    found: dict[Mender, list[tuple[int, str, str]]] = {}
    told = _problem_told(report)
    for code, rows in sorted(report["reasons"].items(), key=lambda item: -item[1]):
        found.setdefault(mender(code), []).append((rows, told.get(code) or reason_words(code), code))
    return {who: found[who] for who in Mender if who in found}


def open_command(report: Report, stack: str, region: str) -> str:
    """What to type to see the page of the run, on whatever machine the notice is read."""
    return f"listrak-relay report {report['run_id']} --open --stack {stack} --region {region}"


def after_mending(report: Report, place: str = "") -> str:
    """What to type when the cause of rows that were given up is mended, empty where none were. ``place``: options that
    name the stack."""
    given_up = report["counts"]["dead_lettered"]
    if not given_up:
        return ""
    redrive = f"listrak-relay redrive {report['run_id']}{place}"
    replay = f"listrak-relay replay {shlex.quote(report['file']['key'])}{place}"
    if report["problem_code"] in WITHOUT_MESSAGE:
        return f"When the import has ended in Listrak, send what is left by dropping the file again: {replay}"
    if failed_alone(report) == given_up:
        return f"To send what is left, drop the file again: {replay}"
    return f"When the cause is mended, send what is left: {redrive}; if the destination was wrong: {replay}"


def failed_alone(report: Report) -> int:
    """Rows that were set aside by themselves, which have a line in rejects.csv."""
    return int(report["reasons"].get(FAILED_ALONE.reason, 0))


def _lost(report: Report) -> int:
    return sum(report["counts"][name] for name in NOT_DELIVERED)


def _clause(report: Report) -> str:
    """What the problem's sentence begins with, before it tells what to do."""
    return _first_clause(report["problem"].removeprefix(f"{report['file']['key']}: "))


def _first_clause(sentence: str) -> str:
    return shorten(_END_OF_CLAUSE.split(sentence)[0].rstrip("."), _LONGEST_CLAUSE, placeholder=" …")


_END_OF_CLAUSE = re.compile(r"; |[.:]\s|, (?:more than|so) |\n")
_LONGEST_CLAUSE = 200


def _delivered(counts: Mapping[str, int]) -> str:
    others = [f"{counts[name]:,} {words}" for name, words in _NO_LOSS.items() if counts[name]]
    delivered = f"{counts['accepted']:,} of {counts['read'] or 0:,} rows {were(counts['accepted'])} delivered"
    return ", ".join((delivered, *others))


_NO_LOSS = {"skipped": "left alone on purpose", "duplicates": "there twice"}
"""Outcome of rows that nobody misses → what is said of them in one line."""


def _problem_told(report: Report) -> dict[str, str]:
    """Code of what stopped the run → its own words, which tell more than those of the code."""
    return {report["problem_code"]: _clause(report)} if report["problem"] and report["problem_code"] else {}


def _most_frequent(report: Report) -> str:
    harmful = [(rows, code) for code, rows in report["reasons"].items() if mender(code) is not Mender.NOBODY]
    most = sorted(harmful, key=lambda one: (-one[0], one[1]))[:_MOST_REASONS]
    told = _problem_told(report)
    words = [told.get(code) or reason_words(code).removeprefix(f"{GIVEN_UP}: ") for _, code in most]
    return "; ".join(words) or "see the report"
