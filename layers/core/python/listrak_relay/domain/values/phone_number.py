"""Which text is a phone number that text messages can be sent to, and the one form in which it is kept: E.164 with a
plus, such as ``+17175550100``.

Nearly all numbers are of a *usual* form: a few separators aside, the digits of the destination's own country, or a plus
and the digits of any. SQL decides those over millions of rows with the patterns of a `NumberingPlan`. The rest go
through `read`, whose `NumberCheck` comes from outside because it needs a library. Both give the same answers.

What looks like a number with something more is turned away, not mended by a guess: texting a person who did not ask for
it is unlawful. An extension belongs to a switchboard; letters are a note, or a business's vanity number; digits that a
spreadsheet has rounded away cannot be known.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from listrak_relay.domain.values.contact_faults import ContactFault
from listrak_relay.domain.values.text import IGNORABLE, UNSEEN

MISSING = ContactFault("phone_missing", "The phone number is empty; every row needs one.")
INVALID = ContactFault(
    "phone_invalid",
    "This is not a phone number that exists in its country's plan; correct it in the source, and write numbers of "
    "other countries than the destination's region with a plus and the country's code.",
)
EXTENSION = ContactFault(
    "phone_invalid", "The phone number has an extension, which no text message reaches; give the person's own number."
)
SEVERAL = ContactFault(
    "phone_invalid", "There is more than one phone number in this value; write the one that is meant, by itself."
)
LETTERS = ContactFault("phone_invalid", "The phone number holds letters; write it in digits.")
ROUNDED = ContactFault(
    "phone_invalid",
    "A spreadsheet has written this phone number in scientific notation and rounded its last digits away; export the "
    "column as text.",
)
FAULTS = (MISSING, INVALID, EXTENSION, SEVERAL, LETTERS, ROUNDED)

DEFAULT_REGION = "US"

_REGIONS = """
    AC AD AE AF AG AI AL AM AO AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BW BY BZ CA
    CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR
    GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GT GU GW GY HK HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP
    KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR
    MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PR PS PT PW PY QA RE RO
    RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TA TC TD TG TH TJ TK TL TM TN TO TR TT
    TV TW TZ UA UG US UY UZ VA VC VE VG VI VN VU WF WS XK YE YT ZA ZM ZW
"""
REGIONS = frozenset(_REGIONS.split())
"""ISO 3166 codes (and AC, TA, XK) of the countries whose numbering plans are known."""

SEPARATORS = " ().-"
"""Mean nothing in a number of the usual form."""

FLOAT_ENDING = ".0"
"""What programs that take a column of numbers for quantities put behind each; no number ends so otherwise."""

USUAL_LENGTH = 40
"""Longest number of the usual form in characters, separators included."""

LONGEST = 100
"""Characters; a longer text is not looked at."""

LIKELY_PATTERN = r"^(?:\+[0-9]{1,3}[ .-]?)?\(?[0-9]{3}\)?[ .-]?[0-9]{3}[ .-]?[0-9]{4}$"
"""Most numbers as people write them, to find the column that holds some."""

SOME_DIGIT = r"\p{Nd}"
"""RE2: a digit of any script; a text without one is not looked at."""

_FEWEST_DIGITS = 7

NumberCheck = Callable[[str, str], "str | None"]
"""Takes a text and the region of numbers without a country's code; gives the number in E.164 with a plus, or None if
there is no such number."""

_SCIENTIFIC = re.compile(r"([+-]?[0-9]+)(?:[.,]([0-9]*))?[eE]\+?([0-9]{1,3})")
_FLOAT = re.compile(r"\+?[0-9]+\.0")
_SCHEME = re.compile(r"(tel|sms):[ ]*", re.IGNORECASE)
_PARTS = re.compile(r"[;,/|&\r\n]|\s(?:or|and)\s", re.IGNORECASE)
_TWO_NUMBERS = re.compile(r"\+?[0-9]{10,}\s+\+?[0-9]{10,}")
_INSIDE = {ord(sign): None if sign in IGNORABLE else " " for sign in UNSEEN if sign not in "\r\n"}
"""Spaces of any kind are spaces, and what nobody can see is nothing."""
_EXTENSION = re.compile(r"[0-9)]\s*[,;]?\s*(ext(ension|n)?|x|#)[:.=]?\s*[0-9]+#?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class NumberingPlan:
    """Numbers of one country code that exist beyond doubt.

    ``national``: pattern of the digits after it, read alike by Python's `re` and by RE2. ``bare``: whether such digits
    mean the same number without the code too, and after the code without a plus (so in the North American plan).
    ``prefix``: pattern of beginnings of them that could be dialled before another number, and so are in doubt.
    ``lengths``: numbers of digits after the code that are possible, None: any that the pattern has.
    """

    calling_code: str
    national: str
    bare: bool = False
    prefix: str | None = None
    lengths: tuple[int, ...] | None = None

    @property
    def pattern(self) -> str:
        """Matches a number in full, separators taken out."""
        code = rf"(?:\+?{self.calling_code})?" if self.bare else rf"\+{self.calling_code}"
        return f"{code}(?:{self.national})"


def may_be(text: str) -> bool:
    """Whether it has as many digits as a phone number."""
    return sum(map(str.isdecimal, text)) >= _FEWEST_DIGITS


def read(text: str, region: str, check: NumberCheck) -> str | ContactFault:
    """The number in E.164 with a plus, or why there is none. Any spelling: punctuation, spaces, digits of any script,
    ``tel:``, an international prefix, the ``.0`` of a column that was taken for quantities.
    """
    number = text.strip(UNSEEN).removeprefix("'").removeprefix("\u2019").strip(UNSEEN).translate(_INSIDE)
    if not number:
        return MISSING
    if len(number) > LONGEST or not any(map(str.isdecimal, number)):
        return INVALID
    if found := _SCIENTIFIC.fullmatch(number):
        whole = _all_digits(*found.groups(default=""))
        return check(whole, region) or INVALID if whole else ROUNDED
    if _FLOAT.fullmatch(number):
        number = number.removesuffix(FLOAT_ENDING)
    if scheme := _SCHEME.match(number):
        number = number[scheme.end() :]
    if _EXTENSION.search(number):
        return EXTENSION
    if any(map(str.isalpha, number)):
        return SEVERAL if _holds_several(number) else LETTERS
    return check(number, region) or (SEVERAL if _holds_several(number) else INVALID)


def _all_digits(before: str, behind: str, exponent: str) -> str | None:
    """The number if it is written to its last digit, as databases do (``1.2125550100E10``), None if it may be rounded,
    as spreadsheets do."""
    return before + behind if len(behind) == int(exponent) else None


def _holds_several(text: str) -> bool:
    parts = [part for part in _PARTS.split(text) if any(map(str.isdecimal, part))]
    return (len(parts) > 1 and may_be(parts[0])) or _TWO_NUMBERS.search(text) is not None
