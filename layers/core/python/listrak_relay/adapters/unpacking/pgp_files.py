"""Decrypts OpenPGP files by the library pysequoia (the Rust library Sequoia)."""

from __future__ import annotations

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pysequoia

from listrak_relay.domain.reading.no_room import is_full, too_large
from listrak_relay.errors import ConfigurationError, FileRejectedError
from listrak_relay.ports.secrets import PgpKey

_ARMOR = b"-----BEGIN PGP MESSAGE-----"
_OLD_SESSION_KEYS = (0x84, 0x85, 0x86, 0x8C, 0x8D, 0x8E)
_NEW_SESSION_KEYS = (0xC1, 0xC3)


def is_pgp(start: bytes) -> bool:
    """Whether a file begins as an encrypted message does (RFC 9580): with the packet of a session key, or in armor."""
    if start.lstrip().startswith(_ARMOR):
        return True
    place = _place_of_version(start[:2])
    return place is not None and start[place : place + 1] in (b"\x03", b"\x04", b"\x06")


def _place_of_version(start: bytes) -> int | None:
    """Behind the tag and the length of a packet (RFC 9580, section 4.2); None: it is of another kind."""
    if len(start) < 2:  # noqa: PLR2004 - tag and first octet of the length
        return None
    tag, length = start
    if tag in _OLD_SESSION_KEYS:
        return 1 + (1, 2, 4)[tag & 3]
    if tag not in _NEW_SESSION_KEYS:
        return None
    return 1 + (1 if length < 192 else 5 if length == 255 else 2)  # noqa: PLR2004


def decrypt(source: Path, target: Path, key: PgpKey, file: str, limit: int) -> None:
    """Write the content of ``source`` to ``target``, at most ``limit`` bytes. ``file``: the drop key, for messages.

    Raises:
        ConfigurationError: the private key cannot be used (code ``pgp_key_unusable``).
        FileRejectedError: the message is for another key, or damaged (code ``pgp_unreadable``).
        FileTooLargeError: it holds more than ``limit`` bytes, or than the disk has room for.
    """
    # What pysequoia raises is not documented, and its text may quote what it read.
    try:
        tsk = pysequoia.Tsk.from_bytes(key.private_key.encode())
        decryptor = tsk.decryptor(key.passphrase) if key.passphrase else tsk.decryptor()
    except Exception:  # noqa: BLE001
        raise ConfigurationError(
            "pgp_key_unusable",
            f"the secret {key.secret} holds no OpenPGP private key that can be opened; put in the armored key and, if "
            "it has one, its passphrase",
        ) from None
    try:
        with _file_size_limit(limit):
            pysequoia.decrypt_file(decryptor=decryptor, input=str(source), output=str(target))
    except Exception as error:  # noqa: BLE001
        if isinstance(error, OSError) and is_full(error):
            raise too_large(file) from None
        raise FileRejectedError(
            "pgp_unreadable",
            f"{file}: the file cannot be decrypted: it was encrypted for another key than that in secret "
            f"{key.secret}, or is damaged; encrypt it anew for that key",
        ) from None


@contextmanager
def _file_size_limit(limit: int) -> Iterator[None]:
    """No file of this process may grow beyond ``limit`` bytes: inside the message may be a decompression bomb."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    wanted = limit if hard == resource.RLIM_INFINITY else min(limit, hard)
    resource.setrlimit(resource.RLIMIT_FSIZE, (wanted, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
