"""Types of profile fields and the form of dates."""

from __future__ import annotations

import pytest

from listrak_relay.domain.columns.field_types import (
    default_length,
    detail,
    is_identifier_name,
    is_numeric,
)
from listrak_relay.domain.run.manifest import FieldType


@pytest.mark.parametrize("value", ["0", "7", "-7", "1234567890", "0.5", "12.50", "-0.05", "9" * 15])
def test_plain_decimals_are_numeric(value: str) -> None:
    assert is_numeric(value)


@pytest.mark.parametrize(
    "value", ["007", "1.234", "1,5", "1e5", "+1", "", " 1", ".5", "5.", "9" * 16, "١٢", "1\n", "--1"]
)
def test_values_that_would_change_or_be_refused_are_not_numeric(value: str) -> None:
    assert not is_numeric(value)


@pytest.mark.parametrize(
    "name",
    [
        "zip",
        "Postal Code",
        "phone",
        "customer_id",
        "customerId",
        "ID",
        "SKU",
        "promo code",
        "Account",
        "order-number",
        "ZipCode",
    ],
)
def test_names_of_identifiers_are_recognised(name: str) -> None:
    assert is_identifier_name(name)


@pytest.mark.parametrize("name", ["points", "lifetime_value", "age", "paid", "valid", "orders", "grid", "amount_paid"])
def test_names_of_quantities_are_not_taken_for_identifiers(name: str) -> None:
    assert not is_identifier_name(name)


def test_a_field_gets_the_length_of_its_type() -> None:
    lengths = [default_length(kind, 255) for kind in (FieldType.TEXT, FieldType.NUMERIC, FieldType.DATE)]

    assert lengths == [255, 20, 10]


def test_the_detail_of_a_wrong_date_names_the_format_asked_for() -> None:
    assert "%d.%m.%Y" in detail("value_not_date", "%d.%m.%Y")
    assert "2026-01-31" in detail("value_not_date")
