"""The fast way and the exact way give the same rows, and SQL decides as the domain's own words do."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import cast

import duckdb
import phonenumbers
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from listrak_relay.adapters.duckdb.deciding.contacts import contacts_of, usual_phone
from listrak_relay.adapters.duckdb.loading import delimited
from listrak_relay.adapters.duckdb.loading.source import PLAIN, Layout
from listrak_relay.adapters.duckdb.parsing import audience_shape
from listrak_relay.adapters.duckdb.sql import expressions, rules
from listrak_relay.adapters.duckdb.sql.session import open_session
from listrak_relay.adapters.duckdb.sql.tallies import tallies_of
from listrak_relay.adapters.formats.delimited.survey import survey
from listrak_relay.adapters.libraries.phone_numbers import check_phone_number, plans_for, region_plan
from listrak_relay.adapters.libraries.unusual_email import check_unusual_email
from listrak_relay.domain.columns import field_types
from listrak_relay.domain.columns.columns import columns_of
from listrak_relay.domain.columns.tally import Tally
from listrak_relay.domain.consent.names import Reading
from listrak_relay.domain.consent.reading import read_row
from listrak_relay.domain.consent.statements import Question, Statement, words
from listrak_relay.domain.destinations.file_rules import FileRules
from listrak_relay.domain.values import dates, email_address, numbers, phone_number
from listrak_relay.domain.values.phone_number import NumberingPlan
from listrak_relay.domain.values.text import clean
from listrak_relay.errors import FileRejectedError
from tests.support.examples import examples

VALUES = (
    st.text(alphabet='ab ",;\t\né\u00a0\u2028\x07', max_size=6)
    | st.text(alphabet='a",\n', max_size=5)
    | st.sampled_from(["", '"', "\\N", "\\", "a@example.com", "\r\n", " x ", ',"', '\n"', 'say "hi", you'])
)
TEXT = st.text(max_size=12) | st.text(alphabet=" \t\n\r\x0b\u00a0\u2028\x07ab", max_size=8)


@st.composite
def written_files(draw: st.DrawFn) -> bytes:
    """Files as a CSV writer makes them, and what hand and other programs do to them."""
    width = draw(st.integers(min_value=1, max_value=3))
    rows = draw(st.lists(st.lists(VALUES, min_size=width, max_size=width), max_size=6))
    text = io.StringIO(newline="")
    end = draw(st.sampled_from(["\n", "\r\n", "\r"]))
    # Some versions of Python put only characters of the line end in quotes, so the shorter quoting goes with both.
    if end == "\r\n" and draw(st.booleans()):
        writer = csv.writer(text, lineterminator=end)
    else:
        writer = csv.writer(text, lineterminator=end, quoting=csv.QUOTE_ALL)
    writer.writerow(["email", "a", "b"][:width])
    writer.writerows(rows)
    body = draw(st.sampled_from([b"", b"\xef\xbb\xbf"])) + text.getvalue().encode()
    if draw(st.booleans()):
        place = draw(st.integers(min_value=len("\ufeffemail,a,b".encode()), max_value=max(12, len(body))))
        odd = [b"\n", b'"', b",", b" ", b"\r", b"\xff", b"\0", b'" ', b' "', b'a"b', b'""', b"\t", b",\\N,"]
        body = body[:place] + draw(st.sampled_from(odd)) + body[place:]
    return body[: draw(st.sampled_from([None, -1]))]


def rows_by_each_way(
    body: bytes, layout: Layout = PLAIN
) -> tuple[list[tuple[object, ...]] | None, list[tuple[object, ...]], int]:
    """Rows with their numbers by the fast way (None if it declined) and the exact one, and how many were damaged."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "people.csv"
        path.write_bytes(body)
        facts = survey(path, "email/vip/people.csv", FileRules())
        plan = columns_of(facts.names, None, audience="vip", file="email/vip/people.csv")
        contacts = contacts_of(plan, "US", check_unusual_email)
        shape = audience_shape(plan, contacts)
        with open_session(Path(folder), 128, 1) as session:
            columns = ", ".join(f"coalesce(c{n}, '')" for n in range(len(plan.columns)))
            fast = delimited.load_fast(session, path, facts, shape, layout)
            found = None
            if fast:
                found = session.execute(f"SELECT {fast.row}, {columns} FROM source ORDER BY 1").fetchall()
                session.execute("DROP TABLE source")
            exact = delimited.load_exact(session, path, facts, shape, Path(folder), layout)
            assert fast is None or fast.nulls == exact.nulls
            return (
                found,
                session.execute(f"SELECT {exact.row}, {columns} FROM source ORDER BY 1").fetchall(),
                exact.damaged,
            )


@examples(60)
@given(written_files(), st.sampled_from([(), ("a",), ("a@example.com", "\\")]))
def test_the_fast_way_gives_the_rows_of_the_exact_way_or_declines(body: bytes, null_words: tuple[str, ...]) -> None:
    try:
        fast, exact, damaged = rows_by_each_way(body, Layout(null_words=null_words))
    except FileRejectedError:
        return

    if fast is not None:
        assert fast == exact
        assert damaged == 0


class GivesUp:
    """A session in which DuckDB says of every CSV file that it cannot be read in parallel."""

    def __init__(self, session: duckdb.DuckDBPyConnection) -> None:
        self._session = session

    def execute(self, statement: str) -> duckdb.DuckDBPyConnection:
        if "read_csv" in statement and "parallel = false" not in statement:
            raise duckdb.NotImplementedException("no full read of this file")
        return self._session.execute(statement)


def test_a_file_that_duckdb_cannot_read_in_parallel_goes_the_exact_way(tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text("email,a\nana@example.com,1\n")
    facts = survey(path, "email/vip/people.csv", FileRules())
    plan = columns_of(facts.names, None, audience="vip", file=facts.file)
    shape = audience_shape(plan, contacts_of(plan, "US", check_unusual_email))
    with open_session(tmp_path, 128, 1) as session:
        found = delimited.load(cast("duckdb.DuckDBPyConnection", GivesUp(session)), path, facts, shape, tmp_path)

        assert (found.way, found.rows) == ("exact", 1)


@pytest.mark.parametrize("row_bytes", [100, 400, 5_000])
def test_a_large_file_is_read_in_its_order_however_wide_its_rows_are(tmp_path: Path, row_bytes: int) -> None:
    path, rows = tmp_path / "people.csv", 66_000_000 // row_bytes
    with path.open("w") as stream:
        stream.write("email,a,b\n")
        stream.writelines(f"p{n:07d}@example.com,{n},{'x' * (row_bytes - 30)}\n" for n in range(rows))
    facts = survey(path, "email/vip/people.csv", FileRules())
    plan = columns_of(facts.names, None, audience="vip", file=facts.file)
    shape = audience_shape(plan, contacts_of(plan, "US", check_unusual_email))
    with open_session(tmp_path, 512, 2) as session:
        source = delimited.load_fast(session, path, facts, shape)

        assert source is not None
        assert source.rows == rows
        assert session.execute("SELECT count(*) FROM source WHERE c1 = rowid::VARCHAR").fetchone() == (rows,)


@pytest.mark.parametrize(
    "surprise",
    [
        b"",
        b'x@example.com,"a, b"\n',
        b"x@example.com,\\N\n",
        b'x@example.com, "a"\n',
        b"x@example.com,a\r\n",
        b"x@example.com,a\0b\n",
        b"x@example.com,a,\n",
        b"x@example.com\n",
        b'x@example.com,"a\n',
    ],
)
def test_what_comes_late_in_a_large_file_is_found_while_it_is_read(tmp_path: Path, surprise: bytes) -> None:
    path = tmp_path / "people.csv"
    rows = [b"p%06d@example.com,%d\n" % (n, n) for n in range(200_000)]
    path.write_bytes(b"email,a\n" + b"".join(rows) + surprise + rows[0])
    facts = survey(path, "email/vip/people.csv", FileRules(), beside=True)
    known = survey(path, "email/vip/people.csv", FileRules())
    plan = columns_of(facts.names, None, audience="vip", file=facts.file)
    shape = audience_shape(plan, contacts_of(plan, "US", check_unusual_email))
    with open_session(tmp_path, 256, 2) as session:
        beside = delimited.load_fast(session, path, facts, shape)
        session.execute("DROP TABLE IF EXISTS source")
        afterwards = delimited.load_fast(session, path, known, shape)
    facts.wait()

    assert facts.counting is not None
    assert beside == afterwards
    assert (beside is None) == (surprise not in (b"", b'x@example.com,"a, b"\n', b"x@example.com,\\N\n"))
    assert replace(facts, counting=None, glance=None) == known


@examples(50)
@given(st.lists(st.lists(VALUES, min_size=2, max_size=2), max_size=6), st.sampled_from(["\n", "\r\n", "\r"]))
def test_what_a_csv_writer_wrote_is_read_back(rows: list[list[str]], end: str) -> None:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator=end, quoting=csv.QUOTE_ALL).writerows([["email", "a"], *rows])

    _, exact, damaged = rows_by_each_way(text.getvalue().encode())

    assert [list(values) for _, *values in exact] == rows
    assert damaged == 0


@given(TEXT)
def test_sql_cleans_values_as_the_domain_does(plain_duckdb: duckdb.DuckDBPyConnection, text: str) -> None:
    assert plain_duckdb.execute(f"SELECT {expressions.cleaned('?')}", [text]).fetchone() == (clean(text),)


@given(st.from_regex(email_address.USUAL_PATTERN, fullmatch=True) | st.emails() | TEXT | st.just("a@shop.TEST"))
def test_sql_knows_the_usual_addresses_of_the_domain(plain_duckdb: duckdb.DuckDBPyConnection, text: str) -> None:
    usual, common = (
        plain_duckdb.execute(f"SELECT {rule('v')} FROM (SELECT ? AS v)", [text]).fetchone()
        for rule in (rules.usual_email, rules.common_email)
    )

    assert usual == (email_address.is_usual(text),)
    assert common == (False,) or usual == (True,)


@given(
    st.sampled_from(sorted({word for question in Question for word in words(question)}))
    | st.sampled_from(
        ["-1", "perhaps", "", " ", "Opted-In", "OPT_OUT ", "2026-01-31 00:00:00+00", "1/2/26", "Jan 5, 2026"]
    )
    | st.sampled_from(
        ["Unsubscribed (global)", "31-JAN-26", "NaT", "-", "opted out?", "not opted out", "Отписался 2026", "いいえ"]
    )
    | st.sampled_from(
        ["2026年1月31日", "Q1 2026", "31. Januar 2026", "Sat Jan 31 17:23:48 UTC 2026", "désabonné le 3"]
    ),
    st.sampled_from(["", " ", "\t", "\u00a0"]),
    st.lists(st.sampled_from(sorted(Question)), min_size=1, max_size=3),
)
def test_sql_reads_consent_as_the_domain_does(
    plain_duckdb: duckdb.DuckDBPyConnection, word: str, space: str, questions: list[Question]
) -> None:
    value = space + word
    readings = [Reading(question, {"i": Statement.YES, "o": Statement.NO}) for question in questions]

    found = plain_duckdb.execute(
        f"SELECT {rules.statement_code([('v', reading) for reading in readings])} FROM (SELECT ? AS v)", [value]
    )

    assert found.fetchone() == (read_row([(value, reading) for reading in readings]).value,)


DAYS = (
    st.dates().map(str)
    | st.from_regex(r"[0-3]?[0-9]/[0-3]?[0-9]/[0-2][0-9]{3}( [0-9]{1,2}:[0-9]{2}( PM)?)?", fullmatch=True)
    | st.from_regex(r"[0-2][0-9]{3}-[01][0-9]-[0-3][0-9]", fullmatch=True)
    | st.from_regex(
        r"(2026-03-08|2024-02-29|2026-12-31)[T ]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\.[0-9]{1,9})?)?"
        r"( ?(Z|UTC|GMT|[+-](0[0-9]|1[0-4])(:?[0-5][0-9])?))?",
        fullmatch=True,
    )
    | st.datetimes().map(lambda moment: moment.isoformat())
    | st.from_regex(
        r"[0-3]?[0-9][- ]?(JAN|Feb|sep|Okt)[- ]?(20)?[0-9]{2}([ :][0-9]{2}[.:][0-9]{2}( PM)?)?", fullmatch=True
    )
    | st.from_regex(r"2026-0[12]-[0-3][0-9]-[0-2][0-9]\.[0-5][0-9]\.[0-5][0-9](\.[0-9]{1,9})?", fullmatch=True)
)


@given(DAYS | TEXT, st.sampled_from(["UTC", "America/New_York", "Asia/Kolkata"]))
def test_sql_knows_and_writes_dates_as_the_domain_does(
    plain_duckdb: duckdb.DuckDBPyConnection, text: str, zone: str
) -> None:
    day = dates.read_day(text, zone=zone)

    found = plain_duckdb.execute(
        f"SELECT {rules.is_date('v')}, {rules.american_date('v', zone=zone)} FROM (SELECT ? AS v)", [text]
    ).fetchone()

    assert found is not None
    assert bool(found[0]) is (day is not None)
    assert day is None or found[1] == dates.american(day)


@given(
    st.decimals(allow_nan=False, allow_infinity=False).map(str)
    | st.from_regex(r"[+-]?[0-9]{0,17}(\.[0-9]{0,3}0*)?", fullmatch=True)
    | st.from_regex(r"[+-]?[0-9](\.[0-9]{1,5})?[eE][+-]?[0-9]{1,2}", fullmatch=True)
    | st.sampled_from(
        [
            "NaN",
            "-nan",
            "1E+3",
            "1.255e2",
            "5.",
            ".50",
            "-.5",
            "+7",
            "007",
            "+00012.50",
            "-0003.5000",
            "+007",
            "+000012.",
            "1.5E-001",
            "1E+002",
        ]
    )
)
def test_sql_knows_and_writes_numbers_as_the_domain_does(plain_duckdb: duckdb.DuckDBPyConnection, text: str) -> None:
    found = plain_duckdb.execute(
        f"SELECT {rules.is_number('v')}, {rules.plain_number('v')}, {rules.is_no_number('v')}, "
        f"{expressions.matches('v', field_types.NUMERIC_PATTERN)} FROM (SELECT ? AS v)",
        [text],
    ).fetchone()

    assert found is not None
    plain = numbers.plain(text)
    assert found[0] is (plain is not None)
    assert plain is None or found[1] == plain
    assert found[2] is (text.lower() in numbers.NO_NUMBER)
    assert found[3] is field_types.is_numeric(text)


@examples(13)
@given(st.lists(DAYS | st.sampled_from(["0000-00-00", "NULL", "1/31/26", "31.01.2026", "25/12/1990", "12.5000", "x"])))
def test_counts_of_parts_add_up_to_those_of_the_whole(
    plain_duckdb: duckdb.DuckDBPyConnection, values: list[str]
) -> None:
    def tally(some: list[str]) -> Tally:
        listed = "(SELECT unnest($1::VARCHAR[]) AS v)"
        plain_duckdb.execute(f"CREATE OR REPLACE TEMP TABLE listed AS FROM {listed}", [some])
        return tallies_of(plain_duckdb, ["v"], "listed")[0]

    half = len(values) // 2

    assert tally(values[:half]) + tally(values[half:]) == tally(values)


PLANS = plans_for([f"{code}00"[:3] for code in phonenumbers.COUNTRY_CODE_TO_REGION_CODE])
NORTH_AMERICA = NumberingPlan("1", next(plan.national for plan in PLANS if plan.calling_code == "1"), bare=True)


@st.composite
def spelled_numbers(draw: st.DrawFn) -> tuple[NumberingPlan, str]:
    """Numbers of a plan, and nearly such, with separators here and there."""
    plan = draw(st.sampled_from(PLANS) | st.just(NORTH_AMERICA))
    national = draw(st.from_regex(re.compile(plan.national, re.ASCII), fullmatch=True))
    text = draw(st.sampled_from([f"+{plan.calling_code}", plan.calling_code, "", "+", "0"])) + national
    text = draw(st.sampled_from([text, text, text, text[:-1], text + "0", text + ".0", text.replace("1", "0")]))
    for _ in range(draw(st.integers(0, 4))):
        place = draw(st.integers(0, len(text)))
        text = (
            text[:place]
            + draw(st.sampled_from([*phone_number.SEPARATORS, "+", "x", "/", "\t", "\uff10"]))
            + text[place:]
        )
    return plan, text


@examples(333)
@given(spelled_numbers())
@example((next(plan for plan in PLANS if plan.calling_code == "49"), "+494920000000000"))
def test_sql_decides_usual_numbers_as_the_full_check_does(
    plain_duckdb: duckdb.DuckDBPyConnection, spelled: tuple[NumberingPlan, str]
) -> None:
    plan, text = spelled
    region = phonenumbers.region_code_for_country_code(int(plan.calling_code))

    found = plain_duckdb.execute(f"SELECT {usual_phone('v', [plan])} FROM (SELECT ? AS v)", [text]).fetchone()

    assert found in {(None,), (phone_number.read(text, region, check_phone_number),)}


def test_sql_decides_every_area_code_and_exchange_of_north_america_as_the_full_check_does(
    plain_duckdb: duckdb.DuckDBPyConnection,
) -> None:
    numbers = [f"{start}{start * 7919 % 10**6:06d}" for start in range(2000, 10_000)]

    found = plain_duckdb.execute(f"SELECT {usual_phone('v', [NORTH_AMERICA])} FROM (SELECT unnest(?) AS v)", [numbers])

    by_sql = {number: e164 for number, (e164,) in zip(numbers, found.fetchall(), strict=True)}
    by_library = {number: check_phone_number(number, "US") for number in numbers}
    assert {number for number, e164 in by_sql.items() if e164 not in (None, by_library[number])} == set()
    # What is left to the library: special area codes, and those of the smaller countries.
    left = [number for number, e164 in by_library.items() if e164 and by_sql[number] is None]
    assert len(left) < 0.1 * sum(e164 is not None for e164 in by_library.values())


def test_every_usual_spelling_of_a_number_is_decided_in_sql(plain_duckdb: duckdb.DuckDBPyConnection) -> None:
    assert region_plan("CA") == region_plan("US") == NORTH_AMERICA
    spellings = ["7175550100", "(717) 555-0100", "717.555.0100", "1-717-555-0100", "17175550100", "+1 717 555 0100"]

    found = plain_duckdb.execute(
        f"SELECT DISTINCT {usual_phone('v', [NORTH_AMERICA])} FROM (SELECT unnest(?) AS v)", [spellings]
    )

    assert found.fetchall() == [("+17175550100",)]
