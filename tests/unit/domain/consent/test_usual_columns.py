"""Usual columns of shops and data platforms that say nothing of consent do not stop a file."""

from __future__ import annotations

from pathlib import Path

import pytest

from listrak_relay.domain.consent.doubts import Doubt, doubt_of
from listrak_relay.domain.consent.names import known_reading
from listrak_relay.domain.consent.statements import Question
from listrak_relay.domain.consent.suspicion import Verdict, judge
from listrak_relay.domain.destinations.choices import Channel
from tests.support.files.counted_values import values_of

LINES = Path(__file__).with_name("usual_columns.txt").read_text(encoding="utf-8").splitlines()
USUAL = [tuple(line.split(" | ", 1)) for line in LINES if line and not line.startswith("#")]


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
