"""Credentials and keys by the names of their secrets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True, repr=False)
class Credentials:
    """Client id and secret of one Listrak integration."""

    client_id: str
    client_secret: str


class SecretStore(Protocol):
    """Gives the credentials of an integration."""

    def credentials(self, secret: str, fresh: bool = False) -> Credentials:
        """``fresh`` passes over the cache. Raises ConfigurationError: missing, not readable, or not of the form
        ``{"client_id": …, "client_secret": …}``."""
        ...


class SecretTexts(Protocol):
    """Gives the text of any secret."""

    def text(self, secret: str, form: str, fresh: bool = False) -> str | bytes:
        """The secret as it is. ``form``: what it should look like, for messages. ``fresh`` passes over the cache.

        Raises:
            ConfigurationError: it is missing or not readable.
        """
        ...


@dataclass(frozen=True, slots=True, repr=False)
class PgpKey:
    """``secret``: where it is from. ``private_key``: armored. ``passphrase``: empty if it has none."""

    secret: str
    private_key: str
    passphrase: str
