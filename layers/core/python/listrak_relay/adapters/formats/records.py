"""One row as any format gives it, and what can be wrong with it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from listrak_relay.domain.values import email_address

RECORD_LIMIT = 1_000_000
"""Longest record in characters, line breaks included."""

RAW_LIMIT = 100_000
"""Characters of a damaged record that are kept for the rejects file."""

TOO_SHORT = "row_too_short"

TOO_LONG = "row_too_long"

TOO_LARGE = "row_too_large"

ENCODING = "row_encoding"

BINARY = "row_binary"

NUL = "row_nul"

UNREADABLE = "row_unreadable"

STRAY_END = "row_line_end"

NOT_JSON = "row_not_json"

NOT_OBJECT = "row_not_object"

KEY_TWICE = "row_key_twice"

DETAILS = {
    TOO_SHORT: "The row has fewer fields than the header; write every field, empty ones too.",
    TOO_LONG: "The row has more fields than the header; put values that hold the delimiter in quotes.",
    TOO_LARGE: f"The row is longer than {RECORD_LIMIT} characters.",
    ENCODING: "The row holds bytes that are no text; save the file as UTF-8, or name its encoding.",
    BINARY: "A value of the row is bytes and no text; write its column as text, or leave it out by the role ignore in "
    "the data template.",
    NUL: "The row holds a NUL character; write the file again without it.",
    UNREADABLE: "A quote is not closed, stands inside a value without quotes, or is followed by text; put such values "
    "in quotes and double the quotes inside them.",
    STRAY_END: "A line end of another kind than the file's own cuts the row; put values with line breaks in quotes.",
    NOT_JSON: "The row is not valid JSON; write each object by a JSON library.",
    KEY_TWICE: "The object has two values under one key, of which none is known to be meant; write each key once.",
    NOT_OBJECT: 'The row is JSON but no object; write {"column": value, …}.',
}


@dataclass(frozen=True, slots=True)
class Record:
    """``row``: 1 for the file's first record, blank lines counted. ``lines``: as in the file. ``damage``: reason."""

    row: int
    fields: list[str]
    lines: list[str]
    damage: str | None

    @property
    def raw(self) -> str:
        """The record as in the file, without the last line end; bytes that are no text as ``\\xff``."""
        text = "".join(self.lines)[:RAW_LIMIT].rstrip("\r\n")
        return text.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


@dataclass(frozen=True, slots=True)
class KeyField:
    """``may_be``: whether a text can be a contact key, as the field ``index`` of every sound record can."""

    index: int
    may_be: Callable[[str], bool]


FIRST_IS_EMAIL = KeyField(0, email_address.may_be)
