"""Many phone numbers in little memory."""

from __future__ import annotations

import tracemalloc

from hypothesis import given
from hypothesis import strategies as st

from listrak_relay.domain.delivery.number_set import NumberSet

numbers = st.lists(st.text("0123456789", max_size=25))


@given(numbers, st.text("0123456789", max_size=25))
def test_it_holds_what_a_set_of_texts_holds(found: list[str], other: str) -> None:
    small = NumberSet(found)

    assert set(small) == set(found)
    assert len(small) == len(set(found))
    assert all(number in small for number in found)
    assert (other in small) == (other in set(found))


@given(numbers, numbers)
def test_it_can_be_taken_from_another(some: list[str], others: list[str]) -> None:
    assert set(NumberSet(some)) - set(NumberSet(others)) == set(some) - set(others)


def test_leading_zeros_tell_numbers_apart() -> None:
    assert sorted(NumberSet(["0044", "44", "044", ""])) == ["", "0044", "044", "44"]


@given(numbers)
def test_its_order_goes_by_the_numbers_alone(found: list[str]) -> None:
    assert list(NumberSet(found)) == list(NumberSet(reversed([*found, *found])))


def test_numbers_take_nine_bytes_each_while_they_are_gathered_and_afterwards() -> None:
    many = 500_000
    numbers = (str(12_000_000_000 + place * 7_919 % many) for place in range(many))

    tracemalloc.start()
    try:
        kept = NumberSet(numbers)
        left, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert len(kept) == many
    assert left < 9 * many
    assert most < 12 * many
