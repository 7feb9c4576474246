"""When a whole file is kept back for its rejected rows, and how that is told."""

from __future__ import annotations

from listrak_relay.domain.report.words import reason_words
from listrak_relay.domain.run import rejected_share


def test_why_a_file_is_kept_back_is_told_in_words_and_the_most_frequent_reason_first() -> None:
    said = rejected_share.problem("k", 3, 4, {"email_missing": 1, "email_invalid": 2}, 50, reason_words)

    assert said is not None
    assert said.startswith(
        "k: 3 of 4 rows were rejected (not an email address that mail can be sent to in 2, the email address is empty "
        "in 1), more than max_rejected_percent: 50 allows"
    )


def test_as_many_rejected_rows_as_are_allowed_keep_nothing_back() -> None:
    assert rejected_share.problem("k", 2, 4, {"email_missing": 2}, 50, reason_words) is None
