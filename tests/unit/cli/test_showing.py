"""How runs and their rows look on a terminal."""

from __future__ import annotations

import io

from rich.console import Console, RenderableType

from cli.aws.session import Place
from cli.options import Told
from cli.showing import reason_table, run_table, show_report
from cli.showing_plan import show_plan
from tests.support.runs.reports import a_report

HERE = Place("listrak-relay", True, None, None, None)
CLOSED = {
    "run_id": "email-0123456789abcdef",
    "status": "COMPLETED",
    "where": "email/vip",
    "headline": "1 of 60 rows were not delivered: not an email address that mail can be sent to",
    "attention": 0,
    "closed_at": "2027-01-15T08:00:21.000Z",
}


def lines_of(shown: RenderableType, width: int) -> list[str]:
    console = Console(file=io.StringIO(), width=width)
    console.print(shown)
    assert isinstance(console.file, io.StringIO)
    return [line.rstrip() for line in console.file.getvalue().splitlines()]


def test_a_run_takes_two_lines_and_a_long_sentence_goes_on_below_itself() -> None:
    shown = run_table({"open": [], "closed": [CLOSED]})

    assert lines_of(shown, 120) == [
        "COMPLETED   2027-01-15 08:00 UTC  email/vip  email-0123456789abcdef",
        "            1 of 60 rows were not delivered: not an email address that mail can be sent to",
    ]
    assert lines_of(shown, 80)[1:] == [
        "            1 of 60 rows were not delivered: not an email address that mail can",
        "            be sent to",
    ]


def test_of_a_run_under_way_it_is_told_what_it_waits_for() -> None:
    entry = {**CLOSED, "status": "WAITING", "rows_read": 2, "rows_ended": 0, "paused": False, "trouble": ""}

    shown = run_table({"open": [{**entry, "waiting_for": "waits for email-1, which is older"}], "closed": []})

    assert lines_of(shown, 120)[1].strip() == "0 of 2 rows; waits for email-1, which is older"


def test_of_a_file_that_was_not_read_it_is_told_why_and_no_counts() -> None:
    console = Console(file=io.StringIO(), width=80)
    made = a_report(
        status="REJECTED", counts=dict.fromkeys(a_report()["counts"], 0), reasons={}, attention=["It breaks off."]
    )

    show_report(Told(HERE, False, console), made)

    assert isinstance(console.file, io.StringIO)
    assert [line.rstrip() for line in console.file.getvalue().splitlines()] == [
        "REJECTED  email/vip  email/vip/people.csv",
        "email-0123456789abcdef, closed 2027-01-15 08:00 UTC after 20.0 s",
        "The file has no rows.",
        "! It breaks off.",
    ]


def test_what_can_be_mended_stands_before_what_was_left_alone() -> None:
    def line(row: int, outcome: str, reason: str) -> dict[str, str]:
        return {"row": str(row), "outcome": outcome, "reason": reason, "column": "", "detail": ""}

    table = reason_table(
        [line(2, "skipped", "opted_out"), line(3, "skipped", "opted_out"), line(4, "rejected", "email_invalid")]
    )

    assert [text for text in lines_of(table, 120) if "(" in text] == [
        "   rejected (email_invalid): row 4",
        "   skipped (opted_out): rows 2, 3",
    ]


def test_what_was_compared_with_the_list_is_told_in_sentences() -> None:
    console = Console(file=io.StringIO(), width=80)
    beside = {
        "subscribers": 3,
        "already_subscribed": 1,
        "new_or_had_unsubscribed": 1,
        "would_be_unsubscribed": 0,
        "not_on_list": 1,
        "members": 0,
        "would_lose_the_mark": 0,
        "fields_made": ["vip"],
    }
    found = {
        "key": "email/vip/people.csv",
        "channel": "email",
        "list": "Master List",
        "mode": "add",
        "rows_read": 3,
        "duplicates": 0,
        "reasons": {},
        "samples": {},
        "actions": {"subscribe": 2, "unsubscribe": 1},
        "profile_fields": {},
        "chunks": 2,
        "notes": {},
        "problem": None,
        "listrak": beside,
    }

    show_plan(Told(HERE, False, console), found)

    assert isinstance(console.file, io.StringIO)
    shown = console.file.getvalue()
    assert "Compared with the list Master List at Listrak, as it is now:" in shown
    assert "1  of the file's people who are to be subscribed are already" in shown
    assert "1  profile field would be made: vip" in shown
    assert "would lose it" not in shown
    assert "Nobody has asked Listrak" not in shown
