"""Feeds: files that go to Listrak's SFTP server as a whole, and by which rules."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from listrak_relay.domain.destinations.sftp_names import PART_PATTERN, final_name

STAMP = "{stamp}"


class Feed(StrEnum):
    """What is in the file. CONTACT_LIST: contacts for a recurring list import, whose columns the account maps."""

    CUSTOMERS = "customers"
    PRODUCTS = "products"
    ORDERS = "orders"
    ORDER_ITEMS = "order_items"
    CONTACT_LIST = "contact_list"


class OnFault(StrEnum):
    """What to do about rows that break a rule of the feed. STRICT: nothing of the file is sent. DROP: the others are
    sent. WARN: all rows that can be read are sent, and those are listed."""

    STRICT = "strict"
    DROP = "drop"
    WARN = "warn"


class ColumnNames(StrEnum):
    """How columns are named in the file that is sent: as Listrak publishes them, or as in the dropped file."""

    PUBLISHED = "published"
    AS_DROPPED = "as_dropped"


class SameKey(StrEnum):
    """What to do about rows that one key of the feed has again. SEND: all of them are sent. FIRST, LAST: one is."""

    SEND = "send"
    FIRST = "first"
    LAST = "last"


class UnknownColumns(StrEnum):
    """What to do about columns that Listrak does not publish and no data template names."""

    SEND = "send"
    LEAVE_OUT = "leave_out"


class MissingColumns(StrEnum):
    """What to do about columns that make a feed useful and that its files do not have. ATTENTION: each report asks for
    it. EXPECTED: it is known, as of a file of stock alone."""

    ATTENTION = "attention"
    EXPECTED = "expected"


FILE_NAMES = {
    Feed.CUSTOMERS: f"Listrak_Customer_{STAMP}.csv",
    Feed.PRODUCTS: f"Listrak_Product_Feed_{STAMP}.csv",
    Feed.ORDERS: f"Listrak_Order_Feed_{STAMP}.csv",
    Feed.ORDER_ITEMS: f"Listrak_OrderItem_Feed_{STAMP}.csv",
}
"""Names that Listrak imports without arrangement: https://help.listrak.com/en/articles/1669274-file-import-guide.
Its form of the date is not published; this one is in the names of Listrak's own exports."""

PREDECESSORS = {Feed.ORDERS: (Feed.PRODUCTS,), Feed.ORDER_ITEMS: (Feed.PRODUCTS, Feed.ORDERS)}
"""An order item of an unknown SKU makes Listrak add a placeholder product."""


@dataclass(frozen=True, slots=True)
class FeedSettings:
    """How a feed is checked, named and sent.

    ``feed``: which one.
    ``file_name``: pattern of the final name; ``{stamp}`` stands for the time of the drop in UTC.
    ``stamp``: strftime format of that time.
    ``on_fault``: what to do about a row that breaks a rule.
    ``column_names``: whose names the columns of the delivered file have.
    ``replace_existing``: a file that has the final name on the server already gives way.
    ``temporary_name``: see `sftp_names.temporary_name_of`.
    ``wait_minutes``: how long to wait at most for the feeds before this one; 0 does not wait.
    ``same_key``: which rows of one key are sent.
    ``unknown_columns``: whether columns that Listrak does not publish are sent.
    ``missing_columns``: whether it is told that columns are missing.
    """

    feed: Feed
    file_name: str
    stamp: str = "%Y%m%d%H%M%S"
    on_fault: OnFault = OnFault.DROP
    column_names: ColumnNames = ColumnNames.PUBLISHED
    replace_existing: bool = False
    temporary_name: str = PART_PATTERN
    wait_minutes: int = 0
    same_key: SameKey = SameKey.SEND
    unknown_columns: UnknownColumns = UnknownColumns.SEND
    missing_columns: MissingColumns = MissingColumns.ATTENTION

    @property
    def names_differ(self) -> bool:
        """Whether two files of one feed get different names if they were dropped a second apart."""
        moment = datetime(2000, 1, 1)  # noqa: DTZ001 - only its text matters
        return self.name_at(moment) != self.name_at(moment + timedelta(seconds=1))

    def name_at(self, moment: datetime) -> str:
        """The final name of a file dropped at ``moment``.

        Raises:
            ConfigurationError: it cannot name a file (code ``sftp_name_invalid``).
        """
        return final_name(self.file_name.replace(STAMP, moment.strftime(self.stamp)))


def default_settings(feed: Feed) -> FeedSettings:
    """A contact list has no usual name and no published columns."""
    if feed is Feed.CONTACT_LIST:
        return FeedSettings(feed, "", column_names=ColumnNames.AS_DROPPED)
    return FeedSettings(feed, FILE_NAMES[feed])
