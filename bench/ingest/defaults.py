"""The audience readers as the functions have them by default, but for PGP keys."""

from __future__ import annotations

from typing import Any

from listrak_relay.settings.reading import ReadingSettings

_NAMES = ("max_chunk_bytes", "one_by_one_rows", "sms_chunk_rows", "memory_limit_mb", "threads")


def default_reader_settings() -> dict[str, Any]:
    """Arguments of the audience reader and of the range reader."""
    settings = ReadingSettings.from_env({})
    return {name: getattr(settings, name) for name in _NAMES}
