"""A file of orders is known by its columns."""

from __future__ import annotations

import pytest

from listrak_relay.domain.feeds.likeness import is_of_orders

ORDERS = ["OrderNumber", "Email", "Date_Entered", "OrderTotal", "Status"]


def test_the_columns_of_orders_are_known() -> None:
    assert is_of_orders(ORDERS)


@pytest.mark.parametrize(
    "headers",
    [
        [*ORDERS, "first_name"],  # of people, who may be an audience of buyers
        ["email", "OrderNumber", "OrderTotal"],
        ["email", "city"],
        ["email"],
    ],
)
def test_those_of_an_audience_are_none(headers: list[str]) -> None:
    assert not is_of_orders(headers)
