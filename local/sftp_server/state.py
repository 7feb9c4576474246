"""What may be set and seen from outside while the server runs."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import asyncssh


@dataclass
class Faults:
    """What goes wrong; all of it may be changed while the server runs.

    ``cut_after``, ``stall_after``: bytes of files after which the connection is cut, or the server answers no more (and
    stops reading when its buffers are full). They count from the moment they are set, over all connections, and happen
    once. ``room``: bytes that all files together may have. ``cut_at_rename``: ``before`` or ``after`` it is done, once.
    ``refuse_to_reopen``: no file that exists can be opened for writing. ``short_by``: bytes that are missing in the
    sizes that the server tells. ``take_away``: files are gone as soon as they have a final name, kept in ``taken``.
    ``late``: seconds before each piece of a file, each size and each new name is answered. ``stall_at_rename``:
    ``before`` or ``after`` it is done the server answers no more, once.
    """

    cut_after: int | None = None
    stall_after: int | None = None
    room: int | None = None
    cut_at_rename: str | None = None
    stall_at_sign_in: bool = False
    read_only: bool = False
    no_posix_rename: bool = False
    refuse_to_reopen: bool = False
    refuse_rename: bool = False
    short_by: int = 0
    take_away: Callable[[str], bool] | None = None
    late: float = 0.0
    stall_at_rename: str | None = None


@dataclass
class Journal:
    """What the server saw. ``signed_in``: user names; ``tried``: those that tried. ``taken``: name → content."""

    tried: list[str] = field(default_factory=list)
    signed_in: list[str] = field(default_factory=list)
    taken: dict[str, bytes] = field(default_factory=dict)
    bytes_written: int = 0
    ciphers: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Users:
    """``passwords``: by user name. ``keys``: public keys in OpenSSH's form by user name."""

    passwords: dict[str, str] = field(default_factory=dict)
    keys: dict[str, list[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Service:
    """``connections``: open ones. ``over``: the server is ending, so nothing must wait any more."""

    folder: Path
    users: Users
    faults: Faults = field(default_factory=Faults)
    journal: Journal = field(default_factory=Journal)
    connections: set[asyncssh.SSHServerConnection] = field(default_factory=set)
    over: asyncio.Event = field(default_factory=asyncio.Event)
