"""Columns of the Products feed: https://www.listrak.com/product-team/product-schema."""

from __future__ import annotations

from listrak_relay.domain.feeds.column import FeedColumn, Kind, Provenance, meta_columns

_DEFINITION, _GUIDE, _REST = Provenance.DEFINITION, Provenance.GUIDE, Provenance.REST

PRODUCTS = (
    FeedColumn("sku", max_length=100, wanted=True),
    FeedColumn("title", max_length=500, wanted=True),
    FeedColumn("price", Kind.DECIMAL, wanted=True),
    FeedColumn("description", max_length=4000, wanted=True, source=_DEFINITION),
    FeedColumn("imageurl", max_length=500, wanted=True, source=_DEFINITION),
    FeedColumn("linkurl", max_length=500, wanted=True, source=_DEFINITION),
    FeedColumn("brand", max_length=50, wanted=True, source=_DEFINITION),
    FeedColumn("category", max_length=50, wanted=True, source=_DEFINITION),
    FeedColumn("subcategory", max_length=50, wanted=True, source=_DEFINITION),
    FeedColumn("mastersku", max_length=100, wanted=True, source=_DEFINITION),
    FeedColumn("qoh", Kind.INTEGER, wanted=True, source=_DEFINITION),
    FeedColumn("instock", Kind.BOOLEAN, wanted=True, source=_DEFINITION),
    FeedColumn("onsale", Kind.BOOLEAN, wanted=True, source=_DEFINITION),
    FeedColumn("salestartdate", Kind.MOMENT, source=_DEFINITION),
    FeedColumn("saleenddate", Kind.MOMENT, source=_GUIDE),
    FeedColumn("saleprice", Kind.DECIMAL, wanted=True, source=_GUIDE),
    FeedColumn("msrp", Kind.DECIMAL, source=_GUIDE),
    FeedColumn("unitcost", Kind.DECIMAL, source=_REST),
    FeedColumn("isclearance", Kind.BOOLEAN, source=_GUIDE),
    FeedColumn("isoutlet", Kind.BOOLEAN, source=_GUIDE),
    FeedColumn("discontinued", Kind.BOOLEAN, wanted=True, source=_GUIDE),
    FeedColumn("ispurchasable", Kind.BOOLEAN, source=_REST),
    FeedColumn("isviewable", Kind.BOOLEAN, source=_REST),
    FeedColumn("color", max_length=100, source=_GUIDE),
    FeedColumn("size", max_length=50, source=_GUIDE),
    FeedColumn("style", max_length=100, source=_GUIDE),
    FeedColumn("gender", max_length=50, source=_GUIDE),
    FeedColumn("reviewproductid", max_length=100, source=_GUIDE),
    FeedColumn("reviewurl", max_length=500, source=_GUIDE),
    FeedColumn("tags", source=_REST),
    *meta_columns(500),
    FeedColumn("related_sku_N", source=_GUIDE),
    FeedColumn("related_type_N", source=_GUIDE),
    FeedColumn("related_rank_N", Kind.INTEGER, source=_GUIDE),
)
