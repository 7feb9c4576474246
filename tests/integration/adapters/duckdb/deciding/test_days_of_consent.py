"""Days that programs write where there is none are no consent."""

from __future__ import annotations

import pytest

from listrak_relay.domain.run.manifest import Action
from listrak_relay.errors import FileRejectedError
from tests.support.files.audience_files import read

NEVER = ["1970-01-01 00:00:00", "1900-01-01", "0001-01-01T00:00:00Z", "12/31/1969 19:00", "0000-00-00 00:00:00"]


@pytest.mark.parametrize("rows", [6, 3_000])
@pytest.mark.parametrize("never", NEVER)
def test_a_day_of_consent_that_is_none_stops_a_file_in_which_it_is_all_that_tells(never: str, rows: int) -> None:
    days = [f"2026-01-{n % 28 + 1:02} 10:{n % 60:02}:{n // 60 % 60:02}" for n in range(rows)]
    lines = [f"p{n}@example.com,{day}" for n, day in enumerate([*days, never])]

    with pytest.raises(FileRejectedError, match="gdpr_consent_date"):
        read("\n".join(["email,gdpr_consent_date", *lines]))


@pytest.mark.parametrize("never", NEVER)
def test_somebody_with_such_a_day_is_not_subscribed(never: str) -> None:
    found = read(f"email,subscribed at\na@example.com,2026-01-02\nb@example.com,{never}\n")

    assert {number: action for number, (action, _) in found.rows.items()} == {2: Action.SUBSCRIBE, 3: Action.KEEP}


def test_nobody_is_subscribed_by_a_date_of_zeros_in_a_column_of_answers() -> None:
    found = read("email,opt_in\na@example.com,2026-01-02\nb@example.com,0000-00-00\nc@example.com,00000000\n")

    assert {number: action for number, (action, _) in found.rows.items()} == {2: Action.SUBSCRIBE}
    assert found.reasons == {3: "opt_status_blank", 4: "opt_status_blank"}
