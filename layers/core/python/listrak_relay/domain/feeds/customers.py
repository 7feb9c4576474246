"""Columns of the Customers feed: https://www.listrak.com/data-import-schema/customer-schema."""

from __future__ import annotations

from listrak_relay.domain.feeds.column import FeedColumn, Kind, Provenance, meta_columns

# Where the file page and the REST model give different lengths, the file page counts.
CUSTOMERS = (
    FeedColumn("email", Kind.EMAIL, 100, wanted=True),
    FeedColumn("customernumber", max_length=20),
    FeedColumn("mobilephone", Kind.PHONE),
    FeedColumn("birthday", Kind.PAST_DATE),
    # One letter, says the page; the guide has the words too.
    FeedColumn("gender", Kind.CHOICE, allowed=("M", "F", "N", "Male", "Female")),
    FeedColumn("firstname", max_length=50),
    FeedColumn("lastname", max_length=50, source=Provenance.DEFINITION),
    FeedColumn("address1", max_length=255, source=Provenance.DEFINITION),
    FeedColumn("address2", max_length=255, source=Provenance.DEFINITION),
    FeedColumn("address3", max_length=255, source=Provenance.DEFINITION),
    FeedColumn("city", max_length=40, source=Provenance.DEFINITION),
    FeedColumn("state", max_length=3, source=Provenance.DEFINITION),
    FeedColumn("zipcode", max_length=20, source=Provenance.DEFINITION),
    FeedColumn("country", max_length=2, source=Provenance.DEFINITION),
    FeedColumn("preferredstorenumber", max_length=100, source=Provenance.DEFINITION),
    FeedColumn("registered", Kind.BOOLEAN, source=Provenance.DEFINITION),
    *meta_columns(250),
    FeedColumn("homephone", max_length=50, source=Provenance.REST),
    FeedColumn("workphone", max_length=50, source=Provenance.REST),
)
