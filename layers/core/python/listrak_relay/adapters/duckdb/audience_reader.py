"""Reads an audience file with DuckDB: `ports.reading.AudienceReader`.

Everything that touches every row is SQL. Rows are read, decided and written in the order of the source file, so the
same file always gives the same chunks.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import duckdb

from listrak_relay.adapters.duckdb.finishing import finish
from listrak_relay.adapters.duckdb.loading.tables import open_tables
from listrak_relay.adapters.duckdb.parsing import Asked, Parsed, decide_consent, notes_of, parse
from listrak_relay.adapters.duckdb.sessions import Sessions
from listrak_relay.adapters.duckdb.writing.chunk_files import ChunkSizes
from listrak_relay.adapters.duckdb.writing.output import write_duplicates
from listrak_relay.adapters.duckdb.writing.rejects import write_damaged
from listrak_relay.adapters.libraries.unusual_email import check_unusual_email
from listrak_relay.adapters.stopwatch import Stopwatch
from listrak_relay.domain.destinations.destinations import AudienceDestination
from listrak_relay.domain.reading import damage
from listrak_relay.domain.run.runs import DroppedFile
from listrak_relay.domain.values.email_address import UnusualCheck
from listrak_relay.errors import FileRejectedError
from listrak_relay.ports.reading import IngestedAudience, LocalFile


@dataclass(frozen=True, slots=True)
class DuckDbAudienceReader:
    """``unusual``: checks email addresses that are not of the usual form."""

    sessions: Sessions
    sizes: ChunkSizes
    unusual: UnusualCheck = check_unusual_email

    def read(
        self,
        files: Sequence[LocalFile],
        source: DroppedFile,
        destination: AudienceDestination,
        audience: str,
        out: Path,
    ) -> IngestedAudience:
        """See `ports.reading.AudienceReader.read`. ``out`` is made if need be.

        Raises:
            FileRejectedError: the file as a whole cannot be used.
            ConfigurationError: a date format of the data template, the chunk size, the sheet or the PGP key cannot be
                used.
        """
        watch, file = Stopwatch(), source.key
        with ThreadPoolExecutor(1) as beside:
            with self.sessions.open(file, out) as (session, work):
                with watch.stage("unpack"):
                    unpacking = self.sessions.unpacking(work)
                    found = unpacking.unpack_all(files, file, destination.file.pgp_secret)
                with watch.stage("survey"):
                    tables = open_tables(
                        session,
                        found,
                        destination.file,
                        destination.data_template,
                        work,
                        most_bytes=self.sessions.limits.unpacked,
                    )
                asked = Asked(file, destination, audience, self.unusual)
                parsed = parse(session, tables, asked, work, watch)
                _check_damage(session, parsed, destination.file.max_damaged_percent, file, out)
                with watch.stage("consent"):
                    parsed = decide_consent(session, parsed, asked)
                with watch.stage("duplicates"):
                    parsed.verdicts.drop_duplicates()
                    dropped = write_duplicates(session, parsed.source, out / "duplicates.csv")
                finished = finish(
                    session,
                    parsed,
                    destination,
                    limits=self.sizes.limits_for(destination),
                    out=out,
                    watch=watch,
                    beside=beside,
                )
            with watch.stage("cut"):
                chunks = finished.chunks()
        return IngestedAudience(
            rows_read=parsed.source.rows + parsed.source.damaged,
            rejected=sum(finished.reasons.values()),
            duplicates_dropped=dropped,
            reasons=finished.reasons,
            columns=finished.profile.columns,
            chunks=chunks,
            rejects=finished.rejects,
            duplicates=out / "duplicates.csv" if dropped else None,
            notes=notes_of(parsed, finished.profile, destination, finished.statements, finished.contradicted).as_dict()
            | {"unpacked": unpacking.layers, "left_out_members": unpacking.left_out}
            | {"milliseconds": watch.milliseconds},
            parts=parsed.parts,
        )


def _check_damage(session: duckdb.DuckDBPyConnection, parsed: Parsed, max_percent: float, file: str, out: Path) -> None:
    """Raises FileRejectedError (``file_damaged``): so many rows are damaged that the file itself must be wrong."""
    source = parsed.source
    rows = source.rows + source.damaged
    problem = damage.problem(file, source.damaged, rows, max_percent, together=source.together)
    if problem:
        path = out / "rejects.csv"
        write_damaged(session, source, path)
        raise FileRejectedError(damage.TOO_DAMAGED, problem, path)
