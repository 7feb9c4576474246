"""The first rows of a file that would be sent, as a CSV file that can be dropped in its place."""

# ruff: noqa: S608 - SQL is built from names and numbers made here; all other text passes `literal`

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

from listrak_relay.adapters.duckdb.deciding.verdicts import DELIVERED
from listrak_relay.adapters.duckdb.finishing import decide_rest
from listrak_relay.adapters.duckdb.loading.tables import open_tables
from listrak_relay.adapters.duckdb.parsing import Asked, decide_consent, parse
from listrak_relay.adapters.duckdb.sessions import Sessions
from listrak_relay.adapters.duckdb.sql.expressions import column
from listrak_relay.adapters.libraries.unusual_email import check_unusual_email
from listrak_relay.adapters.stopwatch import Stopwatch
from listrak_relay.domain.destinations.destinations import AudienceDestination
from listrak_relay.ports.reading import LocalFile


def write_sample(
    sessions: Sessions,
    files: Sequence[LocalFile],
    destination: AudienceDestination,
    audience: str,
    rows: int,
    folder: Path,
) -> Path:
    """``folder``: for the sample and for what is made on the way.

    Raises:
        FileRejectedError: the file as a whole cannot be used.
        ConfigurationError: as `ports.reading.AudienceReader.read`.
    """
    sample, file = folder / "sample.csv", files[0].name
    with sessions.open(file, folder) as (session, work):
        rules = destination.file
        found = sessions.unpacking(work).unpack_all(files, file, rules.pgp_secret)
        most = sessions.limits.unpacked
        tables = open_tables(session, found, rules, destination.data_template, work, most_bytes=most)
        asked = Asked(file, destination, audience, check_unusual_email)
        parsed = decide_consent(session, parse(session, tables, asked, work, Stopwatch()), asked)
        parsed.verdicts.drop_duplicates()
        decide_rest(parsed.verdicts, destination)
        headers = parsed.plan.headers
        cells = ", ".join(column(place) for place in range(len(headers)))
        taken = session.execute(f"SELECT {cells} FROM source WHERE {DELIVERED} ORDER BY rowid LIMIT {rows}").fetchall()
    with sample.open("w", encoding="utf-8", newline="") as stream:
        write = csv.writer(stream).writerow
        write(headers)
        for row in taken:
            write(["" if cell is None else cell for cell in row])
    return sample
