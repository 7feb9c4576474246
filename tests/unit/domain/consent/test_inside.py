"""Consent in lists and objects inside a value."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from listrak_relay.domain.consent.inside import LIST_PATTERN, PAIR_PATTERN, telling_keys
from listrak_relay.domain.destinations.choices import Channel


def keys_in(value: Any, channel: Channel = Channel.EMAIL) -> tuple[str, ...]:
    return telling_keys((found[0] for found in re.finditer(PAIR_PATTERN, json.dumps(value))), channel)


@pytest.mark.parametrize(
    ("value", "key"),
    [
        ({"email": {"marketing": False}}, "marketing"),
        ({"opted_out": True}, "opted_out"),
        ([{"name": "newsletter", "value": "no"}], "newsletter"),
        ({"attribute_code": "is_subscribed", "value": "0"}, "is_subscribed"),
        ({"opt_in": {"BOOL": False}}, "opt_in"),
        ({"marketingState": "UNSUBSCRIBED"}, "marketingState"),
        ({"status": "unsubscribed"}, "status"),
    ],
)
def test_a_key_that_tells_consent_is_found_however_deep_it_lies(value: Any, key: str) -> None:
    assert keys_in({"a": [value]}) == (key,)


@pytest.mark.parametrize(
    "value",
    [
        {"zip": "02139", "street": "Main", "verified": True},
        {"id": 1, "active": True, "status": "active"},
        {"items": [{"sku": "1", "name": "Newsletter Tee", "price": "3.00"}]},
        {"utm_source": "newsletter", "utm_medium": "email"},
        {"emails": [{"address": "a@example.com", "primary": True}]},
        {"sms_opt_in": False},
    ],
)
def test_other_keys_are_not(value: Any) -> None:
    assert keys_in(value) == ()


@pytest.mark.parametrize("text", ["vip,unsubscribed", "vip; do not email", '["gold", "opted out"]', "optout|x"])
def test_a_list_with_a_word_for_an_opt_out_is_found(text: str) -> None:
    assert re.search(LIST_PATTERN, text)


@pytest.mark.parametrize("text", ["vip,gold", "please, do not email at night", "options,stopwatch"])
def test_other_lists_are_not(text: str) -> None:
    assert not re.search(LIST_PATTERN, text)
