"""Private keys in the forms that people have them, brought into the one that OpenSSH writes."""

from __future__ import annotations

import re
from enum import StrEnum

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
    load_ssh_private_key,
)

from listrak_relay.errors import ConfigurationError

_ON_ONE_LINE = re.compile(r"(-----BEGIN [A-Z0-9 ]+-----)\s*([A-Za-z0-9+/=\s]+?)\s*(-----END [A-Z0-9 ]+-----)")


class KeyKind(StrEnum):
    RSA = "RSA"
    ECDSA = "ECDSA"
    ED25519 = "Ed25519"


def read_private_key(text: str, passphrase: str) -> tuple[KeyKind, str]:
    """The kind of the key and its text, decrypted, as OpenSSH writes it. Takes what `ssh-keygen` and `openssl` write.

    Raises:
        ConfigurationError: code ``sftp_private_key_unusable``; no part of the key is in the message.
    """
    data = _with_lines(text).encode()
    password = passphrase.encode() or None
    load = load_ssh_private_key if b"BEGIN OPENSSH PRIVATE KEY" in data else load_pem_private_key
    # The library's own errors may quote what they could not read.
    try:
        key = load(data, password)
    except TypeError:
        raise _unusable(
            "it is not encrypted; leave the passphrase out"
            if password
            else "it is encrypted; the passphrase is missing"
        ) from None
    except ValueError:
        raise _unusable("it is not whole, not a key that OpenSSH can read, or has another passphrase") from None
    except UnsupportedAlgorithm:
        raise _unusable("its kind or its encryption is not supported") from None
    if isinstance(key, RSAPrivateKey):
        kind = KeyKind.RSA
    elif isinstance(key, EllipticCurvePrivateKey):
        kind = KeyKind.ECDSA
    elif isinstance(key, Ed25519PrivateKey):
        kind = KeyKind.ED25519
    else:
        raise _unusable("it is none of RSA, ECDSA and Ed25519")
    return kind, key.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption()).decode()


def _with_lines(text: str) -> str:
    """The console of Secrets Manager turns the line breaks of a pasted value into spaces."""
    one_line = _ON_ONE_LINE.fullmatch(text.strip())
    if not one_line:
        return text
    first, body, last = one_line.groups()
    return "\n".join([first, *body.split(), last, ""])


def _unusable(why: str) -> ConfigurationError:
    return ConfigurationError("sftp_private_key_unusable", f"the private key in the SFTP secret cannot be used: {why}")
