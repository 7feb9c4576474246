"""Columns of the Order items feed: https://www.listrak.com/product-team/order-items-schema."""

from __future__ import annotations

from listrak_relay.domain.feeds.column import DISCOUNT_TYPES, STATUS_WORDS, FeedColumn, Kind, Provenance, meta_columns

_DEFINITION, _GUIDE = Provenance.DEFINITION, Provenance.GUIDE

ORDER_ITEMS = (
    FeedColumn("ordernumber", max_length=50, wanted=True),
    FeedColumn("alternateordernumber", max_length=50),
    FeedColumn("sku", max_length=100, wanted=True),
    FeedColumn("status", Kind.CHOICE, allowed=STATUS_WORDS),
    FeedColumn("quantity", Kind.INTEGER, wanted=True, source=_DEFINITION),
    FeedColumn("price", Kind.DECIMAL, wanted=True, source=_DEFINITION),
    FeedColumn("discountedprice", Kind.DECIMAL, source=_DEFINITION),
    FeedColumn("itemdiscounttotal", Kind.DECIMAL, source=_DEFINITION),
    FeedColumn("itemtotal", Kind.DECIMAL, source=_DEFINITION),
    FeedColumn("discounttype", Kind.CHOICE, allowed=DISCOUNT_TYPES, source=_DEFINITION),
    FeedColumn("discountdescription", max_length=100, source=_DEFINITION),
    FeedColumn("shipdate", Kind.MOMENT, source=_DEFINITION),
    FeedColumn("shippingmethod", max_length=32, source=_GUIDE),
    FeedColumn("trackingnumber", max_length=32, source=_GUIDE),
    *meta_columns(500),
)
