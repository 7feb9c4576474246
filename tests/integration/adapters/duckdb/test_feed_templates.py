"""Feeds read by a data template: columns mapped and left out, dates by their format, words in Listrak's."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from listrak_relay.adapters.duckdb.feed_reader import DuckDbFeedReader
from listrak_relay.adapters.duckdb.sessions import Sessions
from listrak_relay.adapters.libraries.destinations_yaml import parse_destinations
from listrak_relay.domain.destinations.destinations import FeedDestination
from listrak_relay.domain.run.runs import DroppedFile
from listrak_relay.errors import FileRejectedError
from listrak_relay.ports.reading import IngestedAudience, LocalFile
from tests.support.files.audience_files import LIMITS
from tests.support.files.slices import content_of


def read(
    folder: Path, text: str, columns: str, feed: str = "orders", settings: str = ""
) -> tuple[IngestedAudience, list[list[str]]]:
    """What ingest makes of a file, and the file that is sent, parsed."""
    template = f"  shop:\n    columns: {{{columns}}}\n"
    name = "file_name: Weekly.csv, " if feed == "contact_list" else ""
    body = f"version: 1\ndata_templates:\n{template}destinations:\n"
    body += f"  shop: {{channel: sftp, feed: {feed}, data_template: shop, {name}{settings}}}\n"
    destination = parse_destinations(body.encode(), "destinations.yaml")["shop"]
    assert isinstance(destination, FeedDestination)
    path = folder / "dropped"
    path.write_text(text, encoding="utf-8")
    source = DroppedFile("drop", "shop/file.csv", "v1", path.stat().st_size, "2026-11-23T08:00:00.000Z")
    reader = DuckDbFeedReader(Sessions(memory_limit_mb=256, threads=2, limits=LIMITS))
    result = reader.read([LocalFile(source.key, path)], source, destination, folder / "out")
    sent = content_of(result.chunks[0].content).decode() if result.chunks else ""
    return result, list(csv.reader(io.StringIO(sent, newline="")))


def rejected(result: IngestedAudience) -> list[Sequence[str]]:
    assert result.rejects is not None
    with result.rejects.open(encoding="utf-8", newline="") as file:
        return [(line["row"], line["reason"], line["column"], line["record"]) for line in csv.DictReader(file)]


def test_columns_are_sent_under_the_names_that_the_template_gives_them(tmp_path: Path) -> None:
    result, sent = read(
        tmp_path,
        "No.,Amount,Internal,Extra\n0012,5.00,secret,kept\n",
        "No.: {field: Order Number}, Amount: {field: ordertotal}, Internal: ignore",
    )

    assert sent == [["ordernumber", "ordertotal", "Extra"], ["0012", "5.00", "kept"]]
    assert result.notes["columns"] == {"No.": "ordernumber", "Amount": "ordertotal", "Extra": "Extra"}
    assert (result.notes["columns_left_out"], result.notes["unknown_columns"]) == (["Internal"], ["Extra"])


def test_values_are_checked_as_those_of_the_column_that_they_are_sent_as(tmp_path: Path) -> None:
    result, sent = read(
        tmp_path,
        "No.,Amount,Skip\n1,$5,a\n2,1E+1,b\n",
        "No.: {field: ordernumber}, Amount: {field: ordertotal}, Skip: ignore",
    )

    assert sent[1:] == [["2", "10"]]
    assert rejected(result) == [("2", "value_not_numeric", "Amount", "1,$5,a")]


def test_a_named_column_keeps_the_name_that_listrak_has_where_others_stay_as_dropped(tmp_path: Path) -> None:
    _, sent = read(
        tmp_path,
        "OrderNumber,Amount\n1,5\n",
        "Amount: {field: OrderTotal}",
        settings="column_names: as_dropped",
    )

    assert sent[0] == ["OrderNumber", "ordertotal"]


@pytest.mark.parametrize(
    ("field", "form", "written", "sent"),
    [
        ("dateentered", "%d.%m.%Y %H:%M", "31.01.2026 17:23", "2026-01-31T17:23:00"),
        ("dateentered", "%d.%m.%Y", "1.2.2026", "2026-02-01"),
        ("dateentered", "%b %d, %Y %I:%M:%S %p", " Nov 3, 2026 05:12:33 PM ", "2026-11-03T17:12:33"),
        ("Placed", "%d.%m.%Y", "31.01.2026", "2026-01-31"),
    ],
)
def test_a_date_is_sent_as_listrak_publishes_it(tmp_path: Path, field: str, form: str, written: str, sent: str) -> None:
    name = f"field: {field}, " if field != "Placed" else ""
    result, rows = read(
        tmp_path,
        f'ordernumber,Placed\n1,"{written}"\n2,2026-01-31\n3,\n4,31.13.2026\n',
        f"Placed: {{{name}type: date, date_format: '{form}'}}",
    )

    assert rows[1:] == [["1", sent], ["3", ""]]
    assert result.reasons == {"value_not_date_time": 2}


def test_a_birthday_is_read_by_its_format_and_is_past(tmp_path: Path) -> None:
    result, sent = read(
        tmp_path,
        "Mail,Born\na@example.com,31.12.1989\nb@example.com,24.11.2026\nc@example.com,1.1.1899\n",
        "Mail: email, Born: {role: birthday, date_format: '%d.%m.%Y'}",
        "customers",
    )

    assert sent == [["email", "birthday"], ["a@example.com", "1989-12-31"]]
    assert result.reasons == {"value_not_date": 2}


def test_words_are_sent_in_listraks_own(tmp_path: Path) -> None:
    result, sent = read(
        tmp_path,
        "ordernumber,State\n1,complete\n2, COMPLETE \n3,Shipped\n4,lost\n5,n/a\n",
        "State: {field: status, values: {Complete: Completed, n/a: }}",
    )

    assert sent[1:] == [["1", "Completed"], ["2", "Completed"], ["3", "Shipped"], ["5", ""]]
    assert rejected(result) == [("5", "value_not_allowed", "State", "4,lost")]
    assert result.notes["values_in_another_form"] == 3


def test_words_that_become_numbers_get_the_form_of_numbers_too(tmp_path: Path) -> None:
    _, sent = read(
        tmp_path,
        "ordernumber,sku,Number\n1,a,many\n2,b,2.0\n",
        "Number: {field: quantity, values: {many: 9.0}}",
        "order_items",
    )

    assert [row[2] for row in sent[1:]] == ["9", "2"]


@pytest.mark.parametrize(
    ("same_key", "wanted", "duplicates"),
    [
        ("send", [["1", "10"], ["1", ""], ["2", "5"], ["3", "7"]], None),
        ("first", [["1", "10"], ["2", "5"]], "row,kept_row\n3,2\n6,5\n"),
        ("last", [["1", ""], ["2", "5"], ["3", "7"]], "row,kept_row\n2,3\n5,6\n"),
    ],
)
def test_of_rows_with_one_key_the_first_the_last_or_all_are_sent(
    tmp_path: Path, same_key: str, wanted: list[list[str]], duplicates: str | None
) -> None:
    result, sent = read(
        tmp_path,
        "No.,Total\n1,10\n1,\n2,5\n3,x\n3,7\n",
        "No.: {field: ordernumber}, Total: {field: ordertotal}",
        settings=f"same_key: {same_key}",
    )

    assert sent[1:] == wanted
    assert (result.duplicates and result.duplicates.read_text()) == duplicates
    assert result.rows_read == len(wanted) + result.rejected + result.duplicates_dropped


def test_rows_that_are_not_sent_for_another_of_their_key_do_not_stop_a_strict_destination(tmp_path: Path) -> None:
    _, sent = read(
        tmp_path,
        "ordernumber,Total\n1,10\n1,x\n",
        "Total: {field: ordertotal}",
        settings="same_key: first, on_fault: strict",
    )

    assert sent[1:] == [["1", "10"]]


def test_rows_without_a_whole_key_are_nobodys_duplicates(tmp_path: Path) -> None:
    result, sent = read(
        tmp_path, "No.,sku\n1,a\n1,\n1,\n1,a\n,a\n", "No.: {field: ordernumber}", "order_items", "same_key: first"
    )

    assert sent[1:] == [["1", "a"]]
    assert (result.reasons, result.duplicates_dropped) == ({"key_missing": 3}, 1)


def test_a_column_that_the_template_names_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(FileRejectedError) as caught:
        read(tmp_path, "ordernumber,Sum\n1,5\n", "Total: {field: ordertotal}")

    assert caught.value.code == "template_column_missing"
    assert 'shop names "Total", not in the file' in str(caught.value)


def test_a_file_without_the_key_names_the_template_that_could_tell_it(tmp_path: Path) -> None:
    with pytest.raises(FileRejectedError) as caught:
        read(tmp_path, "Order No.,email\n1,a@example.com\n", "email: email")

    assert caught.value.code == "feed_key_missing"
    assert "Say in data template shop which of them it is, as in {field: ordernumber}" in str(caught.value)


def test_a_mapped_column_beside_one_of_the_same_name_is_turned_away(tmp_path: Path) -> None:
    with pytest.raises(FileRejectedError) as caught:
        read(tmp_path, "ordernumber,No.\n1,2\n", "No.: {field: ordernumber}")

    assert caught.value.code == "column_ambiguous"
    assert 'mean the same to Listrak (ordernumber): "ordernumber", "No."' in str(caught.value)


@pytest.mark.parametrize("rule", ["opted_out: ignore", "opted_out: {field: Note}", "Note: {field: opted_out}"])
def test_no_template_hides_that_a_contact_list_tells_who_opted_out(tmp_path: Path, rule: str) -> None:
    name = rule.split(":", maxsplit=1)[0]

    with pytest.raises(FileRejectedError) as caught:
        read(tmp_path, f"email,{name}\na@example.com,yes\n", rule, "contact_list")

    assert caught.value.code == "opt_status_not_carried"


def test_columns_of_a_contact_list_get_the_names_that_the_account_expects(tmp_path: Path) -> None:
    _, sent = read(
        tmp_path,
        "Mail,Town,Since,Left out\na@example.com,Lititz,31.01.2026,x\n",
        "Mail: email, Town: {field: City}, Since: {field: Member Since, type: date, date_format: '%d.%m.%Y'}, "
        "Left out: ignore",
        "contact_list",
    )

    assert sent == [["Mail", "City", "Member Since"], ["a@example.com", "Lititz", "2026-01-31"]]


@pytest.mark.parametrize(("settings", "names"), [("", ["sku", "Extra"]), ("unknown_columns: leave_out", ["sku"])])
def test_columns_that_nobody_names_are_sent_unless_they_are_not_wanted(
    tmp_path: Path, settings: str, names: list[Any]
) -> None:
    _, sent = read(tmp_path, "Item,Extra\n1,x\n", "Item: {field: sku}", "products", settings)

    assert sent[0] == names


def test_words_for_no_value_and_the_dialect_of_the_writer_hold_for_feeds(tmp_path: Path) -> None:
    result, sent = read(
        tmp_path,
        "Item|title\n1|NULL\n2|a\\|b\n",
        "Item: {field: sku}",
        "products",
        "file: {dialect: redshift, null_word: 'NULL'}",
    )

    assert sent[1:] == [["1", ""], ["2", "a|b"]]
    assert result.notes["null_words_read_as_empty"] == 1
