"""Small parts that are read together give what they give one by one: rows, their numbers, damage and texts."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import replace
from itertools import accumulate
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from listrak_relay.adapters.duckdb.deciding.contacts import contacts_of
from listrak_relay.adapters.duckdb.loading.behind_each_other import load_parts
from listrak_relay.adapters.duckdb.loading.delimited import DelimitedTable
from listrak_relay.adapters.duckdb.loading.small_parts import together
from listrak_relay.adapters.duckdb.loading.source import Layout, LoadedRows, Shape
from listrak_relay.adapters.duckdb.loading.table import Table
from listrak_relay.adapters.duckdb.loading.tables import open_tables
from listrak_relay.adapters.duckdb.parsing import audience_shape
from listrak_relay.adapters.duckdb.sql.session import open_session
from listrak_relay.adapters.formats.delimited.survey import survey
from listrak_relay.adapters.libraries.unusual_email import check_unusual_email
from listrak_relay.adapters.unpacking.layers import DataFile
from listrak_relay.domain.columns.columns import columns_of
from listrak_relay.domain.destinations.file_rules import FileRules
from listrak_relay.domain.reading.notes import Way
from tests.support.examples import examples
from tests.support.files.audience_files import read
from tests.support.files.packed import zipped

RULES = FileRules()
SHAPE_PLAN = columns_of(["email", "a"], None, audience="vip", file="vip.zip")
SHAPE = audience_shape(SHAPE_PLAN, contacts_of(SHAPE_PLAN, "US", check_unusual_email))

SOUND = ("a@example.com,1", "b@example.com,", "nope,x", "c@example.com, y ")
ODD = ('d@example.com,"z"', 'e@example.com,"two\nlines"', "f@example.com,\\N", 'g@example.com,"a""b"', "", ",")
DAMAGED = ("too,many,fields", "few", 'h@example.com,"open', "i@example.com,\udcff", "j@example.com,\0")


@st.composite
def parts(draw: st.DrawFn) -> list[bytes]:
    """One program wrote all of them, and not every one shows each habit of it."""
    row = st.sampled_from(SOUND)
    if draw(st.booleans()):
        row |= st.sampled_from(ODD)
        row |= st.sampled_from(DAMAGED) if draw(st.booleans()) else st.nothing()
    ends = draw(st.sampled_from([["\n"], ["\r\n"], ["\n", "\r\n"]]))
    found = []
    for rows in draw(st.lists(st.lists(row, max_size=4), min_size=2, max_size=6)):
        end = draw(st.sampled_from(ends))
        text = end.join(["email,a", *rows]) + draw(st.sampled_from([end, ""]))
        mark = draw(st.sampled_from([b"", b"", b"\xef\xbb\xbf"]))
        found.append(mark + text.encode("utf-8", "surrogateescape"))
    return found


def tables_of(bodies: list[bytes], folder: Path) -> list[tuple[str, DelimitedTable]]:
    tables = []
    for number, body in enumerate(bodies):
        path = folder / f"part-{number}.csv"
        path.write_bytes(body)
        tables.append((path.name, DelimitedTable(path, survey(path, path.name, RULES), "UTF-8")))
    return tables


def opened(
    session: duckdb.DuckDBPyConnection, bodies: list[bytes], folder: Path, most_bytes: int = 1_000_000
) -> list[tuple[str, Table]]:
    files = [DataFile(f"part-{number}", folder / f"part-{number}", workbook=False) for number in range(len(bodies))]
    for file, body in zip(files, bodies, strict=True):
        file.path.write_bytes(body)
    return open_tables(session, files, RULES, None, folder, most_bytes=most_bytes)


def rows_in(session: duckdb.DuckDBPyConnection, source: LoadedRows) -> list[tuple[object, ...]]:
    found = session.execute(f"SELECT {source.row}, c0, c1, action, verdict FROM source ORDER BY rowid").fetchall()
    session.execute("DROP TABLE source")
    return found


def damaged_in(folder: Path) -> list[list[str]]:
    path = folder / "damaged.csv"
    if not path.exists():
        return []
    with path.open(newline="") as stream:
        found = list(csv.reader(stream))
    path.unlink()
    return found


def texts_of(source: LoadedRows, rows: list[tuple[object, ...]]) -> list[tuple[int, str]]:
    found = []
    for texts in source.texts:
        numbers = [int(str(row[0])) - texts.offset for row in rows]
        mine = [number for number in numbers if 0 < number <= texts.last]
        found += [(number + texts.offset, text) for number, text in texts.read(mine)]
    return found


def one_by_one(
    session: duckdb.DuckDBPyConnection, tables: Sequence[tuple[str, Table]], shape: Shape, folder: Path
) -> tuple[list[tuple[object, ...]], list[tuple[int, str]], list[int], int]:
    """Rows, their texts, the offset of each part, and how many values were a word for no value."""
    rows, told, offsets, nulls = [], [], [0], 0
    for _, table in tables:
        layout = Layout(order=(0, 1), offset=offsets[-1])
        source, last = table.load(session, shape, folder, layout)
        found = rows_in(session, source)
        rows += found
        told += texts_of(source, found)
        nulls += source.nulls
        offsets.append(offsets[-1] + last)
    return rows, told, offsets, nulls


def assert_same_together(
    session: duckdb.DuckDBPyConnection, tables: Sequence[tuple[str, Table]], folder: Path, groups: int | None = None
) -> None:
    rows, told, offsets, nulls = one_by_one(session, tables, SHAPE, folder)
    damaged = damaged_in(folder)

    source, found, last = load_parts(session, tables, SHAPE, folder, RULES)

    together_rows = rows_in(session, source)
    assert together_rows == rows
    assert damaged_in(folder) == damaged
    assert texts_of(source, together_rows) == told
    assert [part.offset for part in found] == offsets[:-1]
    assert (last, source.rows, source.damaged, source.nulls) == (offsets[-1], len(rows), len(damaged), nulls)
    assert groups in (None, len(list(together(tables))))


@examples(40)
@given(parts())
@example([b"email,a\na@example.com,1", b"email,a\nb@example.com,2\n"])
@example([b'email,a\na@example.com,"1\n2"\n', b"email,a\nb@example.com,2\n"])
@example([b'email,a\na@example.com,"1\n', b'email,a\nb@example.com,2"\n'])
def test_parts_together_give_what_they_give_one_by_one(bodies: list[bytes]) -> None:
    with TemporaryDirectory() as name, open_session(Path(name), 128, 1) as session:
        folder = Path(name)
        assert_same_together(session, tables_of(bodies, folder), folder)


def test_plain_parts_take_one_query_and_the_fast_way(tmp_path: Path) -> None:
    tables = tables_of([f"email,a\np{n}@example.com,{n}\n".encode() for n in range(200)], tmp_path)
    with open_session(tmp_path, 128, 1) as session:
        source, _, last = load_parts(session, tables, SHAPE, tmp_path, RULES)

        assert (source.way, source.rows, last) == (Way.FAST, 200, 400)
        assert [row[:2] for row in rows_in(session, source)] == [(2 * n + 2, f"p{n}@example.com") for n in range(200)]
    assert len(list(together(tables))) == 1


@pytest.mark.parametrize("other", [b"a,email\n1,b@example.com\n", b"email;a\nb@example.com;1\n"])
def test_a_part_of_another_kind_stands_by_itself(tmp_path: Path, other: bytes) -> None:
    plain = b"email,a\na@example.com,1\n"
    tables = tables_of([plain, plain, other, plain, plain], tmp_path)

    assert [len(group) for group in together(tables)] == [2, 1, 2]


def test_no_more_is_read_together_than_is_read_again_for_one_damaged_row(tmp_path: Path) -> None:
    tables = tables_of([b"email,a\na@example.com,1\n"] * 10, tmp_path)
    large = [(name, replace(table, facts=replace(table.facts, size=4_000_000))) for name, table in tables]

    assert [len(group) for group in together(large)] == [4, 4, 2]


def test_rejects_and_duplicates_of_an_archive_of_many_parts_have_the_numbers_of_their_parts() -> None:
    bodies = [f"email,a\np{n % 70}@example.com,{n}\nnope-{n},1\n" for n in range(100)]

    found = read(zipped(*((f"part-{n:03}.csv", body.encode()) for n, body in enumerate(bodies))))

    offsets = list(accumulate([3] * 100, initial=0))
    assert [reject["row"] for reject in found.rejects] == [str(offset + 3) for offset in offsets[:-1]]
    assert [reject["record"] for reject in found.rejects] == [f"nope-{n},1" for n in range(100)]
    assert found.duplicates == [(offsets[n] + 2, offsets[n + 70] + 2) for n in range(30)]


@pytest.mark.parametrize(
    "bodies",
    [
        [b'{"email": "a@example.com",  "a": "1"}\n{"email": "nope"}\n', b'{"email": "b@example.com", "a": 3}\n'],
        [b'{"email": "a@example.com", "a": "1"}\n\n{"email": broken}\n[1]\n', b'{"email": "b@example.com", "a": "2"}'],
        [b'[{"email": "a@example.com", "a": "1"},\n {"email": "b@example.com",  "a": null}]'] * 2,
    ],
    ids=["lines", "damaged", "arrays"],
)
def test_parts_of_json_together_give_what_they_give_one_by_one(tmp_path: Path, bodies: list[bytes]) -> None:
    with open_session(tmp_path, 128, 1) as session:
        assert_same_together(session, opened(session, [*bodies, bodies[0]], tmp_path), tmp_path, groups=1)


def parquet(select: str) -> bytes:
    with TemporaryDirectory() as folder, duckdb.connect() as session:
        path = Path(folder) / "part.parquet"
        session.execute(f"COPY ({select}) TO '{path}' (FORMAT parquet)")
        return path.read_bytes()


@pytest.mark.parametrize(
    ("selects", "groups"),
    [
        (["SELECT 'a@example.com' AS email, 1 AS a UNION ALL SELECT 'nope', 2", "SELECT 'b@example.com', 3"], 1),
        (["SELECT 'a@example.com', 1.5::FLOAT", "SELECT 'b@example.com', 1.123456789::DOUBLE"], 2),
        (["SELECT 'a@example.com', 'x'", "SELECT 'b@example.com', chr(0)"], 1),
        (["SELECT 'a@example.com', 'x'::BLOB", "SELECT 'b@example.com', '\\xFF'::BLOB"], 1),
        (["SELECT 'a@example.com', 1 WHERE false", "SELECT 'b@example.com', 2"], 1),
    ],
    ids=["alike", "of other types", "damaged", "bytes", "empty"],
)
def test_parts_of_parquet_together_give_what_they_give_one_by_one(
    tmp_path: Path, selects: list[str], groups: int
) -> None:
    bodies = [parquet(f"SELECT * FROM ({select}) AS rows (email, a)") for select in (*selects, selects[-1])]
    with open_session(tmp_path, 128, 1) as session:
        assert_same_together(session, opened(session, bodies, tmp_path), tmp_path, groups=groups)


def test_parts_of_parquet_that_are_too_large_together_are_read_one_by_one(tmp_path: Path) -> None:
    body = parquet("SELECT 'a' || i || '@example.com' AS email, repeat('x', 50) AS a FROM range(10) AS r (i)")
    with open_session(tmp_path, 128, 1) as session:
        tables = opened(session, [body] * 3, tmp_path, most_bytes=1_000)

        assert_same_together(session, tables, tmp_path, groups=1)
