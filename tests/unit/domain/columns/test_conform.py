"""Values against the profile fields they go to."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listrak_relay.domain.columns.conform import Misfit, check_for
from listrak_relay.domain.run.manifest import FieldType, ProfileColumn

TEXT = ProfileColumn("Note", FieldType.TEXT, longest=10, max_length=255)


@pytest.mark.parametrize(
    ("column", "data_type", "max_length"),
    [
        (TEXT, "Text", 10),
        (TEXT, "Text", 0),
        (TEXT, "CommentArea", 400),
        (replace(TEXT, data_type=FieldType.NUMERIC), "Numeric", 20),
        (replace(TEXT, data_type=FieldType.DATE), "Date", 10),
        (replace(TEXT, data_type=FieldType.DATE), "Text", 50),
    ],
)
def test_a_column_that_fits_as_a_whole_needs_no_look_at_single_values(
    column: ProfileColumn, data_type: str, max_length: int
) -> None:
    assert check_for(column, data_type, max_length) is None


@pytest.mark.parametrize(
    ("data_type", "value", "sent"),
    [
        ("Text", "short", "short"),
        ("Text", "much too long", "value_too_long"),
        ("Numeric", "12.50", "12.50"),
        ("Numeric", "12.505", "value_not_numeric"),
        ("Numeric", "twelve", "value_not_numeric"),
        ("Date", "12/31/2026", "12/31/2026"),
        ("Date", "31/12/2026", "value_not_date"),
        ("CheckBox", "TRUE", "on"),
        ("CheckBox", "0", "off"),
        ("CheckBox", "1.0", "on"),
        ("CheckBox", "0.000", "off"),
        ("CheckBox", "'Yes", "on"),
        ("CheckBox", "10.0", "value_not_switch"),
        ("CheckBox", "perhaps", "value_not_switch"),
        ("RadioButton", "yes", "on"),
        ("Numeric", "", ""),
        ("Numeric", "'12.50", "12.50"),
        ("Numeric", "\u202d12.50\u202c", "12.50"),
        ("Numeric", "''1", "value_not_numeric"),
        ("Date", "'2026-01-31", "01/31/2026"),
        ("Date", "\u200e1/31/2026", "01/31/2026"),
        ("Text", "'12.50", "'12.50"),
    ],
)
def test_a_value_goes_in_the_field_s_form_or_is_rejected_with_a_reason(data_type: str, value: str, sent: str) -> None:
    check = check_for(replace(TEXT, longest=20), data_type, 10)
    assert check is not None

    result = check(value)

    assert (result.reason if isinstance(result, Misfit) else result) == sent


@given(value=st.text(), data_type=st.sampled_from(["Text", "Numeric", "Date", "CheckBox"]), limit=st.integers(0, 20))
def test_what_passes_is_never_longer_than_the_field_and_never_cut(value: str, data_type: str, limit: int) -> None:
    check = check_for(replace(TEXT, longest=max(len(value), 1)), data_type, limit)
    result = check(value) if check else value

    if not isinstance(result, Misfit):
        assert limit == 0 or len(result) <= limit
        assert result == value or data_type != "Text"
