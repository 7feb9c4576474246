"""Host keys are recognised however they were written down."""

import asyncssh
import pytest

from listrak_relay.domain.feeds.sftp_host_key import PinnedKey, pinned_keys

KEY = asyncssh.generate_private_key("ssh-ed25519", comment="made@up.example.com")
LINE = KEY.export_public_key().decode().strip()
FINGERPRINT = KEY.get_fingerprint()


@pytest.mark.parametrize(
    "text",
    [LINE, LINE.rsplit(" ", 1)[0], f"sftp.example.com {LINE}", f"[sftp.example.com]:2222 {LINE}\n", f"@x y {LINE}"],
    ids=["as in a file of keys", "without comment", "of a host", "of a port", "with a marker"],
)
def test_a_public_key_is_known_by_kind_and_fingerprint(text: str) -> None:
    assert pinned_keys(text) == (PinnedKey(FINGERPRINT, "ssh-ed25519"),)


@pytest.mark.parametrize(
    "text",
    [FINGERPRINT, f"  {FINGERPRINT} ", f"256 {FINGERPRINT} root@vm (ED25519)"],
    ids=["bare", "spaced", "as ssh-keygen shows it"],
)
def test_a_fingerprint_leaves_the_kind_open(text: str) -> None:
    assert pinned_keys(text) == (PinnedKey(FINGERPRINT),)


def test_each_line_pins_a_key() -> None:
    text = f"# sftp.example.com:22 SSH-2.0-made-up\n\n{LINE}\n{FINGERPRINT}\n"

    assert pinned_keys(text) == (PinnedKey(FINGERPRINT, "ssh-ed25519"), PinnedKey(FINGERPRINT))


def test_no_text_pins_nothing() -> None:
    assert pinned_keys("") == ()


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("yes", "line 2 is neither"),
        ("ssh-ed25519", "line 2 is neither"),
        (FINGERPRINT[:-1], "line 2 is neither"),
        ("MD5:16:27:ac:a5:76:28:2d:36:63:1b:56:4d:eb:df:a6:48", "line 2 is neither"),
        (LINE.split()[0] + " " + LINE.split()[1][:-2], "line 2"),
        ("ssh-ed25519 AAAA*", "the key in line 2 is not whole"),
        ("ssh-rsa " + LINE.split()[1], "line 2 is not of the kind ssh-rsa"),
    ],
    ids=["a word", "a kind", "a short fingerprint", "MD5", "a short key", "no key", "another kind"],
)
def test_a_line_that_is_no_key_is_named(line: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        pinned_keys(f"# first\n{line}")
