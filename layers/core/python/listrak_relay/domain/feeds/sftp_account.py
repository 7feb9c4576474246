"""The secret that holds an account on an SFTP server."""

from __future__ import annotations

import difflib
import json
import re
from dataclasses import dataclass

from listrak_relay.domain.feeds.sftp_host_key import PinnedKey, pinned_keys
from listrak_relay.errors import ConfigurationError

DEFAULT_PORT = 22  # Listrak does not state its port
_MAX_PORT = 65_535
_DIGITS = re.compile(r"[0-9]{1,5}")
_TEXTS = ("host", "username", "password", "private_key", "passphrase", "folder", "host_key")
_KEYS = (*_TEXTS, "port")
FORM = '{"host", "port", "username", "password" or "private_key", "passphrase", "folder", "host_key"}'
_PLACEHOLDER = "replace-me"  # what the template puts into a secret that it makes


@dataclass(frozen=True, slots=True, repr=False)
class SftpAccount:
    """``folder`` empty: where the server puts us. ``pinned`` empty: no host key is trusted yet. At least one of
    ``password`` and ``private_key`` (text of the key file) is set; with both, the server may ask for both."""

    host: str
    port: int
    username: str
    password: str
    private_key: str
    passphrase: str
    folder: str
    pinned: tuple[PinnedKey, ...]

    @property
    def address(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


def read_account(secret: str, text: str | bytes) -> SftpAccount:
    """``secret``: its name, for messages. ``text``: a JSON object with the keys ``host``, ``port`` (default 22),
    ``username``, ``password`` or ``private_key``, ``passphrase`` (of the private key), ``folder`` and ``host_key`` (see
    `sftp_host_key.pinned_keys`).

    Raises:
        ConfigurationError: something is missing, unknown or unreadable (codes ``sftp_secret_malformed``,
            ``sftp_secret_not_set``). The message names the key, never its value.
    """
    values = _parsed(secret, text)
    texts = {key: _text(secret, key, values.get(key)) for key in _TEXTS}
    if _PLACEHOLDER in texts.values():
        raise ConfigurationError(
            "sftp_secret_not_set", f"secret {secret} still has its first value; put in the SFTP account"
        )
    for key in ("host", "username"):
        if not texts[key]:
            raise _malformed(secret, f"{key} is missing")
    if not (texts["password"] or texts["private_key"]):
        raise _malformed(secret, "neither password nor private_key is there")
    try:
        pinned = pinned_keys(texts["host_key"])
    except ValueError as error:
        raise _malformed(secret, f"host_key: {error}") from None
    return SftpAccount(
        host=texts["host"],
        port=_port(secret, values.get("port")),
        username=texts["username"],
        password=texts["password"],
        private_key=texts["private_key"],
        passphrase=texts["passphrase"],
        folder=texts["folder"],
        pinned=pinned,
    )


def _parsed(secret: str, text: str | bytes) -> dict[str, object]:
    try:
        values = json.loads(text)
    except ValueError:
        values = None  # the parser's own error would carry the text along
    if not isinstance(values, dict):
        raise _malformed(secret, "it is no JSON object")
    for place, key in enumerate(values, start=1):
        if key not in _KEYS:
            raise _malformed(secret, _unknown_key(place, key))
    return values


def _unknown_key(place: int, key: str) -> str:
    """Whoever pastes a password in the place of a key must not find it in a log, so the key goes by its place."""
    meant = difflib.get_close_matches(key.casefold().replace("-", "_"), _KEYS, 1)
    return f"its key number {place} is not known{f', {meant[0]} may be meant' if meant else ''}"


def _text(secret: str, key: str, value: object) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        raise _malformed(secret, f"{key} is not text")
    return value if key in {"password", "passphrase"} else value.strip()


def _port(secret: str, value: object) -> int:
    if value is None or value == "":
        return DEFAULT_PORT
    # The console's form for keys and values makes text of every value.
    number = int(value) if isinstance(value, str) and _DIGITS.fullmatch(value) else value
    if isinstance(number, bool) or not isinstance(number, int) or not 0 < number <= _MAX_PORT:
        raise _malformed(secret, f"port is not a number from 1 to {_MAX_PORT}")
    return number


def _malformed(secret: str, fault: str) -> ConfigurationError:
    return ConfigurationError("sftp_secret_malformed", f"secret {secret}: {fault}; it must be of the form {FORM}")
