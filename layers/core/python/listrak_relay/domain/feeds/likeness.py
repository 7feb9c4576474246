"""Which feed a file is of, by its columns alone."""

from __future__ import annotations

from collections.abc import Sequence

from listrak_relay.domain.destinations.feed_settings import Feed
from listrak_relay.domain.feeds.mapping import published_name
from listrak_relay.domain.feeds.tables import FEED_TABLES, ORDER_NUMBER

_OF_EVERY_ORDER = "dateentered"


def is_of_orders(headers: Sequence[str]) -> bool:
    """Whether these are columns of Listrak's Orders feed, the two that each order needs among them, and no others. An
    audience of buyers may have some of them, but has those of its people as well."""
    names = {published_name(header, FEED_TABLES[Feed.ORDERS])[0] for header in headers}
    return None not in names and _OF_EVERY_ORDER in names and bool(names & set(ORDER_NUMBER))
