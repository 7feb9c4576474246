from __future__ import annotations

import json
import uuid

import pytest

from listrak_relay.adapters.aws.secrets import SecretsManagerStore
from listrak_relay.errors import ConfigurationError, RetryableError
from tests.support.aws.emulator import Emulator


@pytest.fixture
def secret(emulator: Emulator) -> str:
    name = f"listrak-relay/{uuid.uuid4().hex}"
    put(emulator, name, {"client_id": "id-1", "client_secret": "made-up-1"}, create=True)
    return name


def put(emulator: Emulator, name: str, value: object, *, create: bool = False) -> None:
    text = value if isinstance(value, str) else json.dumps(value)
    if create:
        emulator.secretsmanager.create_secret(Name=name, SecretString=text)
    else:
        emulator.secretsmanager.put_secret_value(SecretId=name, SecretString=text)


def test_a_changed_secret_is_seen_by_a_fresh_read_and_from_then_on(emulator: Emulator, secret: str) -> None:
    store = SecretsManagerStore(emulator.secretsmanager)
    assert store.credentials(secret).client_secret == "made-up-1"

    put(emulator, secret, {"client_id": "id-2", "client_secret": "made-up-2"})

    assert store.credentials(secret).client_secret == "made-up-1"
    assert store.credentials(secret, fresh=True).client_secret == "made-up-2"
    assert store.credentials(secret).client_id == "id-2"


def test_credentials_do_not_show_themselves(emulator: Emulator, secret: str) -> None:
    credentials = SecretsManagerStore(emulator.secretsmanager).credentials(secret)

    assert "made-up" not in f"{credentials} {credentials!r} {[credentials]}"


def test_a_missing_secret_is_named(emulator: Emulator) -> None:
    with pytest.raises(ConfigurationError, match="listrak-relay/none") as raised:
        SecretsManagerStore(emulator.secretsmanager).credentials("listrak-relay/none")

    assert raised.value.code == "secret_missing"


@pytest.mark.parametrize(
    "value",
    [
        "made-up-text, not JSON",
        '{"client_id": "made-up", ',
        '["made-up"]',
        {"client_id": "made-up"},
        {"client_id": "made-up", "client_secret": ""},
        {"client_id": 5, "client_secret": "made-up"},
    ],
)
def test_a_secret_of_another_form_is_refused_without_showing_it(emulator: Emulator, secret: str, value: object) -> None:
    put(emulator, secret, value)

    with pytest.raises(ConfigurationError, match=secret) as raised:
        SecretsManagerStore(emulator.secretsmanager).credentials(secret)

    assert raised.value.code == "secret_malformed"
    assert "made-up" not in str(raised.value)
    assert raised.value.__context__ is None


def test_a_secret_as_the_template_made_it_is_refused(emulator: Emulator, secret: str) -> None:
    put(emulator, secret, {"client_id": "replace-me", "client_secret": "replace-me"})

    with pytest.raises(ConfigurationError) as raised:
        SecretsManagerStore(emulator.secretsmanager).credentials(secret)

    assert raised.value.code == "secret_not_set"


def test_a_secret_that_cannot_be_read_now_is_for_later(emulator: Emulator) -> None:
    store = SecretsManagerStore(emulator.client("secretsmanager", "http://127.0.0.1:1"))

    with pytest.raises(RetryableError):
        store.credentials("listrak-relay/email")


KEY = "-----BEGIN PGP PRIVATE KEY BLOCK-----\n\nmade-up\n-----END PGP PRIVATE KEY BLOCK-----\n"


@pytest.mark.parametrize(
    ("value", "passphrase"),
    [(KEY, ""), ({"private_key": KEY}, ""), ({"private_key": KEY, "passphrase": "open"}, "open")],
    ids=["armored", "json", "with passphrase"],
)
def test_a_pgp_key_is_read_in_each_form_and_does_not_show_itself(
    emulator: Emulator, secret: str, value: object, passphrase: str
) -> None:
    put(emulator, secret, value)

    key = SecretsManagerStore(emulator.secretsmanager).pgp_key(secret)

    assert (key.secret, key.private_key, key.passphrase) == (secret, KEY, passphrase)
    assert "made-up" not in f"{key!r}"


@pytest.mark.parametrize("value", ["made-up", {"private_key": "made-up"}, {"private_key": KEY, "passphrase": 7}, "[]"])
def test_a_secret_that_is_no_pgp_key_is_refused_without_its_text(
    emulator: Emulator, secret: str, value: object
) -> None:
    put(emulator, secret, value)

    with pytest.raises(ConfigurationError, match="private_key") as raised:
        SecretsManagerStore(emulator.secretsmanager).pgp_key(secret)

    assert raised.value.code == "secret_malformed"
    assert "made-up" not in str(raised.value)
