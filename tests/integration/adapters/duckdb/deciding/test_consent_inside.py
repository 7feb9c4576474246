"""A file in which lists or objects may tell consent stops until somebody has said what they are."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from listrak_relay.domain.destinations.data_template import ColumnRole, ColumnRule, DataTemplate
from listrak_relay.errors import FileRejectedError
from tests.support.files.audience_files import EMAIL, read, read_file


def people(values: list[Any]) -> str:
    return "\n".join(json.dumps({"email": f"p{n}@example.com", "extra": value}) for n, value in enumerate(values))


@pytest.mark.parametrize(
    ("values", "rows"),
    [
        ([{"email": {"marketing": True}}, {"email": {"marketing": False}}, None], 2),
        ([{"city": "Oslo"}, {"unsubscribed": True}], 1),
        (["vip,gold", "vip,unsubscribed", "Do-Not-Email, vip"], 2),
        ([["vip"], ["vip", "opted_out"]], 1),
        (["email=yes;sms=no", "email=no;sms=no", "Newsletter: off"], 3),
    ],
)
def test_consent_inside_a_value_stops_the_file(values: list[Any], rows: int) -> None:
    told = rf'"extra" says who wants to be written to: consent in a list or an object in {rows} row'
    with pytest.raises(FileRejectedError, match=told) as raised:
        read(people(values))

    assert raised.value.code == "opt_status_unsure"
    assert "unsubscribed" not in str(raised.value)


def test_in_one_of_many_columns_it_does_too() -> None:
    names = [f"c{n}" for n in range(60)]
    row = ["x"] * 59 + ['"vip;unsubscribed"']

    with pytest.raises(FileRejectedError, match='"c59"'):
        read("\n".join([",".join(["email", *names]), ",".join(["a@example.com", *row])]))


@pytest.mark.parametrize("values", [[{"city": "Oslo"}, {"active": True}], ["vip,gold", "a;b"], [[1, 2], []]])
def test_other_lists_and_objects_are_values(values: list[Any]) -> None:
    assert len(read(people(values)).rows) == len(values)


def test_a_data_template_says_what_it_is(tmp_path: Any) -> None:
    template = DataTemplate("t", {"extra": ColumnRule(ColumnRole.FIELD)})

    found = read_file(tmp_path, people([{"unsubscribed": True}]), replace(EMAIL, data_template=template))

    assert len(found.rows) == 1


def test_a_state_that_is_no_list_is_read() -> None:
    found = read("email,status\na@example.com,subscribed\nb@example.com,unsubscribed\n")

    assert found.result.notes["consent"]["rows"] == {"no": 1, "yes": 1}


@pytest.mark.parametrize(
    "note",
    [
        *("please unsubscribe me", "Do not email!", "called: opted out of everything", "NO MORE. Don't contact"),
        *("Asked to be removed from list", "take her off the mailing list", "wants no e-mails"),
        *("No longer wishes to receive emails", "doesn't want to be contacted", "does not want any marketing"),
        *("Unsubscribed by phone 3/4", "no email/sms please"),
    ],
)
def test_a_note_that_somebody_wants_no_messages_stops_the_file(note: str) -> None:
    told = r'"extra" says who wants to be written to: a note that somebody wants no messages in 2 row'
    with pytest.raises(FileRejectedError, match=told) as raised:
        read(people(["likes shoes", note, note]))

    assert raised.value.code == "opt_status_unsure"
    assert note not in str(raised.value)


def test_beside_a_column_that_tells_consent_a_note_stops_nothing() -> None:
    found = read("email,opt_in,note\na@example.com,yes,wants to opt out of the catalog\nb@example.com,no,\n")

    assert found.result.notes["consent"]["rows"] == {"no": 1, "yes": 1}


@pytest.mark.parametrize(
    "text",
    [
        "https://example.com/unsubscribe?id=1",
        "www.example.com/optout",
        "example.com/unsubscribe",
        "/unsubscribe/1",
        "By ticking this box you agree to our terms; you can unsubscribe whenever you like.",
        "Adopt Outdoor",
        "12 No Market Street",
        "wants to hear from us",
        "removed from stock list",
        "Take Me Home, Wish List",
    ],
)
def test_links_wordings_and_names_are_no_notes(text: str) -> None:
    assert len(read(people([text])).rows) == 1
