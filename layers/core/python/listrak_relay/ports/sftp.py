"""What the use cases need from an SFTP server."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO, Protocol

from listrak_relay.domain.destinations.feed_settings import FeedSettings


@dataclass(frozen=True, slots=True)
class Upload:
    """One file to deliver.

    ``name``: final name, without folder. ``size``: bytes. ``content_id``: a word of letters, digits, ``-`` and ``_``
    (at most 64) that tells these bytes from any others under the same name: only what the same content has left is
    gone on with. ``open_body``: a stream over the bytes from an offset on, read once.
    """

    name: str
    size: int
    content_id: str
    open_body: Callable[[int], BinaryIO]


class Publication(Protocol):
    """The durable note that the server may have been asked to give an upload its final name.

    Without it, a file that the server's importer took away at once could not be told from one that never arrived.
    """

    def begun(self) -> bool:
        """Whether an earlier attempt at this upload made the note."""
        ...

    def begin(self) -> None:
        """Make the note; once this returns it outlives a crash. Each attempt that comes so far makes it again."""
        ...

    def withdraw(self) -> None:
        """Take the note back: the server said no, so the file certainly does not have its final name."""
        ...


@dataclass(frozen=True, slots=True)
class Delivered:
    """The whole file has, or had, its final name.

    ``sent``: bytes sent by this call, from offset ``resumed_at`` on. ``earlier``: nothing was sent, an earlier attempt
    had delivered the file before it lost the connection.
    """

    sent: int = 0
    resumed_at: int = 0
    earlier: bool = False


@dataclass(frozen=True, slots=True)
class HostKey:
    """``kind`` such as ``ssh-ed25519``; ``fingerprint`` as OpenSSH shows it, such as ``SHA256:uNiVztks…``."""

    kind: str
    fingerprint: str


@dataclass(frozen=True, slots=True)
class FolderEntry:
    """``size`` in bytes and ``modified`` in epoch seconds, None where the server does not say."""

    name: str
    size: int | None
    modified: int | None
    is_folder: bool


@dataclass(frozen=True, slots=True)
class SftpCheck:
    """What a look at the server gave.

    ``offered``: the server's keys that were looked at, the one that was trusted last. ``pinned``: the fingerprints in
    the secret. Unless ``trusted`` no credential was sent, and ``cipher``, ``folder`` (absolute, as the server resolves
    it) and ``entries`` are empty.
    """

    address: str
    offered: tuple[HostKey, ...]
    pinned: tuple[str, ...]
    trusted: bool
    cipher: str = ""
    folder: str = ""
    entries: tuple[FolderEntry, ...] = ()


class SftpGateway(Protocol):
    """One folder on one SFTP server.

    Every method raises RetryableError (nothing happened, or a repeat is safe: not reachable, too slow, the connection
    broke, the disk is full) and ConfigurationError (the secret is wrong or refused, the folder is missing or closed to
    us). No text of an error holds a credential.
    """

    def deliver(self, upload: Upload, publication: Publication) -> Delivered:
        """Send the file in constant memory under a temporary name, check its size and give it its final name.

        The final name never holds a part of the file. A repeat goes on where the last attempt stopped, and one that
        finds the work done says so. The caller sees to it that no two calls for one name run at once.

        Raises:
            OutcomeUnknownError: the connection broke while the server was asked for the final name, for the first time.
                A repeat finds out.
            ConfigurationError: also when a file that is not ours has the final name (code ``sftp_file_exists``), or
                when the body raises it; nothing of the file is then left.
            RetryableError: also when ``open_body`` gives other than ``size`` bytes, or raises it.
        """
        ...

    def clear(self, name: str, content_id: str, publication: Publication) -> bool:
        """Remove what attempts at an `Upload` that is not sent any more have left; returns whether the file has, or
        had, its final name. Then the note stays, else it is taken back, so that a later attempt begins anew.

        Nothing there is no fault, nor that the account may not remove files: it lies under its temporary name. The
        caller sees to it that no other call for the name runs at once.
        """
        ...

    def check(self) -> SftpCheck:
        """Connect, compare the host key and list the folder. Writes nothing."""
        ...


class SftpGateways(Protocol):
    """Gives the gateway of each SFTP account."""

    def account(self, secret: str | None) -> str:
        """A word for the account that a secret stands for; None is the stack's own. Safe in keys."""
        ...

    def for_feed(self, secret: str | None, settings: FeedSettings) -> SftpGateway:
        """The server that a destination sends to. Raises ConfigurationError: the secret is missing or wrong."""
        ...
