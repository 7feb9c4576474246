"""Names of files on an SFTP server, final and temporary."""

from __future__ import annotations

import re

from listrak_relay.errors import ConfigurationError

PART_PATTERN = ".{name}.{id}.part"
"""Hidden, and ending unlike any file that an importer waits for."""

_MAX_NAME_BYTES = 255  # of the file systems in use
_CONTENT_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")


def final_name(name: str) -> str:
    """``name`` itself.

    Raises:
        ConfigurationError: it is no plain file name (code ``sftp_name_invalid``).
    """
    if not name or name in {".", ".."} or "/" in name or "\\" in name or not name.isprintable():
        raise ConfigurationError(
            "sftp_name_invalid", f"{name!r} cannot name a file on the SFTP server; give a plain file name, no folder"
        )
    if len(name.encode()) > _MAX_NAME_BYTES:
        raise ConfigurationError("sftp_name_invalid", f"{name!r} is longer than {_MAX_NAME_BYTES} bytes")
    return name


def temporary_name_of(name: str, content_id: str, pattern: str = PART_PATTERN) -> str:
    """The temporary name of an upload: ``pattern`` with ``{name}`` and ``{id}`` filled in.

    Raises:
        ConfigurationError: the pattern does not give a usable name of its own for each content (code
            ``sftp_part_name_invalid``).
        ValueError: ``content_id`` is not as `ports.sftp.Upload` wants it.
    """
    if not _CONTENT_ID.fullmatch(content_id):
        raise ValueError(f"{content_id!r} is no content id")
    if pattern.count("{id}") != 1 or "{name}" not in pattern:
        raise ConfigurationError(
            "sftp_part_name_invalid",
            f"the pattern of temporary names {pattern!r} must hold {{name}} and, once, {{id}}, as in {PART_PATTERN!r}",
        )
    return final_name(pattern.replace("{id}", content_id).replace("{name}", name))
