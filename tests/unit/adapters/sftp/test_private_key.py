"""Private keys that cannot be used are refused with a reason and without a word of them."""

import asyncssh
import pytest

from listrak_relay.adapters.sftp.private_key import KeyKind, read_private_key
from listrak_relay.errors import ConfigurationError

PLAIN = asyncssh.generate_private_key("ssh-ed25519").export_private_key("pkcs8-pem").decode()
ENCRYPTED = asyncssh.generate_private_key("ssh-ed25519").export_private_key("pkcs8-pem", "opens the key").decode()
DSA = asyncssh.generate_private_key("ssh-dss").export_private_key("pkcs8-pem").decode()
PUTTY = "PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: none\nComment: made up\n"


def test_a_key_is_known_by_kind() -> None:
    assert read_private_key(PLAIN, "")[0] is KeyKind.ED25519


@pytest.mark.parametrize(
    ("text", "passphrase", "said"),
    [
        (ENCRYPTED, "", "the passphrase is missing"),
        (ENCRYPTED, "something else", "has another passphrase"),
        (PLAIN, "opens the key", "leave the passphrase out"),
        (PLAIN[:70], "", "not whole"),
        (PUTTY, "", "not a key that OpenSSH can read"),
        ("made-up", "", "not a key that OpenSSH can read"),
        (DSA, "", "none of RSA, ECDSA and Ed25519"),
    ],
    ids=["no passphrase", "a wrong one", "one too many", "cut off", "of PuTTY", "no key", "DSA"],
)
def test_a_key_that_cannot_be_used_is_refused(text: str, passphrase: str, said: str) -> None:
    with pytest.raises(ConfigurationError, match=said) as refusal:
        read_private_key(text, passphrase)

    assert refusal.value.code == "sftp_private_key_unusable"
    assert refusal.value.__cause__ is None
    assert not [line for line in text.splitlines() if line and line in str(refusal.value)]
