"""Which languages the letters of some words are those of, in Windows-1252 and in the code pages beside it.

A few names say little by how often each letter stands in them, but much by which letters there are: no one language of
Western Europe writes ``Bçrziòð`` and ``Krûmiòð``, while in Windows-1257 these are Latvian.
"""

from __future__ import annotations

from enum import IntEnum

from listrak_relay.domain.destinations.encodings import WINDOWS_1252

_WESTERN = {
    "German": "äöüßé",
    "French": "àâæçèéêëîïôœùûüÿ",
    "Spanish, Catalan": "áàéèíïóòúüçñ",
    "Portuguese": "àáâãçéêíóôõúü",
    "Italian": "àèéìíîòóùú",
    "Swedish, Finnish": "åäöéüšž",
    "Danish, Norwegian": "æøåéèêóòôâüöä",
    "Icelandic, Faroese": "áéíóúýþæöðø",
    "Dutch": "éëïóöüèêáíàúç",
    "Irish, Gaelic": "àèìòùáéíóú",
    "Estonian": "äöüõšž",
    "Welsh": "âêîôûáéëïö",
    "Albanian": "ëç",
}

_CENTRAL = {
    "Polish": "ąćęłńóśźż",
    "Czech": "áčďéěíňóřšťúůýž",
    # Without the long l and r, which hardly a word has: they stand where a with a ring and a with a grave do.
    "Slovak": "áäčďéíľňóôšťúýž",
    "Hungarian": "áéíóöőúüű",
    "Croatian, Slovene": "čćđšž",
    "Romanian": "ăâîşţ",
}
_OTHERS = {
    "windows-1250": _CENTRAL,
    "iso-8859-2": _CENTRAL,
    "windows-1257": {"Latvian": "āčēģīķļņšūžōŗ", "Lithuanian": "ąčęėįšųūž", "Estonian": "äöüõšž"},
    "windows-1254": {"Turkish": "çğıöşüâîû\u0307"},
}
_GERMAN = "äöüß"
_NEIGHBOURS = (
    _CENTRAL["Czech"] + _CENTRAL["Slovak"] + _GERMAN,
    _CENTRAL["Slovak"] + _CENTRAL["Hungarian"],
    _CENTRAL["Polish"] + _GERMAN,
    _CENTRAL["Croatian, Slovene"] + _GERMAN,
    _CENTRAL["Hungarian"] + _GERMAN,
)
"""Languages of which one list often has names together."""


class Fit(IntEnum):
    """How well words read in a code page. ONE: as one language of it. NEIGHBOURS: as languages of neighbours."""

    NONE = 0
    NEIGHBOURS = 1
    ONE = 2


def is_of_one_western_language(words: bytes) -> bool:
    """Whether one language that Windows-1252 is for has all the letters in them."""
    letters = _letters(words.decode(WINDOWS_1252))
    return any(letters <= set(alphabet) for alphabet in _WESTERN.values())


def fits(words: bytes) -> dict[str, Fit]:
    """The code pages in which the words read otherwise than in Windows-1252, and as words of their languages."""
    text = words.decode(WINDOWS_1252)
    found = {}
    for codec, alphabets in _OTHERS.items():
        try:
            read = words.decode(codec)
        except UnicodeDecodeError:
            continue
        others = [sign for sign, own in zip(read, text, strict=True) if sign != own]
        if others and all(map(str.isalpha, others)) and (fit := _fit(_letters(read), alphabets)):
            found[codec] = fit
    return found


def _fit(letters: frozenset[str], alphabets: dict[str, str]) -> Fit:
    if any(letters <= set(alphabet) for alphabet in alphabets.values()):
        return Fit.ONE
    if alphabets is _CENTRAL and any(letters <= set(both) for both in _NEIGHBOURS):
        return Fit.NEIGHBOURS
    return Fit.NONE


def _letters(text: str) -> frozenset[str]:
    return frozenset(sign for sign in text.lower() if not sign.isascii() and sign not in "ªºµ" and not _is_sign(sign))


def _is_sign(sign: str) -> bool:
    return not sign.isalpha() and sign != "\u0307"
