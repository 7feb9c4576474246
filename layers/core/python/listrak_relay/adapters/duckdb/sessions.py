"""Where a reader works: a session of DuckDB, a folder for passing files, and the bounds of both."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from shutil import rmtree

import duckdb

from listrak_relay.adapters.duckdb.sql.session import is_out_of_room, open_session
from listrak_relay.adapters.unpacking.layers import KeyFinder, Unpacking
from listrak_relay.adapters.unpacking.limits import UnpackLimits
from listrak_relay.domain.reading.no_room import refusing_without_room, too_large


@dataclass(frozen=True, slots=True, kw_only=True)
class Sessions:
    """What every reader works with.

    ``memory_limit_mb``: megabytes that DuckDB takes; what is more spills to the disk.
    ``threads``: of DuckDB.
    ``limits``: of what a file may unpack to.
    ``key_for``: finds PGP keys; None: there are none.
    """

    memory_limit_mb: int
    threads: int
    limits: UnpackLimits
    key_for: KeyFinder | None = None

    @contextmanager
    def open(self, file: str, out: Path) -> Iterator[tuple[duckdb.DuckDBPyConnection, Path]]:
        """A session for the work on drop key ``file``, and a folder below ``out`` for passing files, gone afterwards.

        Raises:
            FileTooLargeError: the work takes more memory or disk than there is.
        """
        work = out / "work"
        try:
            with refusing_without_room(file):
                work.mkdir(parents=True, exist_ok=True)
                with open_session(work, self.memory_limit_mb, self.threads) as session:
                    yield session, work
        except duckdb.Error as error:
            if not is_out_of_room(error):
                raise
            raise too_large(file) from None
        finally:
            rmtree(work, ignore_errors=True)

    def unpacking(self, folder: Path) -> Unpacking:
        """Takes the layers off files, into ``folder``."""
        return Unpacking(folder, self.limits, self.key_for)
