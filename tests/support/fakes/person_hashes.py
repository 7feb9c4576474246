"""Keyed hashes by a key that everybody knows."""

from __future__ import annotations

import hmac
from collections.abc import Iterable
from hashlib import sha256

from listrak_relay.ports.person_hashes import HASH_BYTES


class FakePersonHashes:
    """`ports.person_hashes.PersonHashes`."""

    def of(self, lane: str, contact: str) -> bytes:
        return hmac.digest(b"known to all", f"{lane}\0{contact.strip().casefold()}".encode(), sha256)[:HASH_BYTES]

    def of_all(self, lane: str, contacts: Iterable[str]) -> list[bytes]:
        return [self.of(lane, contact) for contact in contacts]
