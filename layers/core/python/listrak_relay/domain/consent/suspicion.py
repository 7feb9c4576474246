"""Columns that may hold a no which this program would not read: the file then stops until somebody has said what they
are."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from listrak_relay.domain.consent.names import STATUS_NAMES, about_another_channel, consent_key, words_of
from listrak_relay.domain.consent.statements import PLAIN_WORDS, STATE_WORDS, UNMISTAKABLE
from listrak_relay.domain.destinations.destinations import Channel
from listrak_relay.domain.values.names import listed, may_be_shown

UNSURE = "opt_status_unsure"


class Doubt(StrEnum):
    """How much a column's name says of consent, where the name does not settle what it is.

    STRONG: it is about consent. A value other than a detail's stops the file.
    WEAK: it may be. Only values that are answers or states stop it.
    STATUS: as WEAK; if all its values are states, it is read as the opt status.
    NONE: it says nothing. Only values that are unmistakable stop it.
    """

    STRONG = "strong"
    WEAK = "weak"
    STATUS = "status"
    NONE = "none"


_STRONG = re.compile(
    r"opt(?:ed|s|ing)?(?:in|out)|unsub|desinscri|desabonn|abgemeldet|abmeld|austrag|consen|permission|permitted"
    r"|newsletter|gdpr|dsgvo|rgpd|lgpd|casl|tcpa|canspam|lawfulbasis|legalbasis|rechtsgrund"
    r"|donot|dontsend|dontemail|suppress|black?list|blocklist|denylist|nomail|noemail|notext|nosms|nomarketing|nospam"
    r"|einwillig|erlaub|kommunik|werbe|zustimm|mailable|emailable|contactable|textable|reachable|sendable|subscrib|abonn|inscrit"
    r"|suscri|iscri(?:tt|zi)|consenso|toestemming|samtycke|acepta|accett|accepte(?:mail|news|pub)"
    r"|(?:accept|agree|allow|receiv|want|wish|like|send|may|can|ok|okay|happy|willing|prefer)[a-z]*"
    r"(?:email|mail|news|sms|text|marketing|mktg|promo|offer|commercial|communicat|contact|deal|update|message)"
    r"|(?:email|mail|news|sms|text|marketing|mktg|promo|offer|commercial|communications?)"
    r"(?:optin|accept|agree|allow|ok|okay|pref|permit|perm|approv|eligib|confirm|authori[sz]|flag|enabled|blocked)"
    r"|marketable|mktgok|dnc|dnm|dne$|dns$|quarantin|complain|bounc|undeliver"
)
_WEAK = re.compile(
    r"subscri|accept|agree|allow|status|marketing|mktg|mailing|promo|offers|communicat|privacy|preferenc|contactme"
    r"|emailme|textme|news(?!room|paper|stand)|active|enabled|blocked|eligib|commercial|baja|alta|loyaltyemail|^email|^sms|^text|sms$|email$"
    r"|spam|valid|deliverab|optional|confirm|authori[sz]|approv|signup|listmember$"
)


def _list(text: str) -> frozenset[str]:
    return frozenset(text.split())


_NAMES_SOMEBODY = re.compile(r"(?:subscriber|member|contact|customer|user)(?:key|id|name|number|no|email|since)$")
_ADDRESS_PARTS = _list("""
    mailing shipping billing street city country zip postal line1 line2 address state
""")
_MESSAGES = _list("""
    email emails mail mails mailing mailings marketing news newsletter newsletters promo promos promotion promotions
    promotional offer offers sms text texts message messages messaging communication communications communicate contact
    contacts contacted commercial advertising list lists
""")
_OTHER_THINGS = _list("""
    payment payments terms tos returns warranty credit card cart order orders delivery delivered shipment shipments
    shipping address row record buyer loyalty reward rewards product products item items invoice tax coupon license
    licence gift loan policy insurance appointment booking reservation trial device stock refund
""")
"""A weak name that names one of these and no messages is about it."""
_COUNTED = _list("used redeemed visits visited count counts total totals sum cost costs amount spent")
_VERIFIED = _list("email e mail address is has valid validated validity verified verification")
"""Whether somebody's address exists is no word of theirs."""
_DETAILS = _list("""
    timestamp time date datetime at on source src ip level method form page url version campaign reason type
    updated created modified medium channel store location device collected agent text wording language id ids
    name count score rate frequency interest interests topic topics segment tag tags last first month
""")
"""In a name, these make of a consent column one about its circumstances."""


def doubt_of(name: str, channel: Channel) -> Doubt:
    """How doubtful a column is by its name, if `names.known_reading` knows it not."""
    if about_another_channel(name, channel):
        return Doubt.NONE
    key = consent_key(name)
    if key in STATUS_NAMES:
        return Doubt.STATUS
    if _NAMES_SOMEBODY.search(key):
        return Doubt.NONE
    if _STRONG.search(key):
        return Doubt.STRONG
    return Doubt.WEAK if _WEAK.search(key) and not _is_about_something_else(name) else Doubt.NONE


def _is_about_something_else(name: str) -> bool:
    words = set(words_of(name))
    if words <= _ADDRESS_PARTS or (words <= _VERIFIED and words & {"valid", "validated", "verified"}):
        return True
    return bool(words & _COUNTED or (words & _OTHER_THINGS and not words & _MESSAGES))


def is_detail(name: str) -> bool:
    """Whether the name is that of a circumstance (when, from where) and not of an opt-out's."""
    found = set(words_of(name)) & _DETAILS
    return bool(found) and not re.search(
        r"unsub|optout|optedout|desinscri|desabonn|abmeld|revok|withdr", consent_key(name)
    )


@dataclass(frozen=True, slots=True)
class Values:
    """What stands in a column: no value of a person, only known words.

    ``words``: `statements.PLAIN_WORDS` and `STATE_WORDS` found, in their normal form, with how many rows have them.
    ``days``: rows with a day. ``others``: rows with any other text. ``blanks``: rows without any.
    """

    words: dict[str, int]
    days: int = 0
    others: int = 0
    blanks: int = 0

    def joined(self, more: Values) -> Values:
        """With those of other rows."""
        words = {word: self.words.get(word, 0) + more.words.get(word, 0) for word in {*self.words, *more.words}}
        return Values(words, self.days + more.days, self.others + more.others, self.blanks + more.blanks)


class Verdict(StrEnum):
    """What becomes of a doubtful column. READ: as the opt status. FIELD: it is about something else."""

    READ = "read"
    FIELD = "field"
    UNSURE = "unsure"


def judge(name: str, doubt: Doubt, values: Values, *, others_read: bool) -> Verdict:
    """``others_read``: another column of the file tells consent for this channel."""
    found = set(values.words)
    if not found and not values.days and not values.others:
        return Verdict.FIELD
    if doubt is Doubt.STATUS and found and found <= STATE_WORDS and not values.others and not values.days:
        return Verdict.READ
    if found & UNMISTAKABLE:
        return Verdict.UNSURE
    if doubt is Doubt.NONE:
        return Verdict.FIELD
    if doubt is not Doubt.STRONG:
        # Yes and no among other words, or 0 and 1 among other numbers, are no answers; ON and OR are states.
        plain = set() if values.others or consent_key(name) == "state" else found & PLAIN_WORDS
        return Verdict.UNSURE if plain or found & _TELLING else Verdict.FIELD
    if is_detail(name) and not found:
        # Who has no day of consent has perhaps never given it, unless another column says so.
        return Verdict.FIELD if others_read or not values.blanks else Verdict.UNSURE
    return Verdict.UNSURE


_TELLING = frozenset(("cleaned", "bounced", "suppressed", "held", "active", "inactive", "unconfirmed", "complained"))


@dataclass(frozen=True, slots=True)
class Doubtful:
    """Columns of a file of which their names leave open whether they tell consent.

    ``values``: what stands in them, by header.
    ``others_read``: another column of the file tells consent for this channel.
    """

    values: dict[str, Values] = field(default_factory=dict)
    others_read: bool = False

    def joined(self, more: Doubtful) -> Doubtful:
        """With those of other rows of the file."""
        both = dict(self.values)
        for header, values in more.values.items():
            both[header] = both[header].joined(values) if header in both else values
        return Doubtful(both, self.others_read or more.others_read)

    def judged(self, channel: Channel) -> Judged:
        """What becomes of each."""
        verdicts = {
            header: judge(header, doubt_of(header, channel), values, others_read=self.others_read)
            for header, values in self.values.items()
        }
        read = tuple(header for header, verdict in verdicts.items() if verdict is Verdict.READ)
        unsure = tuple((h, self.values[h]) for h, verdict in verdicts.items() if verdict is Verdict.UNSURE)
        return Judged(read, unsure)


@dataclass(frozen=True, slots=True)
class Judged:
    """``read``: headers of columns that are read as the opt status. ``unsure``: of those that stop the file, with what
    stands in them."""

    read: tuple[str, ...]
    unsure: tuple[tuple[str, Values], ...]


SHOWN_WORDS = 6


def unsure_problem(file: str, doubtful: Sequence[tuple[str, Values]], destination: str) -> str:
    """The sentence of the refusal. ``doubtful``: name, as it may be shown, and values of each column."""
    told = "; ".join(_told(name, values) for name, values in doubtful)
    shown = [name for name, _ in doubtful if may_be_shown(name)]
    example = shown[0] if shown else "<name of the column>"
    return (
        f"{file}: it is not known whether these columns say who wants to be written to: {told}. Nothing was sent. Say "
        f"in the data template of destination {destination} what each one is, with a line under columns such as "
        f"'{example}: opt_in' (yes = may be written to), '{example}: opt_out' (yes = must not), "
        f"'{example}: field' (about something else) or '{example}: ignore'; then drop the file again"
    )


def _told(name: str, values: Values) -> str:
    often = sorted(values.words.items(), key=lambda item: (-item[1], item[0]))[:SHOWN_WORDS]
    parts = [f"{word!r} in {count:,} row{'s' if count != 1 else ''}" for word, count in often]
    if values.days:
        parts.append(f"a day in {values.days:,}")
    if values.others:
        parts.append(f"other words in {values.others:,}")
    if values.blanks:
        parts.append(f"nothing in {values.blanks:,}")
    return f"column {listed([name])} ({', '.join(parts)})"
