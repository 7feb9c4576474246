from __future__ import annotations

import uuid

import pytest

from listrak_relay.adapters.aws.person_hashes import SecretPersonHashes
from listrak_relay.adapters.aws.secrets import SecretsManagerStore
from listrak_relay.errors import ConfigurationError
from tests.support.aws.emulator import Emulator


def hashes_by(emulator: Emulator, key: str) -> SecretPersonHashes:
    name = f"listrak-relay/{uuid.uuid4().hex}"
    emulator.secretsmanager.create_secret(Name=name, SecretString=key)
    return SecretPersonHashes(name, SecretsManagerStore(emulator.secretsmanager))


def test_a_person_is_known_again_by_whoever_stored_the_hash_years_ago(emulator: Emulator) -> None:
    """HMAC-SHA256 of list, zero byte and address, its first eight bytes. Stored ones must hold for ever."""
    hashes = hashes_by(emulator, "made-up-key-made-up-key-made-up-key")

    assert hashes.of("listrak-relay/listrak:1234", "ana@example.com").hex() == "06af1270a9c6f2b8"


def test_many_people_have_the_hashes_that_each_has_alone(emulator: Emulator) -> None:
    hashes = hashes_by(emulator, "another-key-another-key-another-key")
    people = ["ana@example.com", " Ana@Example.com ", "zoë@example.com", "+12155550123", "ana@example.com"]

    together = hashes.of_all("lane", iter(people))

    assert together == [hashes.of("lane", person) for person in people]
    assert len(set(together)) == 3
    assert hashes.of_all("another lane", people[:1]) != together[:1]


def test_a_key_that_is_too_short_is_refused_by_the_name_of_its_secret(emulator: Emulator) -> None:
    with pytest.raises(ConfigurationError, match="at least 32 characters"):
        hashes_by(emulator, "short").of_all("lane", ["ana@example.com"])
