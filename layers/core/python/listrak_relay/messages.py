"""Queue messages: pointers, versioned, without personal data.

Each has ``type`` and ``version``, that of the type's form. A type or version that is not known is a
`ConfigurationError`, since it can only come from another release. Earlier versions are read: such messages wait in the
queues while a stack is updated.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import Any, ClassVar

from listrak_relay.domain.values.plain_values import from_plain
from listrak_relay.errors import ConfigurationError


@dataclass(frozen=True, slots=True)
class DeliverChunk:
    """EmailQueue, SmsQueue, FeedQueue: deliver one chunk of one run.

    ``waiting_since``: epoch seconds of its first wait for something without an end of its own, None if it never had to.
    ``parked``: it was put into a dead-letter queue, so whoever has it got it from an operator. Versions before 3 do not
    tell. Version 1 said of the chunk also what the run's manifest says; that is passed over. ``given_up``: the chunk's
    rows are counted, and what it may have left on the SFTP server is to be removed; a release that does not know the
    word finds the chunk ended, and does nothing.
    """

    VERSION: ClassVar[int] = 3

    run_id: str
    chunk_id: str
    waiting_since: float | None = None
    parked: bool = False
    given_up: bool = False


@dataclass(frozen=True, slots=True)
class FollowImport:
    """ImportQueue: ask after one import.

    ``rejected``: rows of the chunk that were not sent, by reason. ``polls`` counts the answers so far that said "not
    finished", ``late`` those that said "finished" while the summary did not yet count every row.
    ``result_parts``: objects in the WorkBucket that hold what was read of its results. ``parked``: as that of
    `DeliverChunk`; version 1 does not tell.

    Versions before 3 do not tell of newer files, which is as if there were none. ``behind``: imports of what newer
    files say that are waited for; ``newer``: how many newer runs were looked at for it, -1 before. ``given_up``: the
    chunk's rows are counted, and the import is asked after for the newer files alone.
    """

    VERSION: ClassVar[int] = 3

    run_id: str
    chunk_id: str
    import_id: int
    rejected: dict[str, int] = field(default_factory=dict)
    polls: int = 0
    late: int = 0
    result_parts: int = 0
    parked: bool = False
    behind: tuple[int, ...] = ()
    newer: int = -1
    given_up: bool = False


@dataclass(frozen=True, slots=True)
class CloseRun:
    """CloseQueue: every chunk of the run has ended; compute its balance and report.

    ``given_up``: it has no chunks, since its file could not be read. ``waiting_since``: as that of `DeliverChunk`;
    version 1 does not tell.
    """

    VERSION: ClassVar[int] = 2

    run_id: str
    given_up: bool = False
    waiting_since: float | None = None


Message = DeliverChunk | FollowImport | CloseRun

_PARKED_SINCE: dict[type[Message], int] = {DeliverChunk: 3, FollowImport: 2}
"""The first version that tells whether a message was in a dead-letter queue."""

_TYPES: dict[str, type[Message]] = {t.__name__: t for t in (DeliverChunk, FollowImport, CloseRun)}


def to_json(message: Message) -> str:
    head = {"version": message.VERSION, "type": type(message).__name__}
    return json.dumps(head | asdict(message), separators=(",", ":"))


def from_json(body: str) -> Message:
    """Read a message back.

    Raises:
        ConfigurationError: not one of our messages, or of another version.
    """
    try:
        values: dict[str, Any] = json.loads(body)
        kind, version = _TYPES[values["type"]], values["version"]
        if version not in range(1, kind.VERSION + 1):
            raise ConfigurationError(
                "message_version",
                f"a {kind.__name__} message has version {version}; this release reads up to {kind.VERSION}",
            )
        if version < _PARKED_SINCE.get(kind, 1):
            values["parked"] = True  # it may have been
        return from_plain(kind, values)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ConfigurationError(
            "message_unreadable", f"a queue message is not ours: {type(error).__name__}"
        ) from error
