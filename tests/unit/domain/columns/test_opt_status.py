"""What a row says about a person's wish to be written to."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listrak_relay.domain.columns.opt_status import BLANK, UNREADABLE, read, words
from listrak_relay.domain.run.manifest import Action

PLAIN = [("true", "false"), ("Yes", "No"), ("Y", "N"), ("t", "f"), ("1", "0"), ("1.0", "0.0"), ("ON", "off")]


@pytest.mark.parametrize(("yes", "no"), PLAIN)
def test_plain_words_turn_round_with_the_question(yes: str, no: str) -> None:
    assert read(yes, inverted=False) is Action.SUBSCRIBE
    assert read(no, inverted=False) is Action.UNSUBSCRIBE
    assert read(yes, inverted=True) is Action.UNSUBSCRIBE
    assert read(no, inverted=True) is Action.SUBSCRIBE


@pytest.mark.parametrize(
    "word", ["Unsubscribed", "unsubscribe", "opted out", "Opt-Out", "opted_out", "OptedOut", "optout"]
)
@pytest.mark.parametrize("inverted", [True, False])
def test_a_word_that_names_the_unsubscribed_state_means_it_in_either_column(word: str, inverted: bool) -> None:
    assert read(word, inverted=inverted) is Action.UNSUBSCRIBE


@pytest.mark.parametrize("word", ["Subscribed", "subscribe", "opted in", "Opt-In", "opted_in", "OptedIn", "active"])
def test_a_word_that_names_the_subscribed_state_contradicts_an_opted_out_column(word: str) -> None:
    assert read(word, inverted=False) is Action.SUBSCRIBE
    assert read(word, inverted=True) == UNREADABLE


def test_inactive_in_an_opted_out_column_could_be_read_both_ways_so_it_is_not_read() -> None:
    assert read("inactive", inverted=False) is Action.UNSUBSCRIBE
    assert read("inactive", inverted=True) == UNREADABLE


@pytest.mark.parametrize("value", ["", "  ", "\t", "\u00a0"])
def test_an_empty_value_is_blank(value: str) -> None:
    assert read(value, inverted=False) == BLANK


@pytest.mark.parametrize("value", ["maybe", "-1", "2", "null", "unknown", "pending", "-", "tru e", "yes please"])
def test_any_other_word_is_unreadable(value: str) -> None:
    assert read(value, inverted=False) == UNREADABLE


@given(st.sampled_from(sorted(words(inverted=False))), st.text(alphabet=" \t\n\u00a0", max_size=3), st.booleans())
def test_case_and_white_space_around_a_word_do_not_matter(word: str, space: str, inverted: bool) -> None:
    assert read(f"{space}{word.upper()}{space}", inverted=inverted) == read(word, inverted=inverted)


@given(st.text(max_size=12), st.booleans())
def test_every_value_is_an_action_or_a_reason(value: str, inverted: bool) -> None:
    assert read(value, inverted=inverted) in {Action.SUBSCRIBE, Action.UNSUBSCRIBE, BLANK, UNREADABLE}
