"""Whether words are likelier in another code page than in Windows-1252, which has a meaning for nearly every byte."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

import chardet
from chardet.enums import EncodingEra

from listrak_relay.adapters.formats.alphabets import Fit, fits, is_of_one_western_language
from listrak_relay.domain.destinations.encodings import WINDOWS_1252

_OTHERS = {
    "Windows-1250": "windows-1250",
    "Windows-1251": "windows-1251",
    "Windows-1253": "windows-1253",
    "Windows-1254": "windows-1254",
    "Windows-1255": "windows-1255",
    "Windows-1256": "windows-1256",
    "Windows-1257": "windows-1257",
    "ISO-8859-2": "iso-8859-2",
    "MacRoman": "mac_roman",
    "cp850": "cp850",
    "cp437": "cp437",
    "cp852": "cp852",
    "KOI8-R": "koi8-r",
    "IBM866": "cp866",
    "CP874": "cp874",
    "CP932": "shift_jis",
    "EUC-JP": "euc_jp",
    "CP949": "cp949",
    "GB18030": "gb18030",
    "Big5": "big5",
}
"""What files are still written in: the detector's name, and Python's, by which a setting names it. The detector knows
many more, and finds the rare ones in words that are common elsewhere."""

_LATIN = frozenset({"windows-1250", "iso-8859-2", "windows-1254", "windows-1257", "mac_roman"})
"""Of these many words look like ones of Windows-1252; those of the others do not."""

_SAME = frozenset({"Windows-1252", "ISO-8859-1", "iso8859-15"})

_ODD_SHARE = 0.2
_HARDLY_ANY, _A_FEW, _SOME, _MANY = 3, 5, 15, 60
"""Different words."""

_TIMES = {
    # The letters are those of no one Western language, and of one, or of neighbours', of the other code page.
    (False, Fit.ONE): ((2, 0.5),),
    (False, Fit.NEIGHBOURS): ((2, 1.5),),
    # They may be of both.
    (True, Fit.ONE): ((_HARDLY_ANY, 2.3), (_A_FEW, 1.85)),
    # Many languages, of either.
    (False, Fit.NONE): ((_SOME, 2.0), (_MANY, 1.8)),
}
"""From how many different words on another code page is believed in, and how many times likelier it must be. Measured
with made-up lists of first names, last names and cities, of 2 to 20 different words. Of 6,120 lists in 20 languages
that Windows-1252 is for, or in up to four of these together, fewer than one in 200 are refused; of those in 11
languages of the other code pages one in seven of three words is read all the same, one in 40 of five, and one in 250
of eight and more."""

_LETTERS = re.compile(r"[^\W\d_ªº]")
_BETWEEN = frozenset("\u2019\u2018\u00b4`\u00b7\u00d7\u00b0\u00ae\u2122\u00a9\u2022\u2026\u2013\u2014")
"""Apostrophes, dots, dashes, and signs such as those of degrees and trademarks, as they stand between letters."""

_BEFORE = frozenset("£¢¤¥¦§¬¶†‡‰¯¨¹³\u00b8\u02c6\u02dc")
"""What stands before no letter there."""

_BEHIND = frozenset("§\u201a\u201e")
"""What stands behind no letter there, such as opening quotes."""

_MAC = re.compile(
    "[a-z]\u2013[a-z]|[A-Za-z](?:[bcfgjkprx](?<!entr)\u2019(?!(?:s|t|d|m|re|ve|ll|n)(?![a-z]))[a-z]"
    "|[a-ce-z]\u2019[bcdfghjk-np-tvwxz][a-z](?<!re|ve|ll))"
)
"""What Spanish words of MacRoman look like: ``Mu\u2013oz``, ``Garc\u2019a``. A dash between small letters, and an
apostrophe where no word of English, French or Italian has one, are written by nobody."""

_EASTERN = re.compile(
    "[\u00f8\u00d8][\u00e1\u00ed\u00fd\u00e9]|[\u00ec\u00f9][a-z\u00e1\u017e]|[\u00fe\u00f0]\u00fd|\u00fd[\u00fe\u00f0]|\u00fd\\w*[\u00fd\u00e7]"
    "|\u00fe(?![aeiouy\u00e1\u00e9\u00ed\u00f3\u00fa\u00fd\u00e6\u00f6rjv])|[\u00fd\u00fe\u00f0]\\w*[\u00e7\u00fc]|[\u00e7\u00fc]\\w*[\u00fd\u00fe\u00f0]"
)
"""What Czech words of Windows-1250 and Turkish ones of Windows-1254 look like: ``Ji\u00f8\u00ed``, ``N\u00ecmec``,
``Bar\u00fd\u00fe``. Danes write no accent behind their letter, Italians accents at the end, Icelanders their letters
elsewhere."""

_LETTERS_IN_A_ROW = 3
_ASIDE = re.compile(r"[\x00-\x40\[-`{-\x7f\xa0]+")


def other_code_pages(words: Collection[bytes]) -> tuple[str, ...]:
    """The encodings that are likelier for different words, each with more than ASCII; the likeliest first. Nothing if
    all may well be Windows-1252. Bytes that mean nothing there make all others likelier."""
    together = b"\n".join(words)
    try:
        text = together.decode(WINDOWS_1252)
    except UnicodeDecodeError:
        return _ranked(together, None)
    read = [word for word in _ASIDE.split(text) if not word.isascii()]
    if read and sum(map(_is_odd, read)) >= _ODD_SHARE * len(read):
        return _ranked(together, text)
    lettered = [word for word in words if _has_letter(word)]
    together = b"\n".join(lettered)
    if not lettered:
        return ()
    found, western = fits(together), is_of_one_western_language(together)
    fit = max(found.values(), default=Fit.NONE)
    enough = [times for least, times in _TIMES.get((western, fit), ()) if len(lettered) >= least]
    if not enough:
        return ()
    likelihoods = _likelihoods(together)
    own = max((likely for name, likely in likelihoods.items() if name in _SAME), default=0.0)
    ranked = _ranked(together, together.decode(WINDOWS_1252))
    rivals = (likelihoods[name] for name, codec in _OTHERS.items() if codec in _LATIN and codec in ranked)
    best = max(rivals, default=0.0)
    if best <= enough[-1] * own:
        return ()
    fitting = [codec for codec, how in found.items() if how is fit]
    return tuple(dict.fromkeys((*(codec for codec in ranked if codec in fitting), *fitting, *ranked)))


def _has_letter(word: bytes) -> bool:
    return any(not sign.isascii() and _LETTERS.match(sign) for sign in word.decode(WINDOWS_1252))


def _likelihoods(together: bytes) -> dict[str, float]:
    """Of each encoding that the detector thinks of."""
    found = chardet.detect_all(together, ignore_threshold=True, encoding_era=EncodingEra.ALL)
    return {str(answer["encoding"]): float(answer["confidence"]) for answer in reversed(found)}


def _ranked(together: bytes, text: str | None) -> tuple[str, ...]:
    """Encodings in which the words are sound and read otherwise than ``text``, the likeliest first."""
    ranked: list[tuple[float, str]] = []
    for name, likelihood in _likelihoods(together).items():
        codec = _OTHERS.get(name)
        if codec is None:
            continue
        try:
            read = together.decode(codec)
        except UnicodeDecodeError:
            continue
        if read != text:
            odd = _odd_share(_ASIDE.split(read)) if codec in _LATIN or codec.startswith("cp8") else 0.0
            ranked.append((likelihood * (1 - odd) ** 2, codec))
    return tuple(codec for _, codec in sorted(ranked, reverse=True))


def _odd_share(words: Iterable[str]) -> float:
    others = [word for word in words if not word.isascii()]
    return sum(map(_is_odd, others)) / max(1, len(others))


def _is_odd(word: str) -> bool:
    """Whether no word of a language that Windows-1252 is for is written so."""
    in_a_row = 0
    for place, (before, sign, after) in enumerate(zip(f" {word}", word, f"{word[1:]} ", strict=False)):
        is_letter = bool(_LETTERS.match(sign))
        in_a_row = in_a_row + 1 if is_letter and not sign.isascii() else 0
        if sign.isascii():
            continue
        if is_letter:
            amid = before.islower() or (before.isalpha() and after.islower())
            irish = place == 1 and before in "hnt"
            if in_a_row >= _LETTERS_IN_A_ROW or (sign.isupper() and amid and not irish):
                return True
        elif (
            (before.isalpha() and after.isalpha() and sign not in _BETWEEN and sign not in "ªº")
            or (after.isalpha() and sign in _BEFORE)
            or (before.isalpha() and sign in _BEHIND)
        ):
            return True
    return _MAC.search(word) is not None or _EASTERN.search(word) is not None
