"""Feeds read by DuckDB: each row at fault is named, every other one is sent as it is."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listrak_relay.adapters.duckdb.feed_reader import DuckDbFeedReader
from listrak_relay.adapters.duckdb.sessions import Sessions
from listrak_relay.domain.destinations.destinations import FeedDestination
from listrak_relay.domain.destinations.feed_settings import ColumnNames, Feed, MissingColumns, OnFault, default_settings
from listrak_relay.domain.run.runs import DroppedFile
from listrak_relay.errors import FileRejectedError
from listrak_relay.ports.reading import IngestedAudience, LocalFile
from tests.support.examples import examples
from tests.support.files.audience_files import LIMITS
from tests.support.files.slices import content_of

DROPPED_AT = "2026-11-23T08:00:00.000Z"
FACTS = Path("/work/shared/listrak/feeds.json")


@dataclass(frozen=True)
class Read:
    """``sent``: the file for Listrak, parsed, its header first. ``rejects``, ``warnings``: row → (reason, column)."""

    result: IngestedAudience
    body: bytes
    sent: list[list[str]]
    sent_rows: list[int]
    rejects: dict[int, tuple[str, str]]
    warnings: dict[int, tuple[str, str]]
    keys: dict[str, str]
    details: dict[int, str]


def read(text: str | bytes, feed: str = "products", **changes: Any) -> Read:
    destination = FeedDestination(feed, feed=replace(default_settings(Feed(feed)), **changes))
    with TemporaryDirectory() as folder:
        path, out = Path(folder) / "dropped", Path(folder) / "out"
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        source = DroppedFile("drop", f"{feed}/file.csv", "v1", path.stat().st_size, DROPPED_AT)
        reader = DuckDbFeedReader(Sessions(memory_limit_mb=256, threads=2, limits=LIMITS))
        result = reader.read([LocalFile(source.key, path)], source, destination, out)
        body = content_of(result.chunks[0].content) if result.chunks else b""
        rows = content_of(result.chunks[0].row_numbers).split() if result.chunks else []
        return Read(
            result,
            body,
            list(csv.reader(io.StringIO(body.decode(), newline=""))),
            [int(row) for row in rows],
            {row: (reason, name) for row, (reason, name, _) in _lines(result.rejects).items()},
            {row: (reason, name) for row, (reason, name, _) in _lines(result.warnings).items()},
            {name: file.read_text() for name, file in result.key_files.items()},
            {row: detail for row, (_, _, detail) in _lines(result.rejects).items()},
        )


def _lines(path: Path | None) -> dict[int, tuple[str, str, str]]:
    if path is None:
        return {}
    with path.open(encoding="utf-8", newline="") as file:
        lines = list(csv.DictReader(file))
    rows = [int(line["row"]) for line in lines]
    assert rows == sorted(set(rows))
    return {int(line["row"]): (line["reason"], line["column"], line["detail"]) for line in lines}


@contextmanager
def refused(code: str) -> Iterator[pytest.ExceptionInfo[FileRejectedError]]:
    with pytest.raises(FileRejectedError) as caught:
        yield caught
    assert caught.value.code == code


def table(header: Sequence[str], *rows: Sequence[str]) -> str:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows([header, *rows])
    return text.getvalue()


def test_sound_rows_are_sent_as_they_are_and_others_are_named() -> None:
    found = read('SKU,Title,Price\n007,"Good, ""one""",01.50\n,no key,1\n008,  two ,$2\n009,,\n010,short\n')

    assert found.sent == [["sku", "title", "price"], ["007", 'Good, "one"', "01.50"], ["009", "", ""]]
    assert found.sent_rows == [2, 5]
    assert found.rejects == {3: ("key_missing", "SKU"), 4: ("value_not_numeric", "Price"), 6: ("row_too_short", "")}
    assert (found.result.rows_read, found.result.rejected) == (5, 3)


def test_the_file_is_utf_8_with_commas_whatever_came_in() -> None:
    found = read("\ufeffsku|title\r\nÅ|a,b\r\n".encode())

    assert found.body == 'sku,title\nÅ,"a,b"\n'.encode()


@pytest.mark.parametrize("inner", ["\n", "\r\n", "\r", "\n\n", "\n\r"])
def test_line_breaks_inside_values_become_a_space_and_are_counted(inner: str) -> None:
    found = read(f'sku,title,color\n1,"one{inner}two","{inner}"\n2,"x{inner}",\n3,plain,\n')

    assert found.sent[1:] == [["1", "one two", " "], ["2", "x ", ""], ["3", "plain", ""]]
    assert found.result.notes["mended_line_breaks"] == 3


def test_other_odd_characters_are_left_alone() -> None:
    odd = "\u2028a\u00a0\tb\u0085 '--\u200b"

    assert read(table(["sku", "title"], ["1", odd])).sent[1] == ["1", odd]


@pytest.mark.parametrize("spelling", ["OrderNumber", "ORDER_NUMBER", "order number", " ordernumber "])
def test_a_column_is_found_in_any_spelling_and_sent_under_its_published_name(spelling: str) -> None:
    assert read(f"{spelling},Email\n001,a@example.com\n", "orders").sent[0] == ["ordernumber", "email"]


def test_the_header_can_be_left_as_it_is() -> None:
    found = read("OrderNumber,Email\n001,a@example.com\n", "orders", column_names=ColumnNames.AS_DROPPED)

    assert found.sent[0] == ["OrderNumber", "Email"]


def test_unknown_columns_pass_and_are_named() -> None:
    found = read("sku,Shelf,Related_SKU_12,related_sku_0\n1,a,b,c\n")

    assert found.sent == [["sku", "Shelf", "related_sku_12", "related_sku_0"], ["1", "a", "b", "c"]]
    assert found.result.notes["unknown_columns"] == ["Shelf", "related_sku_0"]
    assert "description" in found.result.notes["columns_that_listrak_features_need"]
    assert found.result.notes["essential_columns_missing"] == ["title", "price"]


def test_of_columns_that_are_meant_to_be_missing_nothing_is_said() -> None:
    notes = read("sku,qoh\n1,3\n", missing_columns=MissingColumns.EXPECTED).result.notes

    assert notes["essential_columns_missing"] == notes["columns_that_listrak_features_need"] == []


def test_either_of_two_columns_tells_whose_an_order_is() -> None:
    nobodys = read("ordernumber,dateentered\n1,2026-11-01\n", "orders")
    somebodys = read("ordernumber,dateentered,customernumber\n1,2026-11-01,7\n", "orders")

    assert nobodys.result.notes["essential_columns_missing"] == ["email or customernumber"]
    assert somebodys.result.notes["essential_columns_missing"] == []
    assert "email" not in somebodys.result.notes["columns_that_listrak_features_need"]


def test_a_file_without_its_key_is_turned_away() -> None:
    with refused("feed_key_missing") as caught:
        read("title,price\na,1\n")

    assert '"title", "price"' in str(caught.value)


def test_two_columns_of_one_meaning_are_turned_away() -> None:
    with refused("header_duplicate"):
        read("sku,Image URL,imageurl\n1,a,b\n")


def test_an_order_may_be_known_by_its_other_number() -> None:
    found = read("ordernumber,alternateordernumber\n,A1\n001,\n ,\n", "orders")

    assert found.sent_rows == [2, 3]
    assert found.rejects == {4: ("key_missing", "ordernumber")}
    assert found.keys == {"ordernumber": "001,1\nA1,1\n"}


def test_keys_of_items_are_listed_with_their_rows_in_the_order_of_their_characters() -> None:
    items = [("é", "b"), ("10", "a"), ("2", "b"), ("10", "Z"), ("\U0001f600", "b"), ("\uffee", "b"), ('q"', "x,y")]

    found = read(table(["ordernumber", "sku"], *items), "order_items")

    orders, skus = ([row[0] for row in csv.reader(io.StringIO(found.keys[name]))] for name in ("ordernumber", "sku"))
    assert orders == sorted({order for order, _ in items})
    assert skus == sorted({sku for _, sku in items})
    assert "10,2\n" in found.keys["ordernumber"]


@pytest.mark.parametrize("space", [" ", "\t", "\u00a0", "\u3000"])
def test_white_space_around_a_value_is_sent_and_does_not_count(space: str) -> None:
    found = read(table(["sku", "price"], [f"{space}7{space}", f"{space}1.50"], [space, "1"], ["8", space]))

    assert found.sent[1:] == [[f"{space}7{space}", f"{space}1.50"], ["8", space]]
    assert found.rejects == {3: ("key_missing", "sku")}
    assert found.keys == {"sku": "7,1\n8,1\n"}


def test_a_strict_destination_sends_nothing_of_a_file_with_a_fault() -> None:
    found = read("sku,price\n1,2\n2,x\n", on_fault=OnFault.STRICT)

    assert not found.result.chunks
    assert found.rejects == {2: ("strict_destination", ""), 3: ("value_not_numeric", "price")}
    assert found.result.problem
    assert found.result.rejected == found.result.rows_read == 2


def test_a_strict_destination_sends_a_file_without_fault() -> None:
    found = read("sku,price\n1,2\n", on_fault=OnFault.STRICT)

    assert found.sent_rows == [2]
    assert found.result.problem is None


def test_a_warning_destination_sends_every_row_that_can_be_read() -> None:
    found = read("sku,price\n1,2\n,x\n3\n", on_fault=OnFault.WARN)

    assert found.sent_rows == [2, 3]
    assert found.warnings == {3: ("key_missing", "sku")}
    assert found.rejects == {4: ("row_too_short", "")}
    assert found.result.notes["warnings"] == {"key_missing": 1}


def test_a_row_with_several_faults_names_them_all() -> None:
    found = read("sku,price,instock,title\n,x,maybe,a\n")

    assert found.rejects == {2: ("key_missing", "sku")}
    assert found.details[2].endswith("See also: price (value_not_numeric), instock (value_not_allowed).")


def test_what_is_only_guessed_of_a_column_rejects_no_row() -> None:
    found = read(table(["ordernumber", "shippingcity"], ["1", "x" * 101]), "orders")

    assert found.sent_rows == [2]
    assert found.warnings == {2: ("value_too_long", "shippingcity")}


def test_a_file_of_no_sound_row_gives_no_file() -> None:
    found = read("sku,price\n1,x\n")

    assert not found.result.chunks
    assert found.result.rejected == 1


def test_a_contact_list_is_sent_with_its_own_columns() -> None:
    found = read("E-Mail Address,City\na@example.com,York\nnobody,York\n", "contact_list", file_name="L.csv")

    assert found.sent == [["E-Mail Address", "City"], ["a@example.com", "York"]]
    assert found.rejects == {3: ("email_invalid", "E-Mail Address")}
    assert found.result.notes["unknown_columns"] == []


@pytest.mark.parametrize("blank", [" ", "\t", "\u00a0"])
def test_white_space_around_it_makes_no_address_of_a_text(blank: str) -> None:
    found = read(
        f"OrderNumber,Email,DateEntered\n1,{blank}no address{blank},2026-01-31\n2,a@example.com,2026-01-31\n", "orders"
    )

    assert found.rejects == {2: ("email_invalid", "Email")}
    assert found.sent_rows == [3]


def test_addresses_are_told_apart_though_hardly_any_row_of_a_large_file_has_one() -> None:
    """Each text that is not of the usual form is looked at by itself, ten thousand at a time."""
    texts = (f"no address {n}" if n % 5_000 else f"Ana {n} <ana@example.com>" for n in range(12_000))

    found = read("OrderNumber,Email\n" + "".join(f"{n},{text}\n" for n, text in enumerate(texts)), "orders")

    assert [sent[1] for sent in found.sent[1:]] == ["ana@example.com"] * 3
    assert found.result.rejected == 12_000 - 3


def test_a_contact_list_that_says_who_opted_out_is_turned_away() -> None:
    with refused("opt_status_not_carried"):
        read("email,opt_in\na@example.com,no\n", "contact_list")


# --- the rules, against the facts from which they were written --------------------------------------------------------

GOOD: Mapping[str, Sequence[str]] = {
    "integer": ("0", "45", "-3", "+7", " 4 ", "4.0", "2.0000"),
    "decimal": ("0", "24.99", "-1.50", ".5", "3.", "+2", "1000000.123456", "1E+3"),
    "date": ("1900-01-01", "2000-02-29", "2026-11-23"),
    "datetime": (
        "2018-08-23T17:23:48Z",
        "2018-08-23",
        "2018-08-23T17:23",
        "2018-08-23 17:23:48 UTC",
        "2018-08-23T17:23:48.123+02:00",
    ),
    "boolean": ("true", "FALSE", "null", "Yes", "n", "1", "0"),
    "url": ("http://www.example.com/a?b=c,d",),
}
BAD: Mapping[str, tuple[str, Sequence[str]]] = {
    "integer": ("value_not_whole_number", ("4.5", "four", "1,000", "0x10", "4 pcs")),
    "decimal": ("value_not_numeric", ("$24.99", "24,99", "1,000.00", "free", "1e99", "--1", ".")),
    "date": ("value_not_date", ("1999-02-29", "01/31/1999", "1899-12-31", "2026-11-24", "1999-1-1", "19990101")),
    "datetime": (
        "value_not_date_time",
        ("2018-02-30T10:00:00Z", "23.08.2018", "2018-08-23T24:00:00Z", "2018-08-23T17:61:00Z", "yesterday"),
    ),
    "boolean": ("value_not_allowed", ("maybe", "2", "tru")),
    "enum": ("value_not_allowed", ("Lost in space", "-")),
}
KEY_COLUMNS = {
    "customers": ["email"],
    "products": ["sku"],
    "orders": ["ordernumber"],
    "order_items": ["ordernumber", "sku"],
}
needs_facts = pytest.mark.skipif(not FACTS.exists(), reason="the facts gathered about the feeds are not here")


def facts() -> list[Any]:
    """Feed and column, as gathered from Listrak's pages."""
    if not FACTS.exists():
        return []
    document = json.loads(FACTS.read_text())
    return [
        pytest.param(feed.value, column, id=f"{feed.value}-{column['name']}")
        for feed in Feed
        if feed.value in document
        for column in document[feed.value]["columns"]
    ]


def file_with(feed: str, name: str, values: Sequence[str]) -> str:
    """A file whose rows are sound but for, perhaps, these values of one column."""
    cells = {key: "a@example.com" if key == "email" else "0001" for key in KEY_COLUMNS[feed]}
    others = {key: cell for key, cell in cells.items() if key != name.lower().replace(" ", "")}
    return table([*others, name], *([*others.values(), value] for value in values))


def faults_of(feed: str, column: dict[str, Any], values: Sequence[str]) -> dict[str, str | None]:
    """Value → the reason of its reject, or of its warning where the column is only guessed; None for a sound one."""
    found = read(file_with(feed, column["name"].replace("_N", "_1"), values), feed)
    turned_away = found.warnings if column["confidence"] == "inferred" else found.rejects
    assert found.result.notes["unknown_columns"] == []
    return {value: turned_away.get(row, (None,))[0] for row, value in enumerate(values, start=2)}


@needs_facts
@pytest.mark.parametrize(("feed", "column"), facts())
def test_each_published_column_takes_what_is_published_of_it_and_nothing_else(
    feed: str, column: dict[str, Any]
) -> None:
    good = [*GOOD.get(column["type"], ()), *(column["allowed"] or ())]
    reason, values = BAD.get(column["type"], ("", ()))
    bad = dict.fromkeys(values, reason)
    if column["example"]:
        good.append(column["example"])
    if column["max_length"] and column["type"] in ("string", "url") and column["name"] != "email":
        good.append("é" * column["max_length"])
        bad["x" * (column["max_length"] + 1)] = "value_too_long"
    if column["name"] == "mobilephone":
        bad["(717) 555-0100"] = "phone_invalid"
    if column["name"] == "email":
        bad["nobody.example.com"] = "email_invalid"
        bad[f"{'x' * 60}@{'y' * 50}.example.com"] = "value_too_long"

    assert faults_of(feed, column, [*good, *bad]) == {**dict.fromkeys(good), **bad}


@needs_facts
@pytest.mark.parametrize(("feed", "column"), facts())
def test_each_spelling_of_a_published_column_is_known(feed: str, column: dict[str, Any]) -> None:
    for spelling in column["aliases"]:
        file = file_with(feed, spelling.replace("_N", "_3"), ["a@example.com"])

        assert read(file, feed, on_fault=OnFault.WARN).result.notes["unknown_columns"] == []


# --- properties -------------------------------------------------------------------------------------------------------

TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\n\r"), max_size=12)
ROWS = st.lists(st.tuples(st.sampled_from(["", " ", "007", "8", "é"]), TEXT, st.sampled_from(["", "1", "x", "2.5"])))


@examples(50)
@given(ROWS, st.sampled_from(["\n", "\r\n"]), st.sampled_from(OnFault), st.booleans())
def test_every_row_is_sent_unchanged_or_named(
    rows: list[tuple[str, str, str]], end: str, on_fault: OnFault, quoted: bool
) -> None:
    text = io.StringIO(newline="")
    quoting: Literal[0, 1] = csv.QUOTE_ALL if quoted else csv.QUOTE_MINIMAL
    csv.writer(text, lineterminator=end, quoting=quoting).writerows([("sku", "note", "price"), *rows])

    found = read(text.getvalue(), on_fault=on_fault)

    reasons = {
        number: "key_missing" if not sku.strip() else "value_not_numeric" if price == "x" else None
        for number, (sku, note, price) in enumerate(rows, start=2)
        # A row of delimiters alone is none.
        if quoted or sku or note or price
    }
    faulty = {number: reason for number, reason in reasons.items() if reason}
    stopped = bool(on_fault is OnFault.STRICT and faulty)
    sent = [] if stopped else [n for n in reasons if on_fault is OnFault.WARN or n not in faulty]
    assert found.result.rows_read == len(reasons) == len(found.sent_rows) + found.result.rejected
    assert found.sent_rows == sent
    assert found.sent[1:] == [list(rows[number - 2]) for number in sent]
    listed = found.warnings if on_fault is OnFault.WARN else found.rejects
    assert {n: reason for n, (reason, _) in listed.items() if reason != "strict_destination"} == faulty


@pytest.mark.parametrize(
    ("column", "written", "sent"),
    [
        ("dateentered", "2026-01-31 17:23:48", "2026-01-31T17:23:48"),
        ("dateentered", "2026/01/31", "2026-01-31"),
        ("dateentered", "2026/01/31 17:23:48 UTC", "2026-01-31T17:23:48Z"),
        ("dateentered", "2026-01-31 17:23:48.123456", "2026-01-31T17:23:48.123456"),
        ("dateentered", "2026-01-31-17.23.48.000000", "2026-01-31T17:23:48.000000"),
        ("dateentered", "31-JAN-26", "2026-01-31"),
        ("dateentered", "1 Jan 2026", "2026-01-01"),
        ("dateentered", "31-JAN-26 05.23.48.000000 PM", "2026-01-31T17:23:48.000000"),
        ("dateentered", "31-JAN-26 12.03 AM", "2026-01-31T00:03"),
        ("dateentered", "31JAN2026", "2026-01-31"),
        ("dateentered", "31JAN2026:17:23:48", "2026-01-31T17:23:48"),
        ("dateentered", "2026-01-31 17:23:48+00", "2026-01-31T17:23:48Z"),
        ("dateentered", "2026-01-31 17:23:48.000 -0500", "2026-01-31T17:23:48.000-05:00"),
        ("dateentered", "2026-01-31 17:23:48 UTC", "2026-01-31T17:23:48Z"),
        ("dateentered", "2026-01-31T17:23:48+05:30", "2026-01-31T17:23:48+05:30"),
        ("dateentered", "2026-01-31T17:23:48Z", "2026-01-31T17:23:48Z"),
        ("dateentered", "2026-01-31", "2026-01-31"),
        ("ordertotal", "1299.0000", "1299.0000"),
        ("ordertotal", "1.5E+3", "1500"),
        ("ordertotal", "NaN", ""),
    ],
)
def test_what_warehouses_write_is_sent_in_the_form_that_listrak_publishes(column: str, written: str, sent: str) -> None:
    found = read(f"ordernumber,email,{column}\n1,a@example.com,{written}\n", "orders")

    assert found.sent[1][2] == sent
    assert found.result.notes["values_in_another_form"] == (written != sent)


@pytest.mark.parametrize("on_fault", OnFault)
def test_signs_around_an_address_a_number_or_a_date_are_not_sent(on_fault: OnFault) -> None:
    text = (
        "ordernumber,email,dateentered,ordertotal,couponcode\n"
        "1,\u2060a@example.com\u200e,\u202a2026-01-31 17:23:48Z\u202c,'12.50,'X\n"
        "2,\u00ad,\ufe0f2026-01-31,\u20665\u2069,\u2060Y\n"
        "3,\u200bA@example.com\u00a0,\ufeff2026-01-31,\u200b5, Z\n"
        "4,mailto:a@example.com,, 5,\n"
        "5,Ana Lima <a@example.com>,,5,\n"
    )

    found = read(text, "orders", on_fault=on_fault)

    assert found.sent[1:] == [
        ["1", "a@example.com", "2026-01-31T17:23:48Z", "12.50", "'X"],
        ["2", "", "2026-01-31", "5", "\u2060Y"],
        ["3", "A@example.com", "2026-01-31", "5", " Z"],
        ["4", "a@example.com", "", " 5", ""],
        ["5", "a@example.com", "", "5", ""],
    ]
    assert (found.rejects, found.warnings) == ({}, {})


@pytest.mark.parametrize(
    ("written", "sent"), [("2.0", "2"), ("2.0000", "2"), ("2", "2"), ("nan", ""), ("1E+1", "10"), ("-2.0E0", "-2")]
)
def test_a_quantity_that_was_taken_for_a_fraction_is_whole_again(written: str, sent: str) -> None:
    found = read(f"ordernumber,sku,quantity\n1,A,{written}\n", "order_items")

    assert found.sent[1][2] == sent


@pytest.mark.parametrize(
    ("written", "sent"), [("1990-01-31 00:00:00", "1990-01-31"), ("1990-01-31 23:30:00-05", "1990-02-01")]
)
def test_a_birthday_with_a_time_is_sent_as_its_day(written: str, sent: str) -> None:
    found = read(f"email,birthday\na@example.com,{written}\n", "customers")

    assert found.sent[1][1] == sent


def test_a_quantity_that_is_no_whole_number_is_named() -> None:
    assert read("ordernumber,sku,quantity\n1,A,2.5\n", "order_items").rejects == {
        2: ("value_not_whole_number", "quantity")
    }


@pytest.mark.parametrize("on_fault", [OnFault.DROP, OnFault.WARN])
def test_answers_and_codes_as_databases_write_them_are_sent_as_listrak_has_them(on_fault: OnFault) -> None:
    products = read("sku,title,price,instock\nA,A,1,t\nB,B,1,0.0\nC,C,1,F\nD,D,1,2.0\nE,E,1,No\n", on_fault=on_fault)
    orders = read("ordernumber,status\n1,3.0\n2,12.0\n3,7\n4,t\n", "orders", on_fault=on_fault)

    named = (products.rejects, orders.rejects) if on_fault is OnFault.DROP else (products.warnings, orders.warnings)
    assert named == (
        {5: ("value_not_allowed", "instock")},
        {3: ("value_not_allowed", "status"), 5: ("value_not_allowed", "status")},
    )
    answers = {row[0]: row[3] for row in products.sent[1:]}
    assert answers | {"D": "2.0"} == {"A": "true", "B": "0", "C": "false", "D": "2.0", "E": "No"}
    assert {row[0]: row[1] for row in orders.sent[1:]} | {"2": "12.0", "4": "t"} == {
        "1": "3",
        "2": "12.0",
        "3": "7",
        "4": "t",
    }
