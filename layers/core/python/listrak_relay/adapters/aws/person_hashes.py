"""Keyed hashes of people, by a key from Secrets Manager that the template lets AWS make."""

from __future__ import annotations

import hmac
from collections.abc import Iterable

from listrak_relay.adapters.aws.secrets import SecretsManagerStore
from listrak_relay.errors import ConfigurationError
from listrak_relay.ports.person_hashes import HASH_BYTES

_FEWEST_CHARACTERS = 32


class SecretPersonHashes:
    """`ports.person_hashes.PersonHashes`. The key is read at the first question and kept: it must never change, or
    nobody who opted out before is known again. ``secret``: its name or ARN."""

    def __init__(self, secret: str, store: SecretsManagerStore) -> None:
        self._secret = secret
        self._store = store
        self._key = b""

    def of(self, lane: str, contact: str) -> bytes:
        return self.of_all(lane, [contact])[0]

    def of_all(self, lane: str, contacts: Iterable[str]) -> list[bytes]:
        # There may be millions: what key and list come to is worked out once.
        begun = hmac.new(self._key or self._read(), f"{lane}\0".encode(), "sha256")
        hashes = []
        for contact in contacts:
            one = begun.copy()
            one.update(contact.strip().casefold().encode())
            hashes.append(one.digest()[:HASH_BYTES])
        return hashes

    def _read(self) -> bytes:
        if not self._secret:
            raise ConfigurationError("setting_missing", "environment variable OPT_OUT_KEY_SECRET is missing or empty")
        text = self._store.text(self._secret, "32 random characters or more")
        key = text.encode() if isinstance(text, str) else text
        if len(key) < _FEWEST_CHARACTERS:
            raise ConfigurationError(
                "secret_malformed", f"secret {self._secret} must hold at least {_FEWEST_CHARACTERS} characters"
            )
        self._key = key
        return key
