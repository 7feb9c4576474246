"""What is said of a run in one line."""

from __future__ import annotations

import pytest

from listrak_relay.domain.report.sentences import headline, made_sentence, subject, waterfall
from tests.support.runs.reports import a_report

NONE = dict.fromkeys(a_report()["counts"], 0)


@pytest.mark.parametrize(
    ("counts", "reasons", "words"),
    [
        ({"read": 5, "accepted": 5}, {}, "All 5 rows were delivered"),
        ({"read": 5, "accepted": 3, "skipped": 2}, {"opted_out": 2}, "3 of 5 rows were delivered"),
        (
            {"read": 350, "accepted": 179, "rejected": 171},
            {"email_invalid": 171},
            "171 of 350 rows were not delivered: not an email address that mail can be sent to",
        ),
        (
            {"read": 2, "dead_lettered": 2},
            {"list_unknown": 2},
            "2 of 2 rows were not delivered: list unknown",
        ),
    ],
)
def test_the_headline_tells_what_became_of_the_rows(
    counts: dict[str, int], reasons: dict[str, int], words: str
) -> None:
    assert headline(a_report(counts={**NONE, **counts}, reasons=reasons)).startswith(words)


def test_the_headline_of_a_file_that_was_not_sent_tells_why() -> None:
    report = a_report(status="REJECTED", counts=NONE, problem="It breaks off.", problem_code="file_truncated")

    assert headline(report) == "Nothing was sent: file truncated"


def test_the_headline_of_a_file_without_rows_says_so() -> None:
    assert headline(a_report(status="REJECTED", counts=NONE)) == "The file has no rows"


def test_the_subject_tells_where_and_whether_a_person_must_look() -> None:
    report = a_report(attention=["Look."], counts={**NONE, "read": 4, "accepted": 1, "rejected": 3})

    assert subject(report).startswith("ATTENTION 3 of 4 rows were not delivered: ")
    assert subject(report).endswith("(email/vip, COMPLETED)")


def test_the_steps_from_rows_to_people_add_up() -> None:
    steps = waterfall(a_report())

    assert steps[0][:2] == ("read", 1_000)
    assert sum(number for _, number, _ in steps[:-1]) == steps[-1][1] == 990


def test_of_a_feed_the_steps_are_told_in_its_own_words() -> None:
    words = {name: text for name, _, text in waterfall(a_report(notes={"feed": "orders"}))}

    assert words["duplicates"] == "another row of the same key was sent"
    assert "SFTP server" in words["accepted"]


@pytest.mark.parametrize(
    ("made", "sentence"),
    [
        ({"groups": [], "fields": []}, ""),
        ({"groups": [], "fields": ["vip", "City"]}, "Made in Listrak: profile fields vip, City."),
        (
            {"groups": ["Shop"], "fields": ["vip"]},
            "Made in Listrak: profile field group Shop; profile fields vip.",
        ),
    ],
)
def test_what_was_made_in_listrak_is_told(made: dict[str, list[str]], sentence: str) -> None:
    assert made_sentence(a_report(made=made)) == sentence
