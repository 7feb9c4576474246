"""How a closed run is put in words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listrak_relay.adapters.aws.announcer import subject, text
from tests.support.runs.reports import a_report


def test_the_subject_tells_what_happened_where() -> None:
    report = a_report(reasons={"banned": 3})

    assert (
        subject(report) == "3 of 1,000 rows were not delivered: Listrak has banned this address (email/vip, COMPLETED)"
    )


def test_the_subject_of_a_run_that_needs_a_person_begins_with_attention() -> None:
    report = a_report(status="FAILED", attention=["10 rows are in the dead-letter queue"])

    assert subject(report).startswith("ATTENTION 3 of 1,000 rows were not delivered: ")


@given(audience=st.text(max_size=300))
def test_the_subject_is_one_that_sns_takes(audience: str) -> None:
    line = subject(a_report(audience=audience))

    assert len(line) <= 100
    assert all(" " <= character <= "~" for character in line)


def test_the_text_holds_every_count_reason_and_sentence() -> None:
    report = a_report(status="FAILED", attention=["Look at the rejects."], problem="Listrak was away.", balanced=False)

    words = text(report, "relay", "us-east-2")

    for part in ("990", "dead-lettered", "email_invalid", "- Look at the rejects.", "Problem: Listrak was away."):
        assert part in words
    assert "DO NOT add up" in words
    assert "s3://drop/email/vip/people.csv (version v1)" in words


@pytest.mark.parametrize("version", ["", "v1"])
def test_a_run_that_went_well_says_that_every_row_is_accounted_for(version: str) -> None:
    report = a_report(file={"bucket": "drop", "key": "k", "version_id": version}, reasons={})

    assert "Every row is accounted for." in text(report, "relay", "us-east-2")
    assert "To mend" not in text(report, "relay", "us-east-2")


def test_the_text_names_who_can_mend_what_and_how_the_report_is_opened() -> None:
    words = text(a_report(reasons={"email_invalid": 2}), "relay", "us-east-2")

    assert "To mend by whoever makes the file:" in words
    assert "- 2 rows: not an email address that mail can be sent to (email_invalid)" in words
    assert "listrak-relay report email-0123456789abcdef --open --stack relay --region us-east-2\n" in words


def test_of_rows_that_were_given_up_the_text_says_how_they_are_sent_after_all() -> None:
    counts = {**a_report()["counts"], "accepted": 0, "dead_lettered": 990}
    redrive = "listrak-relay redrive email-0123456789abcdef --stack relay --region us-east-2"

    assert redrive in text(a_report(status="FAILED", counts=counts), "relay", "us-east-2")
    assert "redrive" not in text(a_report(), "relay", "us-east-2")
