"""Which text is an email address, and the one form in which it is kept.

Addresses are trimmed and lower-cased as a whole: RFC 5321 leaves the case of the local part to the receiving host, no
host of note uses it, and Listrak keys its contacts without regard to it. Internationalised domains are written in
ASCII (``xn--…``), which every mail system takes.

Nearly all addresses are of a *usual* form, decided by one pattern that SQL can run over millions of rows. The rest go
through a full check (`UnusualCheck`), given from outside because it needs a library.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from listrak_relay.domain.values.text import UNSEEN

MISSING = "email_missing"
INVALID = "email_invalid"

DETAILS = {
    MISSING: "The email address is empty; every row needs one.",
    INVALID: "This is not an email address that mail can be sent to; correct it in the source.",
}

UnusualCheck = Callable[[str], "str | None"]
"""Takes a trimmed, lower-cased text; gives the address in its normal form, or None if it is none."""

_BEFORE_ENDING = r"[A-Za-z0-9_+-][A-Za-z0-9_+'-]*(\.[A-Za-z0-9_+'-]+)*@([A-Za-z0-9]+(-[A-Za-z0-9]+)*\.)+"

USUAL_PATTERN = _BEFORE_ENDING + "[A-Za-z]{2,}"
"""The usual form, matched in full. Narrower than the rules on purpose: no ``--`` in a domain, letters at its end."""

COMMON_PATTERN = _BEFORE_ENDING + (
    "([A-Za-z]{2,3}|[A-Za-z]{6}|[A-Za-z]{8}|[b-su-zB-SU-Z][A-Za-z]{3}|[a-km-np-zA-KM-NP-Z][A-Za-z]{4}|[A-Za-z]{10,})"
)
"""Matches most usual addresses and no other: by length and first letter none of `SPECIAL_USE_ENDINGS` fits."""

USUAL_LENGTH = 64
"""Longest usual address in characters. No part of it can then pass the limits of 64 (local part) and 63 (label)."""

SPECIAL_USE_ENDINGS = (".arpa", ".invalid", ".local", ".localhost", ".onion", ".test")
"""Names without mail (RFC 6761 and others), in lower case; addresses ending so are not usual."""

LONGEST = 254
"""Longest email address in bytes (RFC 3696, erratum 1690). A longer text is not looked at."""

_USUAL = re.compile(USUAL_PATTERN)
_NAMED = re.compile(r"[^<>@]{0,200}<(?:mailto:)?([^<>]{3,254})>", re.IGNORECASE)
_LINK = re.compile(r"mailto:([^?]{3,254})(?:\?.*)?", re.IGNORECASE | re.DOTALL)


def holds_unseen(text: str) -> bool:
    """Whether a sign that nobody can see is inside."""
    return any(sign in UNSEEN and sign != " " for sign in text.strip(UNSEEN))


def may_be(text: str) -> bool:
    """Whether it has what every email address has."""
    return "@" in text


def is_usual(text: str) -> bool:
    """Whether a trimmed text has the usual form."""
    return (
        len(text) <= USUAL_LENGTH
        and _USUAL.fullmatch(text) is not None
        and not text.lower().endswith(SPECIAL_USE_ENDINGS)
    )


_QUOTES = {"'": "'", "\u2019": "\u2019", "\u2018": "\u2019", '"': '"', "\u201c": "\u201d", "\u201e": "\u201c"}
_PARTS = re.compile(r"[\s;,/|]+")


def holds_several(text: str) -> bool:
    """Whether there is more than one address of the usual form in it."""
    return sum(map(is_usual, _PARTS.split(text))) > 1


def bare(text: str) -> str:
    """Without what links, letters and spreadsheets put around an address: ``mailto:``, ``Name <…>``, quotes, an
    apostrophe in front."""
    if found := _NAMED.fullmatch(text) or _LINK.fullmatch(text):
        text = found[1].strip(UNSEEN)
    if len(text) > 1 and text[0] in _QUOTES:
        if text.endswith(_QUOTES[text[0]]):
            return text[1:-1].strip(UNSEEN)
        if text[0] in "'\u2019" and is_usual(text[1:]):
            return text[1:]
    return text


def fits(text: str, unusual: UnusualCheck) -> str | None:
    """The normal form of a trimmed text that is an address as it stands, else None."""
    if is_usual(text):
        return text.lower()
    # What checks an address would pass over signs inside that nobody can see, and so make another one of it.
    if "@" not in text or len(text) > LONGEST or holds_unseen(text):
        return None
    return unusual(text.lower())


def normalise(text: str, unusual: UnusualCheck) -> str | None:
    """The address in its normal form, None if the text is not an email address."""
    return fits(bare(text.strip(UNSEEN)), unusual)
