"""Which names of columns a message may tell."""

from __future__ import annotations

import base64
import hashlib
from urllib.parse import quote

import pytest

from listrak_relay.domain.values.names import is_header, listed, may_be_shown

CANARY = "ana.canary@example.com"


@pytest.mark.parametrize(
    "data",
    [
        CANARY,
        quote(CANARY, safe=""),
        base64.b64encode(CANARY.encode()).decode(),
        CANARY.encode().hex(),
        *(hashlib.new(kind, CANARY.encode()).hexdigest() for kind in ("md5", "sha1", "sha256")),
        "+1 717 555 0100",
        "(717) 555-0100",
        "17175550100",
        "1990-02-28",
        "2/28/1990",
        "19120",
        "example.com",
    ],
)
def test_what_may_be_somebodys_data_is_no_name_to_tell(data: str) -> None:
    assert not may_be_shown(data)
    assert data not in listed([data, "email"], ["email", data])


@pytest.mark.parametrize("name", ["email", "First Name", "Email_Opt_In__c", "points_2025", "Größe", "c.loyalty.tier"])
def test_plausible_names_are_told(name: str) -> None:
    assert may_be_shown(name)


def test_a_row_without_any_usual_name_is_told_by_places_only() -> None:
    row = ["Ana", "Meier", "Berlin"]

    assert not is_header(row)
    assert "Ana" not in listed(row, row)
    assert listed(["Meier"], row) == "column 2"


def test_a_row_with_one_value_that_is_plainly_data_is_told_by_places_only() -> None:
    assert listed(["Ana"], ["Ana", "1990-02-28", "city"]) == "column 1"


def test_names_of_a_header_are_told_in_quotes() -> None:
    assert listed(["phone", "Tier"], ["phone", "Tier", "city"]) == '"phone", "Tier"'
