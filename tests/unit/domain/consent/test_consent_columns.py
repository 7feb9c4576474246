"""Whoever says no, under whatever name and in whatever words, is not taken for somebody who says yes or nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from listrak_relay.domain.consent.doubts import doubt_of
from listrak_relay.domain.consent.names import Reading, known_reading
from listrak_relay.domain.consent.reading import read_cell
from listrak_relay.domain.consent.statements import Question, Statement
from listrak_relay.domain.consent.suspicion import Verdict, judge
from listrak_relay.domain.destinations.choices import Channel
from tests.support.files.counted_values import values_of

LINES = Path(__file__).with_name("consent_columns.txt").read_text(encoding="utf-8").splitlines()
COLUMNS = [
    tuple(part.strip() for part in line.split("|")) for line in LINES if line.strip() and not line.startswith("#")
]
SUBSCRIBED = (Statement.YES, Statement.NOT_OUT, Statement.NOTHING)


def subscribed(channel: Channel, name: str, texts: list[str]) -> list[str] | None:
    """The cells of those whom a file with this column subscribes; None: it is refused."""
    reading = known_reading(name, channel)
    if reading is None:
        match judge(name, doubt_of(name, channel), values_of(texts), others_read=False):
            case Verdict.UNSURE:
                return None
            case Verdict.FIELD:
                return texts
            case Verdict.READ:
                reading = Reading(Question.OPTED_IN)
    return [text for text in texts if read_cell(text, reading) in SUBSCRIBED]


@pytest.mark.parametrize(("channel", "name", "yes", "no"), COLUMNS, ids=[f"{c[0]}-{c[1]}-{c[3][:9]}" for c in COLUMNS])
def test_nobody_who_says_no_is_subscribed(channel: str, name: str, yes: str, no: str) -> None:
    agreeing, refusing = yes.split(";"), no.split(";")

    found = subscribed(Channel(channel), name, agreeing * 8 + refusing * 4)

    assert found is None or set(found) == set(agreeing)


def test_there_are_many() -> None:
    assert len(COLUMNS) > 100
