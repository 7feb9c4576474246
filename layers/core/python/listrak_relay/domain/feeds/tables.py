"""The columns of every feed, and which of them name a row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from listrak_relay.domain.destinations.feed_settings import Feed
from listrak_relay.domain.feeds.column import FeedColumn, Kind, Provenance
from listrak_relay.domain.feeds.customers import CUSTOMERS
from listrak_relay.domain.feeds.order_items import ORDER_ITEMS
from listrak_relay.domain.feeds.orders import ORDERS
from listrak_relay.domain.feeds.products import PRODUCTS

ORDER_NUMBER = ("ordernumber", "alternateordernumber")
"""The second stands in where the first is blank: Listrak's pages on orders and order items."""
SKU = ("sku",)


@dataclass(frozen=True, slots=True)
class FeedTable:
    """``keys``: each names the columns of which a row must fill at least one; the first that is filled counts.

    ``essential``: likewise, of which the file must have one, or Listrak can but keep its rows. ``kept``: the key by
    which another feed refers to rows of this one. ``refers``: feed → key that must be among its rows. ``open``: any
    further column is as good as those listed.
    """

    columns: tuple[FeedColumn, ...]
    keys: tuple[tuple[str, ...], ...]
    essential: tuple[tuple[str, ...], ...] = ()
    kept: tuple[str, ...] = ()
    refers: Mapping[Feed, tuple[str, ...]] | None = None
    open: bool = False


FEED_TABLES: Mapping[Feed, FeedTable] = {
    Feed.CUSTOMERS: FeedTable(CUSTOMERS, keys=(("email",),)),
    Feed.PRODUCTS: FeedTable(PRODUCTS, keys=(SKU,), essential=(("title",), ("price",)), kept=SKU),
    Feed.ORDERS: FeedTable(
        ORDERS, keys=(ORDER_NUMBER,), essential=(("dateentered",), ("email", "customernumber")), kept=ORDER_NUMBER
    ),
    Feed.ORDER_ITEMS: FeedTable(
        ORDER_ITEMS,
        keys=(ORDER_NUMBER, SKU),
        essential=(("quantity",), ("price",)),
        refers={Feed.ORDERS: ORDER_NUMBER, Feed.PRODUCTS: SKU},
    ),
    Feed.CONTACT_LIST: FeedTable(
        (FeedColumn("email", Kind.EMAIL, wanted=True, source=Provenance.PUBLISHED),), keys=(("email",),), open=True
    ),
}
