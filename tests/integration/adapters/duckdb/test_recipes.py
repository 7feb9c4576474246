"""The exports of shops that docs/recipes.md tells of, read by the destinations that it shows."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pytest

from listrak_relay.adapters.duckdb.feed_reader import DuckDbFeedReader
from listrak_relay.adapters.duckdb.sessions import Sessions
from listrak_relay.adapters.libraries.destinations_yaml import parse_destinations
from listrak_relay.domain.destinations.destinations import FeedDestination
from listrak_relay.domain.run.runs import DroppedFile
from listrak_relay.ports.reading import IngestedAudience, LocalFile
from listrak_relay.wiring.dry_run import read_here
from tests.support.files.audience_files import LIMITS
from tests.support.files.slices import content_of
from tests.support.paths import ROOT, SAMPLES

CONFIGURATIONS = re.findall(
    r"```yaml\n(version: 1\n.*?)```", (ROOT / "docs/recipes.md").read_text(encoding="utf-8"), re.DOTALL
)

KNOWN = {name: found for text in CONFIGURATIONS for name, found in parse_destinations(text.encode(), "").items()}


def people(name: str, export: str, audience: str, folder: Path) -> dict[str, list[list[str]]]:
    """By what is done with people, their rows as Listrak gets them, which begin with the address."""
    destination = KNOWN[name]
    result = read_here(SAMPLES / "exports" / export, f"{name}/{audience}/{export}", destination, audience, folder)
    assert result.rejected == 0
    return {
        chunk.action.value: list(csv.reader(io.StringIO(content_of(chunk.content).decode(), newline="")))
        for chunk in result.chunks
    }


def read(name: str, export: str, folder: Path) -> tuple[IngestedAudience, list[dict[str, str]]]:
    """What ingest makes of a file of ``samples/exports``, and the rows that Listrak gets."""
    destination = KNOWN[name]
    assert isinstance(destination, FeedDestination)
    path = SAMPLES / "exports" / export
    source = DroppedFile("drop", f"{name}/{export}", "v1", path.stat().st_size, "2026-11-29T08:00:00.000Z")
    reader = DuckDbFeedReader(Sessions(memory_limit_mb=256, threads=2, limits=LIMITS))
    result = reader.read([LocalFile(source.key, path)], source, destination, folder)
    body = content_of(result.chunks[0].content).decode()
    return result, list(csv.DictReader(io.StringIO(body, newline="")))


@pytest.mark.parametrize("text", CONFIGURATIONS, ids=range(len(CONFIGURATIONS)))
def test_every_configuration_that_is_shown_can_be_used(text: str) -> None:
    assert parse_destinations(text.encode(), "destinations.yaml")


def test_shopifys_orders_are_the_first_row_of_each(tmp_path: Path) -> None:
    result, rows = read("shopify_orders", "shopify_orders.csv", tmp_path)

    assert [(row["ordernumber"], row["status"], row["ordertotal"]) for row in rows] == [
        ("#1001", "Shipped", "73.14"),
        ("#1002", "Processing", "20.00"),
    ]
    assert (rows[0]["dateentered"], rows[1]["shipdate"]) == ("2026-11-23T17:12:31-05:00", "")
    assert (rows[0]["email"], rows[0]["source"]) == ("ada@example.com", "web")
    assert (result.rows_read, result.rejected, result.duplicates_dropped) == (3, 0, 1)
    assert not {"Billing Zip", "Payment Reference", "Accepts Marketing"} & set(rows[0])
    assert result.notes["unknown_columns"] == result.notes["columns_that_listrak_features_need"] == []


def test_shopifys_order_items_are_all_rows(tmp_path: Path) -> None:
    result, rows = read("shopify_items", "shopify_orders.csv", tmp_path)

    assert [(row["ordernumber"], row["sku"], row["quantity"], row["price"], row["status"]) for row in rows] == [
        ("#1001", "SHIRT-M", "2", "25.00", "Shipped"),
        ("#1001", "SOCKS", "1", "20.00", "Shipped"),
        ("#1002", "SOCKS", "1", "20.00", "pending"),
    ]
    assert (result.rejected, result.duplicates_dropped) == (0, 0)


def test_magentos_orders_have_their_dates_and_states_as_listrak_takes_them(tmp_path: Path) -> None:
    result, rows = read("magento_orders", "magento_orders.csv", tmp_path)

    assert rows == [
        {
            "ordernumber": "000000101",
            "dateentered": "2026-11-03T17:12:33",
            "ordertotal": "73.1400",
            "status": "Completed",
            "email": "ada@example.com",
            "itemtotal": "64.0000",
            "shippingtotal": "5.0000",
        },
        {
            "ordernumber": "000000102",
            "dateentered": "2026-11-24T08:05:10",
            "ordertotal": "20.0000",
            "status": "Hold",
            "email": "bjorn@example.com",
            "itemtotal": "20.0000",
            "shippingtotal": "0.0000",
        },
    ]
    assert result.rejected == 0
    assert result.notes["mended_line_breaks"] == 0  # the only ones are in columns that are left out


def test_magentos_order_items_come_from_its_database(tmp_path: Path) -> None:
    result, rows = read("magento_items", "magento_order_items.tsv", tmp_path)

    assert [tuple(row.values()) for row in rows] == [
        ("000000101", "SHIRT-M", "2", "25.0000", "6.0000", "50.0000"),
        ("000000101", "SOCKS", "1", "20.0000", "0.0000", "20.0000"),
        ("000000102", "SOCKS", "1", "20.0000", "", "20.0000"),
    ]
    assert result.notes["null_words_read_as_empty"] == 3


def test_magentos_newsletter_subscribes_those_alone_who_said_yes(tmp_path: Path) -> None:
    found = people("magento_newsletter", "magento_newsletter.csv", "newsletter", tmp_path)

    assert {action: [row[0] for row in rows] for action, rows in found.items()} == {
        "subscribe": ["ada@example.com"],
        "unsubscribe": ["bjorn@example.com"],
        "keep": ["cleo@example.com", "dan@example.com"],
    }
    assert not {value for rows in found.values() for row in rows for value in row} & {"----", "4"}


def test_magentos_customers_are_subscribed_by_nothing(tmp_path: Path) -> None:
    found = people("magento_customers", "magento_customers.csv", "customers", tmp_path)

    assert {action: [row[0] for row in rows] for action, rows in found.items()} == {
        "update": ["ada@example.com", "cleo@example.com"]
    }
    assert [("11/01/2026" in row, "555-0101" in row) for row in found["update"]] == [(True, False), (False, False)]
