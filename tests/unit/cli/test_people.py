"""Finding a person, and taking one out, in what runs have left."""

from __future__ import annotations

import json
from typing import Any, cast

import pytest

from cli.aws.erasing import remove_from_chunk
from cli.aws.stack import Stack
from cli.commands.people import person_of, places_of
from cli.errors import CommandError, ExitCode
from tests.support.fakes.kept import KeptObjects

ANA = "ana@example.com"
TURNED_AWAY = "file,row,outcome,reason,column,detail,record\n"


def a_run(action: str, chunk: str, rows: str, *, state: str = "SETTLED", status: str = "COMPLETED") -> dict[str, str]:
    """Of one chunk, ``r``; ``status``: empty while it goes on."""
    name = f"{action}-0001"
    kept = {
        "runs/r/manifest.json": json.dumps({"chunks": [{"chunk_id": name, "action": action}]}),
        f"chunks/r/{name}.csv": chunk,
        f"chunks/r/{name}.rows": rows,
    }
    report = {"status": status, "chunks": [{"chunk_id": name, "state": state}]}
    return kept | ({"runs/r/report.json": json.dumps(report)} if status else {})


def found(objects: dict[str, str], person: str = ANA) -> list[tuple[Any, Any]]:
    return [(one["row"], one["what"]) for one in places_of(cast("Stack", KeptObjects(objects)), person)]


def test_a_row_that_went_to_listrak_was_sent() -> None:
    assert found(a_run("subscribe", f"ben@example.com\n{ANA}\n", "2\n7\n")) == [
        (7, "subscribe was sent: its run is COMPLETED")
    ]


def test_in_a_feed_a_person_stands_in_any_column_and_the_header_is_no_row() -> None:
    chunk = f"OrderNumber,Email\n1,ben@example.com\n2,{ANA}\n"

    assert found(a_run("relay", chunk, "2\n3\n")) == [(3, "relay was sent: its run is COMPLETED")]


def test_a_row_of_a_chunk_that_was_turned_away_after_all_was_not_sent() -> None:
    skipped = f"{TURNED_AWAY}f.csv,2,skipped,previously_unsubscribed,,,{ANA}\n"

    [(row, what)] = found(a_run("subscribe", f"{ANA}\n", "2\n") | {"runs/r/skipped.csv": skipped})

    assert row == 2
    assert what.startswith("skipped: ")


def test_a_row_that_was_given_up_was_not_sent() -> None:
    assert found(a_run("subscribe", f"{ANA}\n", "2\n", state="DEAD_LETTERED", status="FAILED")) == [
        (2, "subscribe could not be delivered: its run is FAILED")
    ]


def test_a_row_of_a_run_that_goes_on_is_under_way() -> None:
    assert found(a_run("subscribe", f"{ANA}\n", "2\n", status="")) == [
        (2, "subscribe is under way: its run has not ended")
    ]


def test_whoever_left_an_audience_was_in_no_row_of_that_run() -> None:
    mirror = a_run("subscribe", "ben@example.com\n", "2\n") | {"chunks/r/leavers-0000.csv": f"{ANA},\n"}

    assert found(mirror) == [(None, "was not in the file, and so was to leave the audience")]


@pytest.mark.parametrize("typed", ["nonsense", "ana@", "@example.com", "7175550100", "+1 717 555 0100", ""])
def test_what_is_neither_an_address_nor_a_number_is_not_looked_for(typed: str) -> None:
    with pytest.raises(CommandError, match="neither an email address nor a phone number") as told:
        person_of(typed)

    assert told.value.code is ExitCode.WRONG_USE


def test_an_address_is_looked_for_in_any_case() -> None:
    assert person_of(" Ana@Example.com ") == ANA
    assert person_of("+17175550100") == "+17175550100"


def removed(chunk: str, rows: str) -> tuple[str, str]:
    kept = KeptObjects({"chunks/r/c.csv": chunk, "chunks/r/c.rows": rows})
    remove_from_chunk(cast("Stack", kept), "chunks/r/c.csv", ANA)
    return kept.objects["chunks/r/c.csv"], kept.objects["chunks/r/c.rows"]


def test_the_numbers_of_the_rows_that_stay_are_kept_with_them() -> None:
    assert removed(f"ben@example.com,x\n{ANA},y\n", "2\n3\n") == ("ben@example.com,x\n", "2\n")


def test_the_header_of_a_feed_stays_and_has_no_number() -> None:
    assert removed(f"Number,Email\n1,{ANA}\n2,b@example.com\n", "2\n3\n") == ("Number,Email\n2,b@example.com\n", "3\n")


def test_a_row_of_several_lines_goes_as_a_whole() -> None:
    chunk = f'{ANA},"one\ntwo\u2028three"\nben@example.com,"a\u2028b"\n'

    assert removed(chunk, "2\n3\n") == ('ben@example.com,"a\u2028b"\n', "3\n")
