"""What the names of columns say by themselves, by channel. All are `same_name_key`s."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from listrak_relay.domain.consent.names import asks_for_opt_outs, keys_of, known_reading
from listrak_relay.domain.consent.statements import Question
from listrak_relay.domain.destinations.choices import Channel
from listrak_relay.domain.destinations.data_template import ColumnRole
from listrak_relay.domain.values.names import same_name_key


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_EMAIL = frozenset({"email", "emailaddress", "emailaddr", "emailid", "primaryemail"}) | _words(
    "メールアドレス メール eメール 邮箱 电子邮箱 电子邮件 電子郵件 電郵 이메일 이메일주소 электроннаяпочта почта"
)
_PHONE = _words("""
    phone phonenumber phoneno primaryphone telephone telephonenumber tel msisdn mobile mobilephone mobilenumber
    电话 手机 手机号 電話番号 携帯電話 전화번호 휴대폰 телефон
    mobilephonenumber cell cellphone cellnumber cellphonenumber smsphone smsnumber smsphonenumber
""")
_OTHER_EMAIL = _words("""
    emailadresse mailadresse mail emailaddress1 email1 email1value emailvalue emailprimary emailaddressprimary
    primaryemailaddress personalemail personalemailaddress homeemail billingemail billingemailaddress buyeremail
    purchaseremail recipientemail orderemail loginemail shippingemail leademail correo correoelectronico courriel
    adressemail adresseemail adresseelectronique indirizzoemail emailaddresses emailcontact contactpointemail hsemail
    epost epostadresse eposta emailid1 emailaddressid channelsemailaddress
""")
_OTHER_PHONE = _words("""
    billingphone defaultaddressphone phone1 phone1value mobile1 mobilephone1 mobilenumber1 handynummer handy
    mobilnummer telefon telefonnummer telefono celular telemovel portable numerodetelephone smsnumbers phonevalue
    primaryphonenumber primarymobile mobilephoneprimary smscontact textnumber
""")
"""By `consent.names.consent_key`. They are the contact key only where no column has one of the plain names."""

_FACTS = {
    ColumnRole.FIRST_NAME: frozenset({"firstname", "givenname", "forename", "fname"}),
    ColumnRole.LAST_NAME: frozenset({"lastname", "surname", "familyname", "lname"}),
    ColumnRole.BIRTHDAY: frozenset({"birthday", "birthdate", "dateofbirth", "dob"}),
    ColumnRole.POSTAL_CODE: frozenset({"postal", "postalcode", "postcode", "zip", "zipcode"}),
}


@dataclass(frozen=True, slots=True)
class ChannelNames:
    """The names that mean something by themselves in a file for one channel. Consent to be mailed is no consent to be
    texted, so a name that says which channel it is about counts for that one only.

    ``contact``: role of the contact key.
    ``contact_words``: many of them, in words.
    ``missing``: code of the refusal of a file without it.
    ``others``: names of the contact key where nothing has a plain one.
    ``roles``: plain names, by what they mean.
    """

    contact: ColumnRole
    contact_words: str
    missing: str
    others: frozenset[str]
    roles: Mapping[ColumnRole, frozenset[str]]


CHANNEL_NAMES: Mapping[Channel, ChannelNames] = {
    Channel.EMAIL: ChannelNames(
        ColumnRole.EMAIL,
        "email addresses",
        "no_email_column",
        _EMAIL | _OTHER_EMAIL,
        {ColumnRole.EMAIL: _EMAIL},
    ),
    Channel.SMS: ChannelNames(
        ColumnRole.PHONE,
        "phone numbers",
        "no_phone_column",
        _PHONE | _OTHER_PHONE,
        {ColumnRole.PHONE: _PHONE, ColumnRole.EMAIL: _EMAIL, **_FACTS},
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

_IGNORED = frozenset({"rownumber", "indexlevel0", "unnamed:0"})
"""Amperity can add a column ``row_number`` to what it writes (its "Row number" setting), and pandas its row numbers:
``__index_level_0__`` in Parquet, and ``Unnamed: 0`` where it read them from CSV as a column without a name."""


def usual_role(name: str, channel: Channel = Channel.EMAIL) -> ColumnRole:
    """What a column's name says by itself in a file for this channel."""
    key = same_name_key(name)
    for role, names in CHANNEL_NAMES[channel].roles.items():
        if key in names:
            return role
    if key in _IGNORED:
        return ColumnRole.IGNORE
    reading = known_reading(name, channel)
    if reading is None or reading.question is Question.DETAIL:
        return ColumnRole.FIELD
    return ColumnRole.OPT_OUT if asks_for_opt_outs(reading.question) else ColumnRole.OPT_IN


def may_name_contact(name: str, channel: Channel) -> bool:
    """Whether a column with this name holds the contact key where none has a plain name for it: ``Customer Email``,
    ``E-Mail-Adresse``."""
    return any(key in CHANNEL_NAMES[channel].others for key in keys_of(name))
