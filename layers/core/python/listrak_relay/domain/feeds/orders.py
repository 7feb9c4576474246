"""Columns of the Orders feed: https://www.listrak.com/data-import-schema/order-schema."""

from __future__ import annotations

from listrak_relay.domain.feeds.column import DISCOUNT_TYPES, STATUS_WORDS, FeedColumn, Kind, Provenance, meta_columns

_DEFINITION, _GUIDE, _REST = Provenance.DEFINITION, Provenance.GUIDE, Provenance.REST


def _address(prefix: str) -> tuple[FeedColumn, ...]:
    """The parts that the REST model has of an address, with its lengths."""
    lengths = {"firstname": 50, "lastname": 50, "zipcode": None, "phone": None}
    parts = (
        "firstname",
        "lastname",
        "address1",
        "address2",
        "address3",
        "city",
        "state",
        "zipcode",
        "country",
        "phone",
    )
    return tuple(
        FeedColumn(prefix + part, max_length=lengths.get(part, 100), source=Provenance.GUESSED) for part in parts
    )


ORDERS = (
    FeedColumn("ordernumber", max_length=50, wanted=True),
    FeedColumn("alternateordernumber", max_length=50),
    FeedColumn("dateentered", Kind.MOMENT, wanted=True),
    FeedColumn("email", Kind.EMAIL, 100, wanted=True),
    FeedColumn("customernumber", max_length=20, source=_DEFINITION),
    FeedColumn("itemtotal", Kind.DECIMAL, source=_DEFINITION),
    FeedColumn("shippingtotal", Kind.DECIMAL, source=_DEFINITION),
    FeedColumn("handlingtotal", Kind.DECIMAL, source=_DEFINITION),
    FeedColumn("taxtotal", Kind.DECIMAL, source=_DEFINITION),
    FeedColumn("merchandisediscount", Kind.DECIMAL, source=_DEFINITION),
    FeedColumn("nonmerchandisediscount", Kind.DECIMAL, source=_DEFINITION),
    FeedColumn("ordertotal", Kind.DECIMAL, wanted=True, source=_DEFINITION),
    FeedColumn("merchandisediscounttype", Kind.CHOICE, allowed=DISCOUNT_TYPES, source=_DEFINITION),
    FeedColumn("merchandisediscountdescription", source=_DEFINITION),
    FeedColumn("nonmerchandisediscounttype", Kind.CHOICE, allowed=DISCOUNT_TYPES, source=_REST),
    FeedColumn("nonmerchandisediscountdescription", source=_REST),
    FeedColumn("couponcode", max_length=32, source=_GUIDE),
    FeedColumn("status", Kind.CHOICE, allowed=STATUS_WORDS, wanted=True, source=_GUIDE),
    FeedColumn("source", max_length=25, source=_GUIDE),
    FeedColumn("storenumber", max_length=100, source=_REST),
    FeedColumn("associateid", source=_REST),
    FeedColumn("shipdate", Kind.MOMENT, source=_GUIDE),
    FeedColumn("shippingmethod", max_length=32, source=_GUIDE),
    FeedColumn("trackingnumber", max_length=32, source=_GUIDE),
    # Replaced by the two discounts above, since March 2022.
    FeedColumn("discounttotal", Kind.DECIMAL, source=_GUIDE),
    *_address("shipping"),
    *_address("billing"),
    FeedColumn("billingmobilephone", source=Provenance.GUESSED),
    *meta_columns(500),
)
