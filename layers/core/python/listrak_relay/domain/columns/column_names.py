"""What the names of columns say by themselves, by channel. All are `same_name_key`s."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from listrak_relay.domain.destinations.destinations import Channel, ColumnRole
from listrak_relay.domain.values.names import same_name_key


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_EMAIL = frozenset({"email", "emailaddress", "emailaddr", "emailid", "primaryemail"})
_PHONE = _words("""
    phone phonenumber phoneno primaryphone telephone telephonenumber tel msisdn mobile mobilephone mobilenumber
    mobilephonenumber cell cellphone cellnumber cellphonenumber smsphone smsnumber smsphonenumber
""")
_FACTS = {
    ColumnRole.FIRST_NAME: frozenset({"firstname", "givenname", "forename", "fname"}),
    ColumnRole.LAST_NAME: frozenset({"lastname", "surname", "familyname", "lname"}),
    ColumnRole.BIRTHDAY: frozenset({"birthday", "birthdate", "dateofbirth", "dob"}),
    ColumnRole.POSTAL_CODE: frozenset({"postal", "postalcode", "postcode", "zip", "zipcode"}),
}

_OPT_IN = _words("""
    optin optedin isoptin isoptedin optstatus optinstatus optinflag subscribed issubscribed subscriptionstate
    subscriptionstatus subscribestatus consent hasconsent consentstatus marketingconsent
""")
_OPT_OUT = _words("""
    optout optedout isoptout isoptedout optoutstatus hasoptedout optoutflag unsubscribed isunsubscribed
    unsubscribe hasunsubscribed donotcontact dnc
""")

_NAMED_OPT_IN = _words("""
    optin optedin optstatus optinstatus subscribed subscriptionstate subscriptionstatus consent consentstatus
    marketingconsent optinflag
""")
_NAMED_OPT_OUT = _words("""
    optout optedout optoutstatus unsubscribed optoutflag
""")
"""With the channel's name before them."""

_TEXTS = ("sms", "text")
"""Not phone or mobile: consent to be called is not consent to be texted."""


def _named(prefixes: Iterable[str], names: Iterable[str]) -> frozenset[str]:
    return frozenset(prefix + name for prefix in prefixes for name in names)


@dataclass(frozen=True, slots=True)
class ChannelNames:
    """The names that mean something by themselves in a file for one channel. Consent to be mailed is no consent to be
    texted, so a name that says which channel it is about counts for that one only.

    ``contact``: role of the contact key; ``contact_words``: many of them; ``missing``: code of the refusal of a file
    without it.
    """

    contact: ColumnRole
    contact_words: str
    missing: str
    roles: Mapping[ColumnRole, frozenset[str]]


CHANNEL_NAMES: Mapping[Channel, ChannelNames] = {
    Channel.EMAIL: ChannelNames(
        ColumnRole.EMAIL,
        "email addresses",
        "no_email_column",
        {
            ColumnRole.EMAIL: _EMAIL,
            ColumnRole.OPT_IN: _OPT_IN | _named(("email",), _NAMED_OPT_IN) | {"isemailsubscribed", "emailstatus"},
            ColumnRole.OPT_OUT: _OPT_OUT | _named(("email",), _NAMED_OPT_OUT) | {"donotemail", "hasoptedoutofemail"},
        },
    ),
    Channel.SMS: ChannelNames(
        ColumnRole.PHONE,
        "phone numbers",
        "no_phone_column",
        {
            ColumnRole.PHONE: _PHONE,
            ColumnRole.EMAIL: _EMAIL,
            **_FACTS,
            ColumnRole.OPT_IN: _OPT_IN | _named(_TEXTS, _NAMED_OPT_IN) | {"issmssubscribed", "smsstatus"},
            ColumnRole.OPT_OUT: _OPT_OUT
            | _named(_TEXTS, _NAMED_OPT_OUT)
            | {"donottext", "donotsms", "hasoptedoutofsms"},
        },
    ),
}

MEANINGS = {
    ColumnRole.EMAIL: "the email address",
    ColumnRole.PHONE: "the phone number",
    ColumnRole.FIRST_NAME: "the first name",
    ColumnRole.LAST_NAME: "the last name",
    ColumnRole.BIRTHDAY: "the birthday",
    ColumnRole.POSTAL_CODE: "the postal code",
}
"""What a file may say once only, in the words of a message."""

_IGNORED = frozenset({"rownumber"})
"""Amperity can add a column ``row_number`` to what it writes (its "Row number" setting)."""


def usual_role(name: str, channel: Channel = Channel.EMAIL) -> ColumnRole:
    """What a column's name says by itself in a file for this channel."""
    key = same_name_key(name)
    for role, names in CHANNEL_NAMES[channel].roles.items():
        if key in names:
            return role
    return ColumnRole.IGNORE if key in _IGNORED else ColumnRole.FIELD
