"""What is said of a run in one line."""

from __future__ import annotations

from typing import Any

import pytest

from listrak_relay.domain.report.sentences import (
    after_mending,
    feed_sentences,
    headline,
    lacking_sentence,
    made_sentence,
    place_sentence,
    subject,
    waterfall,
)
from tests.support.runs.reports import a_report

NONE = dict.fromkeys(a_report()["counts"], 0)


@pytest.mark.parametrize(
    ("counts", "reasons", "words"),
    [
        ({"read": 5, "accepted": 5}, {}, "All 5 rows were delivered"),
        ({"read": 5, "accepted": 3, "skipped": 2}, {"opted_out": 2}, "3 of 5 rows were delivered, 2 left alone"),
        ({"read": 5, "accepted": 4, "duplicates": 1}, {}, "4 of 5 rows were delivered, 1 there twice"),
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


def test_what_stopped_the_rows_is_told_in_the_words_of_the_problem() -> None:
    report = a_report(
        counts={**NONE, "read": 2, "dead_lettered": 2},
        reasons={"list_unknown": 2},
        problem_code="list_unknown",
        problem="Listrak has no list named 'VIP'; the key 'list' must be one of: 'Master List'",
    )

    assert headline(report) == "2 of 2 rows were not delivered: Listrak has no list named 'VIP'"


@pytest.mark.parametrize(
    ("problem", "words"),
    [
        ("It breaks off.", "It breaks off"),
        ("email/vip/people.csv: the file is empty; drop a file with a header row", "the file is empty"),
        (
            "the destination vip is not used, it has 2 faults:\n- line 3: no channel",
            "the destination vip is not used, it has 2 faults",
        ),
        (
            'email/vip/people.csv: no column holds email addresses; the file has "name"',
            "no column holds email addresses",
        ),
        (
            "email/vip/people.csv: 2 of 3 rows were rejected (row_too_long in 2), more than 50",
            "2 of 3 rows were rejected (row_too_long in 2)",
        ),
    ],
)
def test_the_headline_of_a_file_that_was_not_sent_tells_why(problem: str, words: str) -> None:
    report = a_report(status="REJECTED", counts=NONE, problem=problem, problem_code="some_code")

    assert headline(report) == f"Nothing was sent: {words}"


@pytest.mark.parametrize(
    ("notes", "said"),
    [
        ({"feed": "products", "unknown_columns": ["Titel"]}, ['sent under their own names: "Titel".']),
        ({"feed": "products", "columns_that_listrak_features_need": ["title"]}, ['does not have: "title".']),
        ({"feed": "orders", "warnings": {"sku_not_in_latest_products": 1}}, ["1 row was sent with a warning: "]),
        ({"feed": "orders", "unknown_columns": [], "warnings": {}}, []),
        ({"unknown_columns": ["Titel"]}, []),
    ],
)
def test_a_feed_tells_what_is_not_as_it_should_be_although_it_was_sent(notes: dict[str, Any], said: list[str]) -> None:
    found = feed_sentences(notes)

    assert len(found) == len(said)
    assert all(words in sentence for words, sentence in zip(said, found, strict=True))


def test_where_the_people_are_is_told_by_what_one_finds_in_listrak() -> None:
    email = place_sentence(a_report(list="VIP", group="Audiences"))
    texts = place_sentence(a_report(list="Club", group=None))

    assert (
        email
        == "In Listrak the audience is whoever has vip on, a profile field of the group Audiences, on the list VIP."
    )
    assert texts.startswith("In Listrak whoever is to be texted is on the phone list Club;")
    assert (
        place_sentence(a_report(list="VIP", group="Audiences", counts=NONE))
        == place_sentence(a_report(list=None))
        == ""
    )


def test_rows_that_were_given_up_may_go_again_by_the_settings_of_then_or_of_now() -> None:
    given_up = after_mending(a_report(counts={**NONE, "read": 2, "dead_lettered": 2}), " --stack s")

    assert "listrak-relay redrive email-0123456789abcdef --stack s" in given_up
    assert "listrak-relay replay email/vip/people.csv --stack s" in given_up
    assert after_mending(a_report()) == ""


def test_the_headline_of_a_file_without_rows_says_so() -> None:
    assert headline(a_report(status="REJECTED", counts=NONE)) == "The file has no rows"


def test_the_subject_tells_where_and_whether_a_person_must_look() -> None:
    report = a_report(attention=["Look."], counts={**NONE, "read": 4, "accepted": 1, "rejected": 3})

    assert subject(report).startswith("ATTENTION 3 of 4 rows were not delivered: ")
    assert subject(report).endswith("(email/vip, COMPLETED)")


def test_the_subject_tells_why_a_person_must_look_although_all_rows_were_delivered() -> None:
    report = a_report(attention=["It has no title: none is shown."], counts={**NONE, "read": 4, "accepted": 4})

    assert subject(report) == ("ATTENTION All 4 rows were delivered. It has no title (email/vip, COMPLETED)")


def test_a_feed_that_was_sent_without_what_makes_it_useful_says_so() -> None:
    said = lacking_sentence({"feed": "products", "essential_columns_missing": ["title", "price"]})

    assert said.startswith("The file has no column title and no column price: without that Listrak keeps the products")
    assert lacking_sentence({"feed": "products", "essential_columns_missing": []}) == lacking_sentence({}) == ""


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


@pytest.mark.parametrize("code", ["import_stalled", "import_failed", "overdue"])
def test_where_no_message_is_left_nobody_is_told_to_return_one(code: str) -> None:
    given_up = {**a_report()["counts"], "accepted": 0, "dead_lettered": 990}

    told = after_mending(a_report(status="STALLED", counts=given_up, problem_code=code), " --stack prod")

    assert "redrive" not in told
    assert told.endswith("listrak-relay replay email/vip/people.csv --stack prod")
