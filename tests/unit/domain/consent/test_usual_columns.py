"""Usual columns of shops and data platforms that say nothing of consent do not stop a file."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from listrak_relay.domain.consent.names import known_reading
from listrak_relay.domain.consent.statements import DAY_PATTERN, PLAIN_WORDS, STATE_WORDS, Question, normal_word
from listrak_relay.domain.consent.suspicion import Doubt, Values, Verdict, doubt_of, judge
from listrak_relay.domain.destinations.destinations import Channel

LINES = Path(__file__).with_name("usual_columns.txt").read_text(encoding="utf-8").splitlines()
USUAL = [tuple(line.split(" | ", 1)) for line in LINES if line and not line.startswith("#")]
KNOWN_WORDS = PLAIN_WORDS | STATE_WORDS


def values_of(texts: list[str]) -> Values:
    """What a reader counts of the cells of a column."""
    words: Counter[str] = Counter()
    days = others = blanks = 0
    for text in texts:
        word = normal_word(text)
        if not word:
            blanks += 1
        elif word in KNOWN_WORDS:
            words[word] += 1
        elif re.search(DAY_PATTERN, text):
            days += 1
        else:
            others += 1
    return Values(dict(words), days, others, blanks)


def test_there_are_many() -> None:
    assert len(USUAL) > 150


@pytest.mark.parametrize("channel", [Channel.EMAIL, Channel.SMS])
@pytest.mark.parametrize(("name", "texts"), USUAL, ids=[name for name, _ in USUAL])
def test_a_usual_column_is_a_field(name: str, texts: str, channel: Channel) -> None:
    known = known_reading(name, channel)
    if known is not None:
        assert known.question is Question.DETAIL
        return

    verdict = judge(name, doubt_of(name, channel), values_of(texts.split(";") * 20), others_read=False)

    assert verdict is Verdict.FIELD


@pytest.mark.parametrize(
    "name",
    [
        *(
            "Loyalty Offers Accepted",
            "Delivery Email",
            "list_member",
            "Order News Approved",
            "Reward Messages Enabled",
        ),
        *(
            "Account Contact Allowed",
            "Member Mailing",
            "Product Promotions Enabled",
            "Cart Emails Active",
            "Verified Optin",
        ),
        *("Address Permission", "Credit Marketing Status", "Member Consent", "Email Confirmed", "Newsletter Member"),
    ],
)
def test_what_names_another_thing_but_speaks_of_messages_stays_doubtful(name: str) -> None:
    assert known_reading(name, Channel.EMAIL) is not None or doubt_of(name, Channel.EMAIL) is not Doubt.NONE
