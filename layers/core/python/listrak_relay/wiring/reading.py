"""What reading a file takes, the same for a whole one and for ranges."""

from __future__ import annotations

from typing import Any

from listrak_relay.adapters.aws.clients import client
from listrak_relay.adapters.aws.secrets import SecretsManagerStore
from listrak_relay.adapters.unpacking.layers import UnpackLimits
from listrak_relay.settings.reading import ReadingSettings


def reader_settings(settings: ReadingSettings) -> dict[str, Any]:
    """Arguments of the audience reader and of the range reader."""
    return {
        "max_chunk_bytes": settings.max_chunk_bytes,
        "one_by_one_rows": settings.one_by_one_rows,
        "sms_chunk_rows": settings.sms_chunk_rows,
        **feed_reader_settings(settings),
    }


def feed_reader_settings(settings: ReadingSettings) -> dict[str, Any]:
    return {
        "memory_limit_mb": settings.memory_limit_mb,
        "threads": settings.threads,
        "limits": UnpackLimits(unpacked=settings.unpacked_limit_bytes),
        "key_for": SecretsManagerStore(client("secretsmanager")).pgp_key,
    }
