"""What the name of a column says of consent, by channel."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

from listrak_relay.domain.consent.platforms import KNOWN
from listrak_relay.domain.consent.statements import Question, Statement
from listrak_relay.domain.destinations.choices import Channel

_NO_WORD = re.compile(r"[^0-9a-z]+")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_CUSTOM_ENDING = re.compile(r"__p?c$", re.IGNORECASE)
"""Salesforce's, of a field that its user has added."""

_WITHOUT_SIGNS = str.maketrans(
    {
        "ł": "l",
        "Ł": "L",
        "ø": "o",
        "Ø": "O",
        "đ": "d",
        "Đ": "D",
        "ß": "ss",
        "æ": "ae",
        "Æ": "Ae",
        "œ": "oe",
        "\u0131": "i",
    }
)
"""Letters that Unicode does not part into one of English and a sign."""


def word_set(text: str) -> frozenset[str]:
    """Words parted by white space."""
    return frozenset(text.split())


_TABLES = word_set("""
    customer customers contact contacts subscriber subscribers user users profile profiles properties property
    person people member members hs subscriptions traits attributes attribute custom c u t p data source my acct
    account shopper unified merged main owner buyer guest lead client patron donor person billto
""")
"""Table, object or namespace before a column's name."""


def words_of(name: str) -> tuple[str, ...]:
    """The words in a name: ``HasOptedOutOfEmail`` has five, ``Email_Opt_In__c`` three."""
    plain = unicodedata.normalize("NFKD", _CUSTOM_ENDING.sub("", name.strip()))
    letters = "".join(char for char in plain if not unicodedata.combining(char)).translate(_WITHOUT_SIGNS)
    return tuple(_NO_WORD.sub(" ", _CAMEL.sub(" ", letters).lower()).split())


def other_script(name: str) -> str:
    """The name in one form if letters of it are not Latin, else empty: `words_of` has nothing of those."""
    plain = unicodedata.normalize("NFKC", name).casefold()
    foreign = any(char.isalpha() and not unicodedata.name(char, "").startswith("LATIN") for char in plain)
    return plain if foreign else ""


def consent_key(name: str) -> str:
    """Equal for "Accepts Email Marketing", ``accepts_email_marketing`` and ``AcceptsEmailMarketing?``."""
    return "".join(words_of(name))


def keys_of(name: str) -> list[str]:
    """The name's key, then without what stands before it of its table."""
    words = words_of(name)
    keys = ["".join(words)]
    while len(words) > 1 and words[0] in _TABLES:
        words = words[1:]
        keys.append("".join(words))
    return keys


_ANY_IN = word_set("""
    optin optedin isoptin isoptedin optstatus optinstatus optinflag hasoptedin optedinflag subscribed issubscribed
    subscriptionstate subscriptionstatus subscribestatus subscribe consent hasconsent consentstatus consentflag
    consentgiven gaveconsent marketingconsent consenttomarketing marketingoptin marketingoptinstatus optinmarketing
    marketingpermission permission permissionstatus marketingstatus marketingallowed allowmarketing allowsmarketing
    acceptsmarketing acceptmarketing acceptedmarketing marketingaccepted agreestomarketing agreedtomarketing
    receivemarketing receivesmarketing wantsmarketing okaytocontact oktocontact cancontact maycontact contactable
    isconsented optinyn optinyesno optinind optinindicator optintomarketing optedintomarketing
""")
_ANY_OUT = word_set("""
    optout optedout isoptout isoptedout optoutstatus hasoptedout optoutflag optedoutflag unsubscribed isunsubscribed
    unsubscribe hasunsubscribed unsubscribedflag unsubscribeflag unsubflag unsub donotcontact dnc donotmarket
    donotsolicit nomarketing marketingoptout optoutmarketing optedoutofmarketing globaloptout globalunsubscribe
    unsubscribedfromall consentwithdrawn withdrewconsent optoutind optoutindicator globaloptoutflag globaloptoutind
    optoutofmarketing
""")
"""Of no channel in particular, so of the one that the file is for."""

_OF_CHANNEL_IN = word_set("""
    optin optedin optstatus optinstatus optinflag subscribed subscriptionstate subscriptionstatus subscribe
    subscribestatus subscriber subscription consent consentstatus consentflag consentgiven permission permissionstatus
    permissionflag marketing marketingconsent marketingoptin marketingstatus marketingpermission marketingallowed
    marketingsubscribed marketingsubscriptionstatus allowed accepted ok contactable optinind optinindicator
""")
_OF_CHANNEL_OUT = word_set("""
    optout optedout optoutstatus optoutflag optoutind optoutindicator unsubscribed unsubscribe unsub unsubscribedflag
""")
"""With the channel's name before them."""

_BEFORE_CHANNEL_IN = word_set("""
    optin optedin optinto optedinto optinto subscribedto subscribeto consent consentto accepts acceptsmarketing accept
    allow allows receive receives wants okto ok okay may can agreesto agreedto permission permissionto send
""")
_BEFORE_CHANNEL_OUT = word_set("""
    optout optedout hasoptedout optoutof optedoutof hasoptedoutof unsubscribed unsubscribedfrom donot no donotsend
    donotreceive stop
""")
"""With the channel's name behind them."""

_CHANNEL_WORDS: Mapping[Channel, tuple[str, ...]] = {
    Channel.EMAIL: ("email", "emails", "emailmarketing", "marketingemail", "marketingemails", "newsletter"),
    # Not phone or mobile: consent to be called is not consent to be texted.
    Channel.SMS: ("sms", "text", "texts", "smsmarketing", "textmarketing", "marketingsms", "marketingtexts"),
    Channel.SFTP: (),
}

STATUS_NAMES = word_set("status state emailstatus smsstatus contactstatus liststatus memberstatus active")
"""May be about consent or anything else; the values tell."""


@dataclass(frozen=True, slots=True)
class Reading:
    """How a column is read.

    ``question``: what it asks.
    ``words``: of its platform, before those of all, in their normal form.
    """

    question: Question
    words: Mapping[str, Statement] = field(default_factory=dict)


@cache
def _known(channel: Channel) -> Mapping[str, Reading]:
    found: dict[str, Reading] = {}
    own = _CHANNEL_WORDS[channel]
    for names, question in ((_ANY_IN, Question.OPTED_IN), (_ANY_OUT, Question.OPTED_OUT)):
        found |= dict.fromkeys(names, Reading(question))
    for names, question in ((_OF_CHANNEL_IN, Question.OPTED_IN), (_OF_CHANNEL_OUT, Question.OPTED_OUT)):
        found |= {prefix + word + name: Reading(question) for word in own for name in names for prefix in ("", "is")}
    for names, question in ((_BEFORE_CHANNEL_IN, Question.OPTED_IN), (_BEFORE_CHANNEL_OUT, Question.OPTED_OUT)):
        found |= {prefix + name + word: Reading(question) for word in own for name in names for prefix in ("", "is")}
    for row in KNOWN:
        if channel in row.channels:
            for name in row.names.split("|"):
                key = consent_key(name)
                # Two platforms may have the same name for a column, each with words of its own.
                before = found.get(key)
                words = before.words if before and before.question is row.question else {}
                found[key] = Reading(row.question, {**words, **row.words})
    for doubtful in STATUS_NAMES:
        found.pop(doubtful, None)
    return found


_OUT_WORDS = r"(?:unsub(?:scribed?)?|optedout|optout|revoked|withdrawn|withdrew)"
_OUT_ON = re.compile(
    rf"(?:email|sms|text|marketing|consent|newsletter|confirmed|global)*{_OUT_WORDS}(?:at|on|date|time|datetime|timestamp|ts|dt|since|when)$"
)
_ABOUT_OUT = re.compile(
    rf"(?:email|sms|text|marketing|newsletter|confirmed|global)*{_OUT_WORDS}"
    r"(?:reason|method|mode|source|campaign|campaignname|campaignid|comment|comments|ip|by|details|reasontext|reasonother)$"
)
_ON_OUT = re.compile(rf"^(?:date|time|timestamp)(?:of)?{_OUT_WORDS}$")


def known_reading(name: str, channel: Channel) -> Reading | None:
    """How a column with this name is read in a file for this channel; None: the name does not settle it."""
    known = _known(channel)
    for key in keys_of(name):
        if key in known:
            return known[key]
    key = consent_key(name)
    if about_another_channel(name, channel):
        return None
    if _OUT_ON.fullmatch(key) or _ON_OUT.match(key):
        return Reading(Question.OPTED_OUT_ON)
    return Reading(Question.OUT_IF_FILLED) if _ABOUT_OUT.fullmatch(key) else None


_OUT_QUESTIONS = (Question.OPTED_OUT, Question.OPTED_OUT_IF_SAID, Question.OPTED_OUT_ON, Question.OUT_IF_FILLED)


def asks_for_opt_outs(question: Question) -> bool:
    """Whether yes, or anything, in a column with this question is no consent."""
    return question in (*_OUT_QUESTIONS, Question.UNREACHABLE)


def reading_of(name: str, channel: Channel, *, opted_out: bool) -> Reading:
    """How a column is read that by its data template or its name tells opt-ins, or opt-outs."""
    known = known_reading(name, channel)
    if known and known.question is not Question.DETAIL and asks_for_opt_outs(known.question) is opted_out:
        return known
    if opted_out:
        on = _OUT_ON.search(consent_key(name))
        return Reading(Question.OPTED_OUT_ON if on else Question.OPTED_OUT)
    return Reading(Question.OPTED_IN)


_CHANNEL_MARKS: Mapping[Channel, frozenset[str]] = {
    Channel.EMAIL: frozenset(("email", "emails", "mail", "newsletter", "newsletters", "e")),
    Channel.SMS: frozenset(("sms", "text", "texts", "txt", "mms", "mobile", "cell")),
    Channel.SFTP: frozenset(),
}
_ELSEWHERE = word_set("""
    push whatsapp whats call calls voice phone telephone tel fax post postal catalog catalogue print inapp webpush
    cookie cookies analytics facebook google rcs viber line wechat messenger profiling thirdparty partner
    partners tracking
""")
"""Not direct, web, app or ads: consent to "direct marketing", or given on the web, is consent to mail as well."""
_BY_POST = re.compile(r"direct ?mail(?!ing)|postal ?mail")


_PLAIN_MARKETING = word_set("acceptsmarketing acceptmarketing acceptedmarketing")


def is_plain_marketing(name: str) -> bool:
    """Whether the name is that of Shopify's and others' consent to mail, from before they had one to texts."""
    return any(key in _PLAIN_MARKETING for key in keys_of(name))


_CHANNELS_ELSEWHERE = word_set("push whatsapp whats call calls voice phone telephone fax post postal webpush rcs viber")


def is_of_a_channel(name: str) -> bool:
    """Whether a word in the name is that of a way to write to somebody."""
    channels = frozenset().union(*_CHANNEL_MARKS.values()) | _CHANNELS_ELSEWHERE
    return bool(channels & set(words_of(name)))


def about_another_channel(name: str, channel: Channel) -> bool:
    """Whether the name says that it is consent to something else than this channel's messages."""
    in_order = words_of(name)
    words = frozenset(in_order)
    if _BY_POST.search(" ".join(in_order)) and not words & {"email", "emails", "e"}:
        return True
    if words & _CHANNEL_MARKS[channel]:
        return False
    # Whoever wants no call may mean no text either, which has to be asked.
    elsewhere = _ELSEWHERE - {"call", "calls", "phone"} if channel is Channel.SMS else _ELSEWHERE
    others = frozenset().union(*(marks for other, marks in _CHANNEL_MARKS.items() if other is not channel))
    return bool(words & (elsewhere | others))
