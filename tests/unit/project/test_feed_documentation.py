"""The page about feeds names every column, and how far its rule can be relied on."""

import pytest

from listrak_relay.domain.destinations.feed_settings import FILE_NAMES, Feed
from listrak_relay.domain.feeds.column import FeedColumn, Provenance
from listrak_relay.domain.feeds.tables import FEED_TABLES
from tests.support.paths import ROOT

PAGE = (ROOT / "docs/feeds.md").read_text(encoding="utf-8")
MARKS = {
    Provenance.PUBLISHED: "",
    Provenance.DEFINITION: "¹",
    Provenance.GUIDE: "²",
    Provenance.REST: "³",
    Provenance.GUESSED: "⁴",
}
TITLES = {
    Feed.CUSTOMERS: "Customers",
    Feed.PRODUCTS: "Products",
    Feed.ORDERS: "Orders",
    Feed.ORDER_ITEMS: "Order items",
}


def line_of(feed: Feed, column: FeedColumn) -> str:
    section = PAGE.split(f"### {TITLES[feed]}\n")[1].split("\n#")[0]
    (line,) = (line for line in section.splitlines() if f"`{column.name}`" in line.split(" | ")[0] and line[0] == "|")
    return line


@pytest.mark.parametrize(
    ("feed", "column"), [(feed, column) for feed in TITLES for column in FEED_TABLES[feed].columns], ids=str
)
def test_every_column_is_there_with_its_mark_and_length(feed: Feed, column: FeedColumn) -> None:
    line = line_of(feed, column)

    named = {name.strip() for name in line.strip("| ").split(" | ")[0].split(",")}
    assert f"`{column.name}`{MARKS[column.source]}" in named
    assert (column.max_length is None) == ("at most" not in line)
    assert column.max_length is None or f"at most {column.max_length:,} characters" in line


@pytest.mark.parametrize("feed", FILE_NAMES)
def test_every_usual_name_is_there(feed: Feed) -> None:
    assert f"| `{feed}` | `{FILE_NAMES[feed]}` |" in PAGE
