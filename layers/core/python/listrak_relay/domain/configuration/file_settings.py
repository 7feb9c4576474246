"""The key `file` of a destination: what it says of the files dropped for it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from listrak_relay.domain.configuration.located import Items, Node, Place, Scalar, shown
from listrak_relay.domain.configuration.secret_names import pgp_secret
from listrak_relay.domain.configuration.value_rules import Reader, choice, flag, integer, number, text
from listrak_relay.domain.destinations.encodings import codec_named
from listrak_relay.domain.destinations.file_rules import NO_SIGN, FileDialect, FileFormat, FileRules
from listrak_relay.domain.values.names import same_name_key

MAX_SKIPPED_LINES = 10_000

_NAMED_CHARACTERS = {"comma": ",", "semicolon": ";", "tab": "\t", "pipe": "|", "space": " "}

_MAX_NULL_WORD = 20
_MAX_NULL_WORDS = 20


def _character(*, none: bool = False) -> Reader[str]:
    wanted = "one character" + (", or none" if none else "")

    def read(node: Node, place: Place) -> str | None:
        if isinstance(node, Scalar):
            if none and node.text.strip().lower() == "none":
                return NO_SIGN
            found = _NAMED_CHARACTERS.get(node.text.strip().lower(), node.text)
            # A null character cannot be told from damage, and letters, digits and @ are what values are made of.
            if len(found) == 1 and not found.isalnum() and found not in "\r\n\0@":
                return found
        place.fault(node.line, f"must be {wanted}: no letter, digit, @ or line end; known words: comma, tab, pipe, …")
        return None

    return read


def _columns(node: Node, place: Place) -> tuple[str, ...] | None:
    if not isinstance(node, Items) or not node.items:
        place.fault(node.line, "must be a list of column names in the order of the file")
        return None
    read_one = text("the name of a column")
    names = [read_one(item, place) for item in node.items]
    if None in names:
        return None
    keys = [same_name_key(name) for name in names if name is not None]
    if len(set(keys)) != len(keys):
        place.fault(node.line, "names a column twice (case, spaces, _ and - do not count)")
        return None
    return tuple(name for name in names if name is not None)


def _null_words(node: Node, place: Place) -> tuple[str, ...] | None:
    read_one = text("the text that stands for an empty value", _MAX_NULL_WORD)
    items = node.items if isinstance(node, Items) else (node,)
    if not items or len(items) > _MAX_NULL_WORDS:
        place.fault(node.line, f"must be a text that stands for an empty value, or a list of 1 to {_MAX_NULL_WORDS}")
        return None
    words = [read_one(item, place) for item in items]
    return tuple(dict.fromkeys(word for word in words if word is not None))


def _encoding(node: Node, place: Place) -> str | None:
    found = text("the name of an encoding, such as utf-8 or windows-1252")(node, place)
    codec = codec_named(found) if found is not None else None
    if found is not None and codec is None:
        place.fault(
            node.line,
            f"{shown(found)} is no encoding of text that Python knows; known are utf-8, utf-16, windows-1252, "
            "windows-1250, iso-8859-2, mac_roman, cp850, shift_jis and others",
        )
    return codec


_MARKER = re.compile(r"[^/]+")


def _marker(node: Node, place: Place) -> str | None:
    found = text("the name of a marker object, such as _SUCCESS or *.DONE")(node, place)
    if found is not None and not _MARKER.fullmatch(found):
        place.fault(node.line, "must be a name without folders; the marker is looked for beside the parts")
        return None
    if found is not None and not found.strip("*?"):
        place.fault(node.line, "must not match every name")
        return None
    return found


KEYS: Mapping[str, Reader[Any]] = {
    "format": choice(FileFormat),
    "dialect": choice(FileDialect),
    "delimiter": _character(),
    "quote": _character(none=True),
    "escape": _character(none=True),
    "header": flag,
    "columns": _columns,
    "skip_lines": integer(0, MAX_SKIPPED_LINES),
    "encoding": _encoding,
    "null_word": _null_words,
    "sheet": text("the name of a sheet"),
    "max_damaged_percent": number(0, 100),
    "success_marker": _marker,
    "pgp_secret": pgp_secret,
}


def read_file_rules(node: Node, place: Place) -> FileRules | None:
    """The table ``file`` of a destination; None if it has a fault, which is then reported."""
    before = place.faults.count
    values: dict[str, Any] = {}
    for entry in place.entries(node, "settings"):
        here = place / entry.name
        if entry.name in KEYS:
            values[entry.name] = KEYS[entry.name](entry.node, here)
        else:
            here.unknown(entry.line, "the key", entry.name, KEYS)
    if place.faults.count != before:
        return None
    rules = FileRules(**values)
    signs = [sign for sign in (rules.delimiter, rules.quote) if sign]
    if len(signs) != len(set(signs)) or (rules.escape and rules.escape == rules.delimiter):
        place.fault(node.line, "gives one character two meanings; delimiter, quote and escape must differ")
        return None
    if rules.header is False and not rules.columns:
        place.fault(node.line, "has header: false, so columns must name the columns in the order of the file")
        return None
    return rules
