"""What Listrak's SMS document leaves open, as choices that a test can make."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class SmsSettings:
    """Each default is the choice that shows up a client which relies on the other one; README.md tells them all."""

    sms_number_form: Literal["digits", "plus", "national"] = "digits"
    """Of numbers in answers: ``17175550101``, ``+17175550101`` or, under a US or CA sender code, ``7175550101``."""

    sms_located_form: Literal["any", "digits", "plus", "national"] = "any"
    """How numbers must be written in a path, an update or an import to be found; others are unknown."""

    sms_unknown_number: Literal["not_located", "number_not_found"] = "not_located"
    """A number in a path that is no contact: 404 ERROR_UNABLE_TO_LOCATE_RESOURCE, or 400 ERROR_PHONE_NUMBER_NOT_FOUND
    as an update answers."""

    sms_bodyless_content_type: Literal["demanded", "free"] = "demanded"
    """Whether a POST for which no body is published needs a ``Content-Type`` all the same."""

    sms_opted_out_subscribe: Literal["lifts", "keeps", "refused"] = "lifts"
    """Creating or subscribing a number that opted out of the sender code: ``lifts`` the opt-out (and records that),
    subscribes but ``keeps`` the opt-out, or is ``refused`` with ERROR_PHONE_NUMBER_OPTED_OUT."""

    sms_create_existing: Literal["found", "by_state"] = "found"
    """Creating a contact that exists: always ERROR_PHONE_NUMBER_FOUND, or, where the contact is on the list,
    ERROR_SUBSCRIBED_PHONE_NUMBER or ERROR_PENDING_PHONE_NUMBER."""

    sms_listed_states: Literal["subscribed", "subscribed_and_pending", "all"] = "subscribed"
    """Whom a phone list's contacts include: who is subscribed to it, who waits too, or who ever was on it."""

    sms_update_clears_omitted: bool = True
    """An update clears system fields and profile values that its body leaves out."""

    sms_unknown_list: Literal["not_located", "invalid_list_id"] = "not_located"
    """404 ERROR_UNABLE_TO_LOCATE_RESOURCE, or 400 ERROR_INVALID_LIST_ID where a contact is created, subscribed or
    unsubscribed."""

    sms_reads_while_disabled: bool = False
    """A disabled sender code refuses every call but those for sender codes themselves, and an inactive list
    refuses to show its contacts; true: only calls that change something are refused."""

    sms_opt_out_cursor: bool = False
    """Pages of opt-outs have a ``nextPageCursor``, which the published answer lacks although it takes a ``cursor``."""

    sms_one_list_form: Literal["sample", "schema", "resource"] = "sample"
    """One phone list: in an array under ``data`` as in the published sample, alone as in the published schema, or
    as an object under ``data`` like other single resources."""

    sms_state_words: str = "Subscribed,Unsubscribed,Pending"
    """What ``subscriptionState`` says for each, separated by commas."""

    sms_import_delimiter: str = ","
    """One character. The published import has no property for it."""
