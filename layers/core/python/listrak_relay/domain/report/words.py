"""Sentences for the words that reports hold for programs: outcomes of rows, reasons, warnings."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from listrak_relay.domain.run.row_ends import FAILED_ALONE


class Mender(StrEnum):
    """Who can do something about rows that did not arrive."""

    SOURCE = "whoever makes the file"
    OPERATOR = "whoever runs Listrak Relay"
    LISTRAK = "whoever looks after the Listrak account"
    NOBODY = "nobody"

    @property
    def heading(self) -> str:
        """Above what this one can mend."""
        return "Nothing to mend, as it should be" if self is Mender.NOBODY else f"To mend by {self.value}"


GIVEN_UP = "could not be delivered"

OUTCOMES = {
    "accepted": "are at Listrak as the file says",
    "refused": "Listrak said no",
    "rejected": "broke a rule and were not sent",
    "duplicates": "the same person again; the last row counts",
    "skipped": "left alone on purpose",
    "dead_lettered": GIVEN_UP,
}
"""Outcome of a row, as in the counts of a report → what that means."""


def outcome_name(outcome: str) -> str:
    """As people write it."""
    return outcome.replace("_", "-")


FEED_OUTCOMES = {
    **OUTCOMES,
    "accepted": "are in the file on Listrak's SFTP server; Listrak imports it by itself",
    "duplicates": "another row of the same key was sent",
}
"""The same where the rows go as a file."""

REASONS = {
    "email_missing": ("the email address is empty", Mender.SOURCE),
    "email_invalid": ("not an email address that mail can be sent to", Mender.SOURCE),
    "phone_missing": ("the phone number is empty", Mender.SOURCE),
    "phone_invalid": ("not a phone number that a text message reaches", Mender.SOURCE),
    "opt_status_blank": ("the opt status is empty", Mender.SOURCE),
    "opt_status_unreadable": ("the opt status is no word that is known", Mender.SOURCE),
    "opt_status_not_asked": ("never asked for consent, or not to be reached, so left alone", Mender.NOBODY),
    "row_too_short": ("the row has fewer fields than the header", Mender.SOURCE),
    "row_too_long": ("the row has more fields than the header", Mender.SOURCE),
    "row_encoding": ("the row holds bytes that are no text in the file's encoding", Mender.SOURCE),
    "row_binary": ("a value is bytes and no text", Mender.SOURCE),
    "row_nul": ("the row holds a NUL character", Mender.SOURCE),
    "row_unreadable": ("the quotes of the row are broken", Mender.SOURCE),
    "row_key_twice": ("an object has two values under one name", Mender.SOURCE),
    "row_too_large": ("the row has more than a million characters", Mender.SOURCE),
    "row_line_end": ("a line end of another kind stands inside a value without quotes", Mender.SOURCE),
    "value_not_numeric": ("a value is no number", Mender.SOURCE),
    "value_not_whole_number": ("a value is no whole number", Mender.SOURCE),
    "value_not_date": ("a value is no date", Mender.SOURCE),
    "value_not_date_time": ("a value is no date and time", Mender.SOURCE),
    "value_not_switch": ("a value is neither on nor off", Mender.SOURCE),
    "value_not_allowed": ("a value is none of those that Listrak takes", Mender.SOURCE),
    "value_too_long": ("a value is longer than its profile field in Listrak", Mender.SOURCE),
    "key_missing": ("the value by which Listrak knows the row is empty", Mender.SOURCE),
    "strict_destination": ("a sound row, held back because others of its file are not", Mender.SOURCE),
    "mirror_guard": ("the run was stopped: too many people would have lost the audience's mark", Mender.OPERATOR),
    "nothing_to_send": ("the run was stopped: no row of the file could be sent", Mender.SOURCE),
    "banned": ("Listrak has banned this address", Mender.LISTRAK),
    "invalid_email": ("Listrak takes this for no email address", Mender.SOURCE),
    "suppressed": ("Listrak sends nothing to this address, which it has suppressed", Mender.LISTRAK),
    "skipped_by_listrak": ("Listrak left this contact out and does not say why", Mender.LISTRAK),
    "subscription_state_unknown": (
        "Listrak does not say whether they are subscribed",
        Mender.LISTRAK,
    ),
    "opted_out": ("said STOP before, so left alone", Mender.NOBODY),
    "not_on_list": ("not on the list, and was only to be updated or unsubscribed", Mender.NOBODY),
    "superseded": ("came late: a file dropped after this one has said what becomes of them", Mender.NOBODY),
    "opted_out_before": ("said no in an earlier file, and this one brings no yes of their own", Mender.NOBODY),
    "previously_unsubscribed": ("unsubscribed in Listrak before, so left alone", Mender.NOBODY),
    "unsubscribed_since": ("unsubscribed since the run began, so left alone", Mender.NOBODY),
    "still_on_list": ("still on the list although Listrak was asked to take them off", Mender.LISTRAK),
    FAILED_ALONE.reason: (
        f"{GIVEN_UP}: Listrak failed at each try, though it took others of the batch",
        Mender.LISTRAK,
    ),
    "not_listed_by_listrak": ("Listrak counts these as refused and does not name them", Mender.LISTRAK),
}
"""Reason of a row → what is the matter, in words that follow a count, and who can mend it."""

REFUSALS = {
    "ERROR_BANNED_EMAIL_ADDRESS": REASONS["banned"],
    "ERROR_BANNED_PHONE_NUMBER": ("Listrak has banned this number", Mender.LISTRAK),
    "ERROR_BIRTHDAY_FIELD_NULL": ("the birthday is empty, and Listrak takes none that is", Mender.SOURCE),
    "ERROR_INVALID_EMAIL_ADDRESS": REASONS["invalid_email"],
    "ERROR_INVALID_PARAMETER": ("Listrak does not take one of the values", Mender.SOURCE),
    "ERROR_INVALID_PHONE_NUMBER": ("Listrak takes this for no phone number", Mender.SOURCE),
    "ERROR_NOT_SUBSCRIBED_EMAIL_ADDRESS": ("Listrak says that they are not subscribed", Mender.LISTRAK),
    "ERROR_PENDING_EMAIL_ADDRESS": ("not yet confirmed by the person", Mender.LISTRAK),
    "ERROR_PENDING_PHONE_NUMBER": ("not yet confirmed by the person", Mender.LISTRAK),
    "ERROR_PHONE_NUMBER_BLOCKED": ("Listrak has blocked this number", Mender.LISTRAK),
    "ERROR_PHONE_NUMBER_OPTED_OUT": ("Listrak says that the number has opted out", Mender.LISTRAK),
    "ERROR_PHONE_NUMBER_SUSPENDED": ("Listrak has suspended this number", Mender.LISTRAK),
    "ERROR_SEGMENTATION_MAX_LENGTH": REASONS["value_too_long"],
    "ERROR_SUPPRESSED_EMAIL": REASONS["suppressed"],
    "ERROR_UNABLE_TO_LOCATE_RESOURCE": ("Listrak does not find this contact", Mender.LISTRAK),
    "ERROR_UNSAFE_ROUTE": ("the address has a character that Listrak takes in no call", Mender.SOURCE),
}
"""Listrak's word for a no to one contact, as the email and the SMS documents have them → as `REASONS`."""

WARNINGS = {
    "ordernumber_not_in_latest_orders": "their order is not in the orders file that was delivered last",
    "sku_not_in_latest_products": "their product is not in the products file that was delivered last",
}
"""Warning about rows of a feed that were sent → what is the matter."""


MOMENTS = {
    "dropped": "the file was dropped",
    "begun": "its run began",
    "read": "the file had been read",
    "sent_first": "the first batch was being sent",
    "ended_last": "the last batch had ended",
    "closed": "the run was closed",
}
"""Word of a report's time line → what happened then."""


def reason_words(code: str) -> str:
    """A sentence for any reason that a report may hold, without a full stop."""
    if known := _known(code):
        return known[0]
    if code.startswith("ERROR_"):
        return f"Listrak refused it and says {code}"
    if code.startswith("listrak_"):
        return f"Listrak answered with a word that is not documented: {code.removeprefix('listrak_')}"
    return f"{GIVEN_UP}: {problem_words(code)}"


def _known(code: str) -> tuple[str, Mender] | None:
    return REASONS.get(code) or REFUSALS.get(code)


def as_sentence(words: str) -> str:
    """With a capital and a full stop."""
    return f"{words[:1].upper()}{words[1:].removesuffix('.')}."


def problem_words(code: str) -> str:
    """What stopped a run, in the words of its code; the report has the sentence."""
    return code.replace("_", " ")


def mender(code: str) -> Mender:
    if known := _known(code):
        return known[1]
    return Mender.LISTRAK if code.startswith(("ERROR_", "listrak_")) else Mender.OPERATOR


def warning_words(code: str) -> str:
    """A sentence for any warning, without a full stop."""
    if code in WARNINGS:
        return WARNINGS[code]
    return reason_words(code) if code in REASONS else code.replace("_", " ")


def outcome_words(*, feed: bool) -> Mapping[str, str]:
    """By outcome, in the order in which they are told."""
    return FEED_OUTCOMES if feed else OUTCOMES
