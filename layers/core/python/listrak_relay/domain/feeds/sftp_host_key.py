"""Host keys pinned in a secret. A key is known by its SHA-256 fingerprint, whichever way it was written down."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass

_FINGERPRINT = re.compile(r"SHA256:[A-Za-z0-9+/]{43}")
_KINDS = re.compile(r"ssh-ed25519|ssh-rsa|ecdsa-sha2-nistp(?:256|384|521)")


@dataclass(frozen=True, slots=True)
class PinnedKey:
    """``kind`` such as ``ssh-rsa``, None when only the fingerprint is known."""

    fingerprint: str
    kind: str | None = None


def fingerprint(blob: bytes) -> str:
    """As `ssh-keygen -l` shows it; ``blob`` is the public key in its wire format."""
    return "SHA256:" + base64.b64encode(hashlib.sha256(blob).digest()).decode().rstrip("=")


def pinned_keys(text: str) -> tuple[PinnedKey, ...]:
    """One key for each line that is not blank or a comment: a public key (``ssh-ed25519 AAAA…``), a line of a
    known_hosts file or of `ssh-keyscan` (the host before it is passed over), or a fingerprint (``SHA256:…``, also
    within what `ssh-keygen -l` prints).

    Raises:
        ValueError: a line holds none of these; the message has its number.
    """
    lines = [(number, line.strip()) for number, line in enumerate(text.splitlines(), start=1)]
    return tuple(_pinned(number, line) for number, line in lines if line and not line.startswith("#"))


def _pinned(number: int, line: str) -> PinnedKey:
    words = line.split()
    for place, word in enumerate(words[:-1]):
        if _KINDS.fullmatch(word):
            return PinnedKey(fingerprint(_blob(number, word, words[place + 1])), word)
    for word in words:
        if _FINGERPRINT.fullmatch(word):
            return PinnedKey(word)
    raise ValueError(f'line {number} is neither a public key like "ssh-ed25519 AAAA…" nor a fingerprint "SHA256:…"')


def _blob(number: int, kind: str, encoded: str) -> bytes:
    try:
        blob = base64.b64decode(encoded, validate=True)
    except binascii.Error:
        raise ValueError(f"the key in line {number} is not whole") from None
    # The wire format begins with the kind, preceded by its length.
    if not blob.startswith(len(kind).to_bytes(4, "big") + kind.encode()):
        raise ValueError(f"the key in line {number} is not of the kind {kind} that stands before it")
    return blob
