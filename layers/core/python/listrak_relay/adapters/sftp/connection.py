"""Reaching an SFTP server: its key is looked at before it learns anything about us."""

from __future__ import annotations

import io
import socket
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import paramiko

from listrak_relay.adapters.sftp.client import SftpClient
from listrak_relay.adapters.sftp.link import Link
from listrak_relay.adapters.sftp.private_key import KeyKind, read_private_key
from listrak_relay.adapters.sftp.prompts import INTERACTIVE, Prompts
from listrak_relay.adapters.sftp.session import Session
from listrak_relay.domain.feeds.sftp_account import SftpAccount
from listrak_relay.domain.feeds.sftp_host_key import PinnedKey, fingerprint
from listrak_relay.errors import ConfigurationError, RetryableError
from listrak_relay.ports.sftp import HostKey

AEAD_CIPHERS = ("aes128-gcm@openssh.com", "aes256-gcm@openssh.com")
"""Encrypt and authenticate in one pass. paramiko offers them last; with its first choice it takes twice the time."""

# Ways to sign → for which a server presents a key of that kind. One kind is asked for at a time: a server with several
# keys shows only the one that both sides like best, which need not be the pinned one.
_SIGNATURES = {
    "ssh-ed25519": ("ssh-ed25519",),
    "ecdsa-sha2-nistp256": ("ecdsa-sha2-nistp256",),
    "ecdsa-sha2-nistp384": ("ecdsa-sha2-nistp384",),
    "ecdsa-sha2-nistp521": ("ecdsa-sha2-nistp521",),
    "ssh-rsa": ("rsa-sha2-512", "rsa-sha2-256"),
}
_KEY_CLASSES: dict[KeyKind, type[paramiko.PKey]] = {
    KeyKind.RSA: paramiko.RSAKey,
    KeyKind.ECDSA: paramiko.ECDSAKey,
    KeyKind.ED25519: paramiko.Ed25519Key,
}


@dataclass(frozen=True, slots=True)
class Greeting:
    """``offered``: the server's keys, in the order they were looked at. ``link`` is None unless one is pinned."""

    offered: tuple[HostKey, ...]
    transport: Session | None
    link: Link | None


@contextmanager
def greet(account: SftpAccount, patience: float) -> Iterator[Greeting]:
    """Look at the server's keys until one is pinned. No credential is sent.

    Raises:
        RetryableError: not reachable, or too slow.
        ConfigurationError: no algorithm in common, whatever the key (code ``sftp_incompatible``).
    """
    offered: list[HostKey] = []
    for kind in _kinds(account.pinned):
        transport, link = _connected(account, _SIGNATURES[kind], patience)
        try:
            key = _host_key(transport, link)
            if key is None:
                continue
            offered.append(key)
            if any(pin.fingerprint == key.fingerprint for pin in account.pinned):
                yield Greeting(tuple(offered), transport, link)
                return
        finally:
            link.close()
    if not offered and not account.pinned:
        raise ConfigurationError("sftp_incompatible", f"{account.address} and this relay have no algorithm in common")
    yield Greeting(tuple(offered), None, None)


@contextmanager
def signed_in(account: SftpAccount, greeting: Greeting) -> Iterator[tuple[Link, SftpClient]]:
    """Raises:
    RetryableError: the connection broke, or the server is too slow.
    ConfigurationError: the host key is not pinned (codes ``sftp_host_key_not_pinned``, ``sftp_host_key_mismatch``),
        the credentials are refused (``sftp_credentials_refused``) or SFTP is (``sftp_refused``).
    """
    if greeting.transport is None or greeting.link is None:
        raise _untrusted(account, greeting.offered)
    link, transport = greeting.link, greeting.transport
    key = _private_key(account)
    with link.step("signing in"):
        _sign_in(transport, account, key)
    with link.step("opening the SFTP session"):
        client = _opened(account, transport)
    yield link, client


def _kinds(pinned: Sequence[PinnedKey]) -> list[str]:
    kinds = [pin.kind for pin in pinned if pin.kind]
    return list(dict.fromkeys(kinds)) if kinds and len(kinds) == len(pinned) else list(_SIGNATURES)


def _connected(account: SftpAccount, signatures: Sequence[str], patience: float) -> tuple[Session, Link]:
    try:
        connection = socket.create_connection((account.host, account.port), timeout=patience)
    except (OSError, UnicodeError) as error:
        reason = error.strerror or error if isinstance(error, OSError) else error
        raise RetryableError(
            f"could not connect to {account.address}: {reason}; see whether the server is up and lets this address in"
        ) from error
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    transport = Session(connection)
    options = transport.get_security_options()
    options.key_types = tuple(signatures)
    options.ciphers = (*AEAD_CIPHERS, *(cipher for cipher in options.ciphers if cipher not in AEAD_CIPHERS))
    return transport, Link(account.address, transport, patience)


def _host_key(transport: paramiko.Transport, link: Link) -> HostKey | None:
    """None: the server has no key of the kind asked for (or no other algorithm in common)."""
    with link.step("agreeing on keys"):
        try:
            transport.start_client()
        except paramiko.ssh_exception.IncompatiblePeer:
            return None
        key = transport.get_remote_server_key()
    return HostKey(key.get_name(), fingerprint(key.asbytes()))


def _untrusted(account: SftpAccount, offered: Sequence[HostKey]) -> ConfigurationError:
    shown = (
        ", ".join(f"{key.kind} {key.fingerprint}" for key in offered)
        or "no key of the pinned kind (or only algorithms that are no longer safe)"
    )
    if not account.pinned:
        return ConfigurationError(
            "sftp_host_key_not_pinned",
            f"the SFTP secret has no host_key, so nothing was sent. {account.address} shows {shown}: "
            "ask its owner whether that is right and put it into the secret",
        )
    pinned = ", ".join(pin.fingerprint for pin in account.pinned)
    return ConfigurationError(
        "sftp_host_key_mismatch",
        f"{account.address} shows {shown}, but the SFTP secret pins {pinned}. Nothing was sent: somebody may stand "
        "between. If the server's owner confirms the new key, put it into the secret",
    )


def _private_key(account: SftpAccount) -> paramiko.PKey | None:
    if not account.private_key:
        return None
    kind, text = read_private_key(account.private_key, account.passphrase)
    return _KEY_CLASSES[kind].from_private_key(io.StringIO(text))


def _sign_in(transport: Session, account: SftpAccount, key: paramiko.PKey | None) -> None:
    prompts = Prompts(account.username, account.password or "")
    try:
        wanted = transport.by_key(account.username, key) if key else []
        if account.password and (wanted or not key):
            wanted = _with_password(transport, account.username, account.password, prompts)
    except paramiko.BadAuthenticationType as error:
        raise _refused(account, f"it takes {' or '.join(error.allowed_types)} only") from None
    except paramiko.AuthenticationException:
        if not transport.is_active():
            raise  # no answer, so no refusal
        raise _refused(account, prompts.unanswered or "it does not say why") from None
    if wanted:
        raise _refused(account, f"it also wants {' or '.join(wanted)}")


def _with_password(transport: Session, username: str, password: str, prompts: Prompts) -> list[str]:
    """What the server wants besides. One that takes no password as such may ask for it."""
    try:
        wanted = transport.by_password(username, password)
    except paramiko.BadAuthenticationType as error:
        if INTERACTIVE not in error.allowed_types:
            raise
        wanted = [INTERACTIVE]
    return transport.by_prompts(username, prompts.answer) if INTERACTIVE in wanted else wanted


def _refused(account: SftpAccount, why: str) -> ConfigurationError:
    used = " and ".join(name for name in ("private_key", "password") if getattr(account, name))
    return ConfigurationError(
        "sftp_credentials_refused",
        f"{account.address} refused the username with the {used} of the SFTP secret: {why}. Correct them in the "
        "secret; if they are right, ask the server's owner whether the account is locked or has ended",
    )


def _opened(account: SftpAccount, transport: paramiko.Transport) -> SftpClient:
    try:
        channel = transport.open_session()
        channel.invoke_subsystem("sftp")
    except paramiko.SSHException:
        if not transport.is_active():
            raise
        raise ConfigurationError(
            "sftp_refused", f"{account.address} takes the credentials but gives no SFTP session; ask its owner"
        ) from None
    return SftpClient(channel)
