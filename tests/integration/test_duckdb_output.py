"""What is written of a table too large to be looked through at once."""

from __future__ import annotations

import csv
from pathlib import Path

from listrak_relay.adapters.duckdb_output import write_rejects
from listrak_relay.adapters.duckdb_source import ROW_GROUP, Source
from listrak_relay.adapters.duckdb_sql import open_session
from listrak_relay.adapters.duckdb_verdicts import Reason


def test_of_millions_of_rows_each_reject_is_listed_once_in_file_order(tmp_path: Path) -> None:
    rows = 25 * ROW_GROUP
    edges = [n * ROW_GROUP + beside for n in range(26) for beside in (-1, 0)][1:-1]
    source = Source("fast", "rowid + 2", rows, breaks=False, records=rows)

    with open_session(tmp_path, 256, 2) as session:
        session.execute(
            f"CREATE TABLE source AS SELECT 'person' || range AS c0, "
            f"(CASE WHEN range IN ({', '.join(map(str, edges))}) THEN 3 ELSE 0 END)::SMALLINT AS verdict "
            f"FROM range({rows})"
        )
        counts = write_rejects(session, source, 1, [Reason(3, "bad", "email", "is bad")], tmp_path / "rejects.csv")

    assert counts == {"bad": len(edges)}
    with (tmp_path / "rejects.csv").open(newline="") as stream:
        listed = [(int(line["row"]), line["record"]) for line in csv.DictReader(stream)]
    assert listed == [(n + 2, f"person{n}") for n in edges]
