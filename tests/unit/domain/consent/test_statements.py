"""What the words in a column say about a person's wish to be written to."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listrak_relay.domain.consent.names import Reading
from listrak_relay.domain.consent.reading import read_cell, read_row
from listrak_relay.domain.consent.statements import Question, Statement, words

IN, OUT = Reading(Question.OPTED_IN), Reading(Question.OPTED_OUT)
OUT_ON, IN_ON = Reading(Question.OPTED_OUT_ON), Reading(Question.OPTED_IN_ON)

PLAIN = [
    ("true", "false"),
    ("Yes", "No"),
    ("Y", "N"),
    ("t", "f"),
    ("1", "0"),
    ("1.0", "0.0"),
    ("1.000000000", "0.000000000"),
    ("ON", "off"),
    ("ja", "Nein"),
]
NOT_ASKED = [
    "never_subscribed",
    "non-subscribed",
    "NOT_SUBSCRIBED",
    "pending",
    "cleaned",
    "bounced",
    "Held",
    "suppressed",
    "Unconfirmed",
    "pending_confirmation",
    "DID_NOT_SUBSCRIBE",
    "Non-marketing contact",
    "unknown",
]


@pytest.mark.parametrize(("yes", "no"), PLAIN)
def test_plain_words_turn_round_with_the_question(yes: str, no: str) -> None:
    assert read_cell(yes, IN) is Statement.YES
    assert read_cell(no, IN) is Statement.NO
    assert read_cell(yes, OUT) is Statement.NO
    assert read_cell(no, OUT) is Statement.NOT_OUT


@pytest.mark.parametrize(
    "word", ["Unsubscribed", "unsubscribe", "opted out", "Opt-Out", "opted_out", "OptedOut", "optout"]
)
@pytest.mark.parametrize("reading", [IN, OUT, OUT_ON, IN_ON])
def test_a_word_that_names_the_unsubscribed_state_means_it_in_every_column(word: str, reading: Reading) -> None:
    assert read_cell(word, reading) is Statement.NO


@pytest.mark.parametrize("word", ["Subscribed", "subscribe", "opted in", "Opt-In", "opted_in", "OptedIn", "active"])
def test_a_word_that_names_the_subscribed_state_contradicts_an_opted_out_column(word: str) -> None:
    assert read_cell(word, IN) is Statement.YES
    assert read_cell(word, OUT) is Statement.UNREADABLE


def test_inactive_in_an_opted_out_column_could_be_read_both_ways_so_it_is_not_read() -> None:
    assert read_cell("inactive", IN) is Statement.NO
    assert read_cell("inactive", OUT) is Statement.UNREADABLE


@pytest.mark.parametrize("word", NOT_ASKED)
@pytest.mark.parametrize("reading", [IN, OUT, OUT_ON])
def test_who_was_not_asked_or_cannot_be_reached_neither_wants_mail_nor_has_left(word: str, reading: Reading) -> None:
    assert read_cell(word, reading) is Statement.NOT_ASKED


@pytest.mark.parametrize("value", ["", "  ", "\t", "\u00a0"])
def test_an_empty_value_says_nothing_where_only_a_day_would_say_something(value: str) -> None:
    assert read_cell(value, IN) is Statement.BLANK
    assert read_cell(value, OUT) is Statement.UNANSWERED
    assert read_cell(value, OUT_ON) is Statement.NOTHING
    assert read_cell(value, Reading(Question.OPTED_OUT_IF_SAID)) is Statement.NOTHING


@pytest.mark.parametrize(
    "day",
    [
        "2026-01-31",
        "2026-01-31 17:23:48+00",
        "2026-01-31T17:23:48.123Z",
        "1/31/2026",
        "31.01.26 08:00",
        "Jan 5, 2026",
        "5 January 2026",
        "20260131",
        "1769846400",
        "1769846400000",
    ],
)
def test_a_day_in_a_column_of_opt_outs_is_a_no_since_then(day: str) -> None:
    assert read_cell(day, OUT_ON) is Statement.NO
    assert read_cell(day, OUT) is Statement.NO
    assert read_cell(day, Reading(Question.UNREACHABLE)) is Statement.NOT_ASKED
    assert read_cell(day, IN_ON) is Statement.YES


@pytest.mark.parametrize(
    "value", ["0000-00-00", "0000-00-00 00:00:00", "false", "0", "null", "never", "NaT", "N/A", "-", "<NA>", "(blank)"]
)
def test_no_day_is_no_opt_out(value: str) -> None:
    assert read_cell(value, OUT_ON) is Statement.NOTHING


@pytest.mark.parametrize("value", ["maybe", "-1", "2", "--1", "tru e", "yes indeed"])
@pytest.mark.parametrize("reading", [IN, OUT, OUT_ON])
def test_any_other_word_is_unreadable(value: str, reading: Reading) -> None:
    assert read_cell(value, reading) is Statement.UNREADABLE


def test_a_reason_for_leaving_tells_of_an_opt_out_whatever_it_says() -> None:
    assert read_cell("too many mails", Reading(Question.OUT_IF_FILLED)) is Statement.NO
    assert read_cell("", Reading(Question.OUT_IF_FILLED)) is Statement.NOTHING


def test_of_two_columns_that_contradict_each_other_no_wins() -> None:
    assert read_row([("yes", IN), ("no", IN)]) is Statement.NO
    assert read_row([("yes", IN), ("2026-01-31", OUT_ON)]) is Statement.NO
    assert read_row([("yes", IN), ("", OUT_ON)]) is Statement.YES
    assert read_row([("yes", IN), ("bounced", IN)]) is Statement.NOT_ASKED
    assert read_row([("yes", IN), ("perhaps", IN)]) is Statement.UNREADABLE
    assert read_row([("", IN), ("yes", IN)]) is Statement.YES


def test_who_has_not_opted_out_has_not_opted_in_where_that_is_asked() -> None:
    assert read_row([("no", OUT), ("yes", IN)]) is Statement.YES
    assert read_row([("no", OUT), ("", IN)]) is Statement.BLANK
    assert read_row([("no", OUT), ("", IN_ON)]) is Statement.UNDATED
    assert read_row([("no", OUT), ("pending", IN)]) is Statement.NOT_ASKED
    assert read_row([("no", OUT), ("", OUT)]) is Statement.NOT_OUT
    assert read_row([("no", OUT), ("", OUT_ON)]) is Statement.NOT_OUT


@pytest.mark.parametrize(
    "value", ["Unsubscribed (global)", "opted-out by phone, 2026", "user unsubscribed via link", "Opt Out requested"]
)
@pytest.mark.parametrize("reading", [IN, OUT, OUT_ON, IN_ON])
def test_a_text_with_an_opt_out_in_it_is_a_no(value: str, reading: Reading) -> None:
    assert read_cell(value, reading) is Statement.NO


@pytest.mark.parametrize("value", ["not unsubscribed", "never opted out", "has opted out?", "hasn't opted out"])
def test_a_text_that_denies_an_opt_out_is_unreadable(value: str) -> None:
    assert read_cell(value, OUT) is Statement.UNREADABLE


@pytest.mark.parametrize("value", ["", "0", "none", "N/A"])
def test_no_reason_for_leaving_tells_nothing(value: str) -> None:
    assert read_cell(value, Reading(Question.OUT_IF_FILLED)) is Statement.NOTHING


@given(st.sampled_from(sorted(words(Question.OPTED_IN))), st.text(alphabet=" \t\n\u00a0", max_size=3))
def test_case_and_white_space_around_a_word_do_not_matter(word: str, space: str) -> None:
    assert read_cell(f"{space}{word.upper()}{space}", IN) == read_cell(word, IN)


@given(st.text(max_size=12), st.sampled_from(sorted(Question)))
def test_every_value_says_something_that_there_is(value: str, question: Question) -> None:
    assert read_cell(value, Reading(question)) in Statement


@pytest.mark.parametrize(
    "text",
    [
        "0001-01-01T00:00:00Z",
        "0001-01-01 00:00:00",
        "1/1/0001 12:00:00 AM",
        "0001-01-01",
        "0000-00-00",
        "0000-00-00 00:00:00.000000",
        "00/00/0000",
        "00.00.0000",
        "00000000",
        "00000000000000",
    ],
)
def test_the_day_that_programs_write_for_none_is_none(text: str) -> None:
    assert read_cell(text, OUT_ON) is Statement.NOTHING
    assert read_cell(text, IN_ON) is Statement.UNDATED
    assert (read_cell(text, IN), read_cell(text, OUT)) == (Statement.BLANK, Statement.UNANSWERED)


@pytest.mark.parametrize(
    "text", ["1970-01-01T00:00:00Z", "1900-01-01", "1/1/1900", "1969-12-31 19:00:00", "1899-12-30", "12/31/1969"]
)
def test_where_programs_begin_to_count_days_is_no_opt_in_and_may_be_an_opt_out(text: str) -> None:
    assert read_cell(text, IN_ON) is Statement.UNDATED
    assert read_cell(text, IN) is Statement.BLANK
    assert (read_cell(text, OUT_ON), read_cell(text, OUT)) == (Statement.NO, Statement.NO)


@given(st.text(max_size=12), st.sampled_from([Question.OPTED_IN, Question.OPTED_OUT, Question.OPTED_OUT_ON]))
def test_only_a_word_that_is_known_or_a_day_is_taken_for_consent(value: str, question: Question) -> None:
    if read_cell(value, Reading(question)) is Statement.YES:
        assert question is Question.OPTED_IN or value.strip().lower() in words(question)
