"""The secret of an SFTP account: read as it is written, and never quoted."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listrak_relay.domain.feeds.sftp_account import read_account
from listrak_relay.errors import ConfigurationError

WHOLE = {"host": "sftp.example.com", "username": "relay", "password": "made-up"}


def refusal_of(values: object) -> ConfigurationError:
    with pytest.raises(ConfigurationError) as refusal:
        read_account("relay/sftp", values if isinstance(values, str) else json.dumps(values))
    return refusal.value


def test_what_is_left_out_has_its_usual_value() -> None:
    account = read_account("relay/sftp", json.dumps(WHOLE))

    assert (account.host, account.port, account.folder, account.pinned) == ("sftp.example.com", 22, "", ())
    assert account.address == "sftp.example.com:22"


@pytest.mark.parametrize("port", [2222, "2222"], ids=["number", "digits"])
def test_a_port_may_be_a_number_or_its_digits(port: object) -> None:
    assert read_account("relay/sftp", json.dumps(WHOLE | {"port": port})).port == 2222


def test_spaces_around_a_password_are_part_of_it() -> None:
    assert read_account("relay/sftp", json.dumps(WHOLE | {"password": " made-up "})).password == " made-up "


def test_an_address_of_the_new_kind_is_shown_apart_from_its_port() -> None:
    assert read_account("relay/sftp", json.dumps(WHOLE | {"host": "::1"})).address == "[::1]:22"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"host": None}, "host is missing"),
        ({"username": ""}, "username is missing"),
        ({"password": None}, "neither password nor private_key"),
        ({"port": 0}, "port is not a number"),
        ({"port": 70_000}, "port is not a number"),
        ({"port": True}, "port is not a number"),
        ({"port": "٢٢"}, "port is not a number"),
        ({"folder": 7}, "folder is not text"),
        ({"host_key": "nothing"}, "host_key: line 1"),
        ({"user": "relay"}, f"its key number {len(WHOLE) + 1} is not known, username may be meant"),
        ({"made-up": "relay"}, f"its key number {len(WHOLE) + 1} is not known; it must be"),
    ],
)
def test_a_secret_of_another_form_is_refused_by_key(change: dict[str, object], said: str) -> None:
    refusal = refusal_of(WHOLE | change)

    assert refusal.code == "sftp_secret_malformed"
    assert said in str(refusal)
    assert "made-up" not in str(refusal)


def test_a_secret_that_was_never_filled_in_is_told_apart() -> None:
    assert refusal_of(WHOLE | {"password": "replace-me"}).code == "sftp_secret_not_set"


@given(st.text(alphabet='0123456789abcdef{}[]":,', min_size=8, max_size=60))
def test_nothing_of_what_is_no_account_is_quoted(text: str) -> None:
    refusal = refusal_of(text)

    assert text not in str(refusal)
    assert refusal.__cause__ is None


def test_an_account_does_not_show_itself() -> None:
    assert "made-up" not in repr(read_account("relay/sftp", json.dumps(WHOLE)))
