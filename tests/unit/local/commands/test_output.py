"""What a person sees of runs, on a terminal of 80 columns too."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console

from local.commands.output import show_run
from local.commands.progress import RunsUnderWay
from local.relay_client import Progress, Report
from local.results import Results, TurnedAway

KEY = "email/vip_customers/vip_customers_of_the_whole_year.csv"
SENDING = Progress("DELIVERING", rows_read=2_000, chunks=2, settled=0, accepted=0, turned_away=15, rows_ended=15)


def terminal(width: int) -> Console:
    return Console(file=io.StringIO(), force_terminal=True, width=width, color_system="truecolor")


def drawn(width: int, *changes: Progress) -> str:
    """The last picture of the table, with its colours."""
    console = terminal(width)
    runs = RunsUnderWay(console)
    with runs.shown():
        watch = runs.watch(KEY, "2,000 rows as they come from the world")
        for change in changes:
            watch(change)
        runs.refresh()
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def report(**values: object) -> Report:
    counts = {"accepted": 0, "refused": 0, "rejected": 0, "duplicates": 0, "skipped": 0, "dead_lettered": 0}
    made: Report = {"status": "COMPLETED", "balanced": True, "attention": [], "problem": None, "seconds": 1.0}
    return {**made, "file": {"key": KEY}, "counts": {**counts, "read": 0}, "notes": {}, "run_id": "r", **values}


def shown(made: Report, *groups: TurnedAway, width: int = 80) -> str:
    console = Console(file=io.StringIO(), width=width)
    show_run(console, made, Results(Path("out"), list(groups)))
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


@pytest.mark.parametrize("width", [80, 120])
def test_each_run_of_the_live_table_has_its_own_line_with_the_key(width: int) -> None:
    lines = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", drawn(width, SENDING)).replace("\r", "\n").splitlines()

    assert any("email/vip_customers" in line and "0 of 1,985" in line for line in lines)
    assert max(len(line.rstrip()) for line in lines) <= width


def test_a_file_of_which_nothing_is_to_be_sent_has_no_full_bar_before_its_run_is_closed() -> None:
    nothing = replace(SENDING, rows_read=0, turned_away=0, rows_ended=0)

    picture = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", drawn(80, nothing))

    assert "closing" in picture
    assert "\N{BULLET}" not in picture


def test_rows_turned_away_are_not_counted_as_delivered() -> None:
    text = drawn(80, SENDING, replace(SENDING, accepted=985, rows_ended=1_000))

    assert "985 of 1,985" in text


def test_what_keeps_a_run_is_told_once_while_it_is_tried_again() -> None:
    kept = replace(SENDING, trouble="token: no usable answer after 5 tries")

    text = drawn(120, SENDING, kept, replace(kept, rows_ended=16))

    assert text.count("is tried again: token: no usable answer after 5 tries") == 1


@pytest.mark.parametrize(("status", "green"), [("COMPLETED", True), ("REJECTED", False), ("FAILED", False)])
def test_only_a_completed_run_has_a_green_bar(status: str, green: bool) -> None:
    done = replace(SENDING, status=status, accepted=1_985, rows_ended=2_000)

    bar = drawn(80, done).rpartition(status.lower())[2]

    assert ("\x1b[32m━" in bar) is green


def test_rows_left_alone_are_told_in_their_own_words() -> None:
    made = report(counts={**report()["counts"], "read": 3, "skipped": 3})

    text = shown(
        made,
        TurnedAway("skipped", "not_on_list", "", "left alone", 1, ["2"]),
        TurnedAway("skipped", "previously_unsubscribed", "", "left alone", 2, ["3", "4"]),
    )

    assert "Not on the list, and was only to be updated or unsubscribed." in text
    assert "Unsubscribed in Listrak before, so left alone." in text
    assert "skipped (previously_unsubscribed): rows 3, 4" in text


def test_a_feed_says_where_its_rows_are_and_who_imports_them() -> None:
    delivery = {"file_name": "Listrak_Customer.csv", "bytes": 10}
    made = report(
        counts={**report()["counts"], "read": 2, "accepted": 2},
        notes={"feed": "customers", "delivery": delivery, "warnings": {"sku_not_in_latest_products": 1}},
    )

    text = shown(made, width=120)

    assert "are in the file on Listrak's SFTP server; Listrak imports it by itself" in text
    assert "delivered to Listrak's SFTP server as Listrak_Customer.csv, 10 bytes" in text
    assert "1 row was sent with a warning: their product is not in the products file" in text


def test_no_line_of_a_report_is_wider_than_a_small_terminal() -> None:
    made = report(counts={**report()["counts"], "read": 3, "rejected": 3})
    detail = "The opt status is not a word this program knows; write a word such as true or false. " * 2

    text = shown(made, TurnedAway("rejected", "opt_status_unreadable", "opt_in", detail, 3, ["2", "3", "4"]))

    assert max(len(line) for line in text.splitlines()) <= 80
