"""What reading a file takes, the same for a whole one, for ranges and for a feed."""

from __future__ import annotations

from listrak_relay.adapters.aws.clients import client
from listrak_relay.adapters.aws.secrets import SecretsManagerStore
from listrak_relay.adapters.duckdb.sessions import Sessions
from listrak_relay.adapters.duckdb.writing.chunk_files import ChunkSizes
from listrak_relay.adapters.unpacking.layers import KeyFinder
from listrak_relay.adapters.unpacking.limits import UnpackLimits
from listrak_relay.settings.reading import ReadingSettings


def pgp_keys() -> KeyFinder:
    return SecretsManagerStore(client("secretsmanager")).pgp_key


def sessions(settings: ReadingSettings, key_for: KeyFinder | None) -> Sessions:
    return Sessions(
        memory_limit_mb=settings.memory_limit_mb,
        threads=settings.threads,
        limits=UnpackLimits(unpacked=settings.unpacked_limit_bytes),
        key_for=key_for,
    )


def chunk_sizes(settings: ReadingSettings) -> ChunkSizes:
    return ChunkSizes(
        max_bytes=settings.max_chunk_bytes,
        one_by_one_rows=settings.one_by_one_rows,
        sms_rows=settings.sms_chunk_rows,
    )
