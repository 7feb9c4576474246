"""Numbers with at most two decimals, in whatever form, keep their value."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listrak_relay.domain.values.numbers import plain


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("12.5000", "12.50"),
        ("2.0000", "2.00"),
        ("2.0", "2.0"),
        ("1E+3", "1000"),
        ("1.255e2", "125.50"),
        ("1.5E-1", "0.15"),
        ("+7", "7"),
        ("5.", "5"),
        (".50", "0.50"),
        ("-.5", "-0.5"),
        ("-0E0", "0"),
        ("007", "007"),
        ("+00012.50", "12.50"),
        ("-00000000000000000000003.5000", "-3.50"),
        ("+0000012.", "12"),
        ("-000.25", "-0.25"),
        ("+1.25000000000000E+001", "12.50"),
        ("1.5E-001", "0.15"),
    ],
)
def test_a_number_is_written_plainly(text: str, expected: str) -> None:
    assert plain(text) == expected


@pytest.mark.parametrize(
    "text", ["12.345", "1e-3", "1E+99", "1234567890123456", "1,234.50", "12 ", "$5", "NaN", "", "e3"]
)
def test_what_has_more_decimals_or_is_no_number_is_none(text: str) -> None:
    assert plain(text) is None


@given(
    st.from_regex(r"[+-]?0{0,3}[0-9]{1,15}(\.[0-9]{0,2}0*)?", fullmatch=True)
    | st.from_regex(r"[+-]?[0-9](\.[0-9]{1,4})?[eE]\+?0?[0-9]{1,2}", fullmatch=True)
)
def test_the_value_stays_the_same(text: str) -> None:
    found = plain(text)

    assert found is None or Decimal(found) == Decimal(text)
    assert found is None or re.fullmatch(r"-?[0-9]+(\.[0-9]{1,2})?", found)
