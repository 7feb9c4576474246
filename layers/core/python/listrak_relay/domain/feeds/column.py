"""What Listrak publishes of one column of a feed, and how far that can be relied on."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """The form of a value."""

    TEXT = "text"
    EMAIL = "email"
    PHONE = "phone"
    INTEGER = "integer"
    DECIMAL = "decimal"
    DATE = "date"
    PAST_DATE = "past_date"
    MOMENT = "moment"
    BOOLEAN = "boolean"
    CHOICE = "choice"


class Provenance(StrEnum):
    """Where a column's name and rules are from.

    PUBLISHED: Listrak's current page. DEFINITION: its rules are there, its name is that of the REST property. GUIDE:
    the integration guide of 2015. REST: the data model of the Data Import API only. GUESSED: after a pattern; what
    breaks such a rule is sent with a warning.
    """

    PUBLISHED = "published"
    DEFINITION = "definition"
    GUIDE = "guide"
    REST = "rest"
    GUESSED = "guessed"


@dataclass(frozen=True, slots=True)
class FeedColumn:
    """``name``: as published. One that ends in ``_N`` stands for a family numbered 1, 2, 3 … ``max_length`` in
    characters. ``allowed``: of a CHOICE, case not counting. ``wanted``: features of Listrak's need it."""

    name: str
    kind: Kind = Kind.TEXT
    max_length: int | None = None
    allowed: tuple[str, ...] = ()
    wanted: bool = False
    source: Provenance = Provenance.PUBLISHED


def meta_columns(max_length: int) -> tuple[FeedColumn, ...]:
    """Free attributes 1 to 5. The length is that of the REST model."""
    return tuple(FeedColumn(f"meta{n}", max_length=max_length, source=Provenance.GUIDE) for n in range(1, 6))


BOOLEAN_WORDS = ("true", "false", "null", "yes", "no", "y", "n", "1", "0")
"""The current pages list the first three, the guide the rest, in any case."""

ORDER_STATUSES = (
    *("NotSet", "Misc", "PreOrder", "BackOrder", "Pending", "Hold", "Processing", "Shipped", "Completed", "Returned"),
    *("Canceled", "Unknown"),
)
STATUS_WORDS = (*ORDER_STATUSES, *map(str, range(len(ORDER_STATUSES))))
"""By name, or by place in the list: https://www.listrak.com/product-team/order-items-schema."""

DISCOUNT_TYPES = (
    *("null", "PriceOverride", "PriceRule", "Promotion", "SeniorCitizen", "Markdown", "Coupon", "QuantityDiscount"),
    *("Rebate", "CashDiscount", "TradeDiscount", "TradeInKind", "PromptPaymentDiscount", "GeneralDiscount"),
    *("GiftVoucher", "FlexibleDiscount", "RewardProgram", "ManufacturerReward", "CreditCardReward"),
    "NotSet",  # the REST model's word for null
)
