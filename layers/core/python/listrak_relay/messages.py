"""Queue messages: pointers, versioned, without personal data.

Each has ``version`` and ``type``; an unknown one is a `ConfigurationError`, since it can only come from another
release.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import Any

from listrak_relay.errors import ConfigurationError

VERSION = 1


@dataclass(frozen=True, slots=True)
class DeliverChunk:
    """EmailQueue: deliver one chunk of one run."""

    run_id: str
    chunk_id: str
    key: str
    rows: int
    sha256: str
    action: str


@dataclass(frozen=True, slots=True)
class FollowImport:
    """ImportQueue: ask after one import.

    ``rejected``: rows of the chunk that were not sent, by reason. ``polls`` counts the answers so far that said "not
    finished", ``late`` those that said "finished" while the summary did not yet count every row.
    """

    run_id: str
    chunk_id: str
    import_id: int
    rejected: dict[str, int] = field(default_factory=dict)
    polls: int = 0
    late: int = 0


@dataclass(frozen=True, slots=True)
class CloseRun:
    """CloseQueue: every chunk of the run has ended; compute its balance and report.

    ``given_up``: it has no chunks, since its file could not be read.
    """

    run_id: str
    given_up: bool = False


Message = DeliverChunk | FollowImport | CloseRun

_TYPES: dict[str, type[Message]] = {t.__name__: t for t in (DeliverChunk, FollowImport, CloseRun)}


def to_json(message: Message) -> str:
    return json.dumps({"version": VERSION, "type": type(message).__name__, **asdict(message)}, separators=(",", ":"))


def from_json(body: str) -> Message:
    """Read a message back.

    Raises:
        ConfigurationError: not one of our messages, or of another version.
    """
    try:
        values: dict[str, Any] = json.loads(body)
        version, kind = values.pop("version"), values.pop("type")
        if version != VERSION:
            raise ConfigurationError(
                "message_version", f"a message has version {version}; this release reads {VERSION}"
            )
        return _TYPES[kind](**values)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ConfigurationError(
            "message_unreadable", f"a queue message is not ours: {type(error).__name__}"
        ) from error
