"""The name of a secret says which functions may read it, as the roles in the template do."""

from __future__ import annotations

from fnmatch import fnmatchcase

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listrak_relay.domain.configuration.secret_names import PGP_PREFIX, channel_prefix, may_be_read
from listrak_relay.domain.destinations.choices import Channel

ARN = "arn:aws:secretsmanager:us-east-1:123456789012:secret:"


@pytest.mark.parametrize(
    "secret",
    [
        "relay/email-vip",
        "relay-prod/email-vip/eu",
        "relay/listrak-email",
        ARN + "relay/email-vip-AbCdEf",
        ARN + "relay/listrak-email-AbCdEf",
    ],
)
def test_a_secret_of_the_channel_or_the_one_that_the_stack_made_may_be_read(secret: str) -> None:
    assert may_be_read(secret, "email-", "listrak-email")


@pytest.mark.parametrize(
    "secret",
    [
        "relay/vip",
        "email-vip",
        "relay/email-",
        "relay/Email-vip",
        "relay/sms-vip",
        "relay/pgp-vip",
        "relay/listrak-sms",
        "relay/listrak-email-old",
        ARN + "relay/vip-AbCdEf",
        ARN + "relay/listrak-email-old-AbCdEf",
    ],
)
def test_no_other_may_be_read(secret: str) -> None:
    assert not may_be_read(secret, "email-", "listrak-email")


@given(st.text("abc-/", min_size=1, max_size=12))
def test_what_may_be_read_is_what_the_roles_allow(own: str) -> None:
    allowed = fnmatchcase(f"relay/{own}-AbCdEf", "relay/pgp-*")

    # A role's pattern takes the six characters at the end of an ARN for a name, too.
    assert may_be_read(f"relay/{own}", PGP_PREFIX) == (allowed and own not in {PGP_PREFIX, "pgp"})


def test_no_two_channels_share_a_prefix() -> None:
    prefixes = [PGP_PREFIX, *map(channel_prefix, Channel)]

    assert not [one for one in prefixes for other in prefixes if one is not other and one.startswith(other)]
