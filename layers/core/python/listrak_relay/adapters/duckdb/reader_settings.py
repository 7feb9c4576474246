"""What reading an audience file takes, and the DuckDB session in which it is done."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from errno import ENOSPC
from pathlib import Path
from shutil import rmtree

import duckdb

from listrak_relay.adapters.duckdb.sql.session import open_session
from listrak_relay.adapters.duckdb.writing.chunk_files import ChunkLimits
from listrak_relay.adapters.libraries.unusual_email import check_unusual_email
from listrak_relay.adapters.unpacking.layers import KeyFinder, UnpackLimits
from listrak_relay.domain.destinations.destinations import AudienceDestination, SmsDestination
from listrak_relay.domain.values.email_address import UnusualCheck
from listrak_relay.errors import FileTooLargeError

_DISK_FULL = "No space left"


@dataclass(frozen=True, kw_only=True)
class ReaderSettings:
    """``max_chunk_bytes``: of a chunk file. ``one_by_one_rows``: rows in a chunk when contacts must go one by one.
    ``sms_chunk_rows``: rows in a chunk of an SMS run. ``memory_limit_mb``: DuckDB's own; what is more spills to the
    disk of the ``out`` folder. ``unusual``: the check of email addresses that are not of the usual form. ``limits``:
    of what a file may unpack to. ``key_for``: finds PGP keys, None: there are none."""

    max_chunk_bytes: int
    one_by_one_rows: int
    sms_chunk_rows: int
    memory_limit_mb: int
    threads: int
    unusual: UnusualCheck = check_unusual_email
    limits: UnpackLimits = field(default_factory=UnpackLimits)
    key_for: KeyFinder | None = None

    def chunk_limits(self, destination: AudienceDestination) -> ChunkLimits:
        if isinstance(destination, SmsDestination):
            return ChunkLimits(self.max_chunk_bytes, self.sms_chunk_rows)
        return ChunkLimits(self.max_chunk_bytes, self.one_by_one_rows if destination.one_by_one else None)

    @contextmanager
    def session(self, file: str, out: Path) -> Iterator[tuple[duckdb.DuckDBPyConnection, Path]]:
        """A session for the work on drop key ``file``, and a folder below ``out`` for passing files, gone afterwards.

        Raises:
            FileTooLargeError: the work takes more memory or disk than there is.
        """
        work = out / "work"
        work.mkdir(parents=True, exist_ok=True)
        try:
            with open_session(work, self.memory_limit_mb, self.threads) as session:
                yield session, work
        except duckdb.OutOfMemoryException:
            raise _too_large(file) from None
        except duckdb.IOException as error:
            # There is no code for it; the text tells of no row.
            if _DISK_FULL not in str(error):
                raise
            raise _too_large(file) from None
        except OSError as error:
            if error.errno != ENOSPC:
                raise
            raise _too_large(file) from None
        finally:
            rmtree(work, ignore_errors=True)


def _too_large(file: str) -> FileTooLargeError:
    return FileTooLargeError(
        f"{file}: reading the file takes more memory or disk than the function has; drop smaller files, or raise the "
        "stack's parameters IngestMemoryMb and IngestTmpMb"
    )
