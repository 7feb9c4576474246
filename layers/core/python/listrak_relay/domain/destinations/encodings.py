"""Encodings of text, by the names of settings, of Python and of reports."""

from __future__ import annotations

import codecs

UTF_8 = "utf-8"
UTF_16 = "utf-16"
WINDOWS_1252 = "cp1252"
"""Python's names of the codecs for what is found without being told."""

_SHOWN = {UTF_8: "UTF-8", UTF_16: "UTF-16", "iso8859-1": "Latin-1"}
_WINDOWS = "cp125"

_NO_TEXT = frozenset({"idna", "punycode", "undefined"})
"""Codecs that Python counts among those of text, and that no file is written in."""

_WITHOUT_STATE = frozenset({UTF_8, UTF_16, "utf-16-le", "utf-16-be"})
_WITH_STATE = ("iso2022", "hz", "utf-7", "unicode_escape", "raw_unicode_escape")


def codec_named(name: str) -> str | None:
    """Python's own name of the codec that ``name`` means (``Windows-1252``, ``latin1``, ``shift_jis``, ``cp037``); None
    if there is none such for the text of files."""
    try:
        "".encode(name)
        found = codecs.lookup(name).name
    except (LookupError, UnicodeError, ValueError):
        return None
    return None if found in _NO_TEXT else UTF_8 if found == "utf-8-sig" else found


def shown_name(codec: str) -> str:
    """An encoding as it stands in reports and messages."""
    return _SHOWN.get(codec, codec.replace("cp", "Windows-") if codec.startswith(_WINDOWS) else codec)


def lines_stand_alone(codec: str) -> bool:
    """Whether a line can be found and read without those before it, so that a file can be read in ranges: its end is
    written as in ASCII, and no sign changes the meaning of later lines."""
    if codec in _WITHOUT_STATE:
        return True
    return not codec.startswith(_WITH_STATE) and "\r\n".encode(codec) == b"\r\n"
