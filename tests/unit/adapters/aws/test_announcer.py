"""How a closed run is put in words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listrak_relay.adapters.aws.announcer import subject, text
from tests.support.runs.reports import a_report


def test_the_subject_names_status_destination_audience_and_rows() -> None:
    assert subject(a_report()) == "Listrak Relay COMPLETED: email/vip 1,000 rows"


def test_the_subject_of_a_run_that_needs_a_person_begins_with_attention() -> None:
    report = a_report(status="FAILED", attention=["10 rows are in the dead-letter queue"])

    assert subject(report) == "ATTENTION Listrak Relay FAILED: email/vip 1,000 rows"


@given(audience=st.text(max_size=300))
def test_the_subject_is_one_that_sns_takes(audience: str) -> None:
    line = subject(a_report(audience=audience))

    assert len(line) <= 100
    assert all(" " <= character <= "~" for character in line)


def test_the_text_holds_every_count_reason_and_sentence() -> None:
    report = a_report(status="FAILED", attention=["Look at the rejects."], problem="Listrak was away.", balanced=False)

    words = text(report)

    for part in ("990", "dead lettered", "email_invalid", "- Look at the rejects.", "Problem: Listrak was away."):
        assert part in words
    assert "DO NOT add up" in words
    assert "s3://drop/email/vip/people.csv (version v1)" in words


@pytest.mark.parametrize("version", ["", "v1"])
def test_a_run_that_went_well_says_that_every_row_is_accounted_for(version: str) -> None:
    report = a_report(file={"bucket": "drop", "key": "k", "version_id": version}, reasons={})

    assert "Every row is accounted for." in text(report)
    assert "by reason" not in text(report)
