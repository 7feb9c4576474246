"""The contact key in SQL, by channel: email addresses and phone numbers.

At first sight a row's key is *known* (valid without more) or undecided. Undecided ones, few as a rule, are trimmed and
looked at again: *usual*, or asked about one by one.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from listrak_relay.adapters.duckdb.sql.expressions import column, literal, matches
from listrak_relay.adapters.duckdb.sql.rules import common_email, usual_email
from listrak_relay.adapters.libraries.phone_numbers import check_phone_number, plans_for, region_plan
from listrak_relay.domain.columns.file_columns import FileColumns
from listrak_relay.domain.destinations.choices import Channel
from listrak_relay.domain.values import email_address, phone_number
from listrak_relay.domain.values.contact_faults import ContactFault
from listrak_relay.domain.values.email_address import UnusualCheck
from listrak_relay.domain.values.phone_number import NumberingPlan

Distinct = Callable[[str], Sequence[str]]
"""Takes SQL for a text of each undecided row; gives its distinct values without NULL."""


@dataclass(frozen=True, slots=True)
class Contacts(ABC):
    """``raw``: name of the column as it is in the file. ``column``: name of the one that holds the key of every row
    that is delivered. ``normal``: SQL for such a key in its normal form. ``known``: SQL, whether the key is valid at
    first sight.

    ``faults``: all that `read` gives. ``missing``: the one of no text. ``invalid``: the one of most texts.
    """

    raw: str
    column: str
    normal: str
    known: str
    missing: ContactFault
    invalid: ContactFault
    faults: tuple[ContactFault, ...]

    @property
    @abstractmethod
    def derived(self) -> tuple[str, ...]:
        """SQL for what is added to the columns of the file, `column` among them if the file has it not."""

    @abstractmethod
    def usual(self, text: str, distinct: Distinct, /) -> str:
        """SQL for the key of a trimmed text of the usual form, NULL for any other."""

    @abstractmethod
    def maybe(self, text: str) -> str:
        """SQL, whether a trimmed text is worth reading; any other is invalid."""

    @abstractmethod
    def read(self, text: str) -> str | ContactFault:
        """The key in a trimmed text that is not usual."""


def contacts_of(plan: FileColumns, region: str, unusual: UnusualCheck) -> Contacts:
    """``region``: of phone numbers without a country's code. ``unusual``: checks email addresses."""
    raw = column(plan.contact.index)
    return _phones(raw, region) if plan.channel is Channel.SMS else _emails(raw, unusual)


_EMAIL_MISSING, _EMAIL_INVALID = (
    ContactFault(reason, email_address.DETAILS[reason]) for reason in (email_address.MISSING, email_address.INVALID)
)


_EMAIL_UNSEEN = ContactFault(
    email_address.INVALID,
    "A sign that cannot be seen (a zero-width space, one of direction) is inside the address; write it anew.",
)


_EMAIL_SEVERAL = ContactFault(
    email_address.INVALID, "There is more than one email address in this value; write one row for each person."
)


@dataclass(frozen=True, slots=True)
class _Emails(Contacts):
    unusual: UnusualCheck

    @property
    def derived(self) -> tuple[str, ...]:
        return ()

    def usual(self, text: str, _distinct: Distinct, /) -> str:
        return f"CASE WHEN {usual_email(text)} THEN {text} END"

    def maybe(self, text: str) -> str:
        return f"contains({text}, '@') AND length({text}) <= {email_address.LONGEST}"

    def read(self, text: str) -> str | ContactFault:
        address = email_address.normalise(text, self.unusual)
        if address:
            return address
        if email_address.holds_several(text):
            return _EMAIL_SEVERAL
        return _EMAIL_UNSEEN if email_address.holds_unseen(text) else self.invalid


def _emails(raw: str, unusual: UnusualCheck) -> Contacts:
    # Upper case is mended where the address is written: a column more would cost memory for every row.
    first = (_EMAIL_MISSING, _EMAIL_INVALID)
    faults = (*first, _EMAIL_UNSEEN, _EMAIL_SEVERAL)
    return _Emails(raw, raw, f"lower({raw})", common_email(raw), *first, faults, unusual)


@dataclass(frozen=True, slots=True)
class _Phones(Contacts):
    """``plan``: of the region, None where each number must be checked by itself."""

    region: str
    plan: NumberingPlan | None

    @property
    def derived(self) -> tuple[str, ...]:
        return (f"{usual_phone(self.raw, [self.plan] if self.plan else [])} AS {self.column}",)

    def usual(self, text: str, distinct: Distinct, /) -> str:
        digits = phone_digits(text)
        starts = distinct(f"CASE WHEN starts_with({digits}, '+') THEN substr({digits}, 2, 3) END")
        plans = dict.fromkeys([*([self.plan] if self.plan else []), *plans_for(starts)])
        return usual_phone(text, list(plans))

    def maybe(self, text: str) -> str:
        digit = literal(phone_number.SOME_DIGIT)
        return f"regexp_matches({text}, {digit}) AND length({text}) <= {phone_number.LONGEST}"

    def read(self, text: str) -> str | ContactFault:
        return phone_number.read(text, self.region, check_phone_number)


def _phones(raw: str, region: str) -> Contacts:
    faults = (phone_number.MISSING, phone_number.INVALID, phone_number.FAULTS)
    return _Phones(raw, "contact", "contact", "contact IS NOT NULL", *faults, region, region_plan(region))


def phone_digits(value: str) -> str:
    """The text without `domain.phone_number.SEPARATORS`."""
    return f"translate({value}, {literal(phone_number.SEPARATORS)}, '')"


def usual_phone(value: str, plans: Sequence[NumberingPlan]) -> str:
    """The number in E.164 where the text is of one of these plans and of the usual form, else NULL."""
    if not plans:
        return "NULL::VARCHAR"
    digits = phone_digits(value)
    cases = " ".join(_in_plan(digits, plan) for plan in plans)
    quantity = f"ends_with(rtrim({value}), {literal(phone_number.FLOAT_ENDING)})"
    fits = f"strlen({value}) <= {phone_number.USUAL_LENGTH} AND NOT {quantity}"
    return f"(CASE WHEN {fits} THEN CASE {cases} END END)"


def _in_plan(digits: str, plan: NumberingPlan) -> str:
    code = f"+{plan.calling_code}"
    if plan.bare:
        # A national number has ten digits there.
        return f"WHEN {matches(digits, plan.pattern)} THEN {literal(code)} || right({digits}, 10)"
    found = f"starts_with({digits}, {literal(code)}) AND {matches(digits, plan.pattern)}"
    if plan.lengths is not None:
        lengths = ", ".join(str(len(code) + length) for length in plan.lengths)
        found += f" AND strlen({digits}) IN ({lengths or 'NULL'})"
    if plan.prefix:
        in_doubt = literal(rf"^\+{plan.calling_code}(?:{plan.prefix})")
        found += f" AND NOT regexp_matches({digits}, {in_doubt})"
    return f"WHEN {found} THEN {digits}"
