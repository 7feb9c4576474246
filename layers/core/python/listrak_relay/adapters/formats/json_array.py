"""The elements of one JSON array, one after the other, in constant memory; what lies between sound ones is named."""

from __future__ import annotations

import json
from collections.abc import Iterator
from enum import Enum
from typing import Any, TextIO

from listrak_relay.adapters.formats.json_skipping import Skipping, spaces_at
from listrak_relay.adapters.formats.records import NOT_JSON, RECORD_LIMIT, TOO_LARGE
from listrak_relay.errors import FileRejectedError

_READ = 1 << 16
_SPLIT = 32
"""Characters. The longest word or escape of JSON that the end of a window can cut in two is shorter."""


def _constant(name: str) -> None:
    """NaN, which many programs write for no value, is no value."""
    if name != "NaN":
        raise ValueError(f"{name} is no JSON")


class Number(str):
    """The digits of a number, as they are written."""

    __slots__ = ()


class KeyTwice(dict[str, Any]):
    """An object that has two values under one key; it keeps the last."""

    __slots__ = ()


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) == len(pairs) or all(found[key] == value for key, value in pairs):
        return found
    return KeyTwice(found)


DECODER = json.JSONDecoder(parse_float=Number, parse_int=Number, parse_constant=_constant, object_pairs_hook=_object)
"""Numbers keep the digits they are written with. Infinity, which Python would take, is no JSON."""

DESCRIPTION = "meta"
"""The key under which ClickHouse describes the columns, by a list of objects that are no rows."""

Piece = tuple[int, Any, str, "str | None"]
"""Row number, value, text, damage."""


class _State(Enum):
    """Where reading is: behind the opening bracket, behind a comma, behind an element, behind the closing bracket."""

    OPENED = 1
    COMMA = 2
    ELEMENT = 3
    CLOSED = 4


def array_elements(stream: TextIO, file: str) -> Iterator[Piece]:
    """``file``: the drop key, for messages. After a damaged element reading goes on where its brackets end, or where
    what looks like the next object begins.

    Raises:
        FileRejectedError: the text is no array (code ``format_unsupported``), or is not closed (``file_truncated``).
    """
    tape = _Tape(stream)
    if tape.next_sign() != "[":
        raise FileRejectedError(
            "format_unsupported",
            f"{file}: the destination expects a JSON array, and the file does not begin with [; correct file.format",
        )
    tape.take(1)
    yield from _elements(tape, file)


def wrapped_elements(stream: TextIO, file: str) -> Iterator[Piece]:
    """The elements of the first array of objects that an object holds under a key of its own.

    Raises:
        FileRejectedError: there is none (code ``json_unreadable``), or it is not closed (``file_truncated``).
    """
    tape = _Tape(stream)
    tape.next_sign()
    tape.take(1)
    while tape.next_sign() == '"':
        key = tape.element(0)
        if key[3] or tape.next_sign() != ":":
            break
        tape.take(1)
        if tape.next_sign() == "[":
            tape.take(1)
            if tape.next_sign() == "{" and key[1] != DESCRIPTION:
                yield from _elements(tape, file, inside=True)
                return
            for _ in _elements(tape, file, inside=True):
                pass
        elif tape.element(0)[3]:
            break
        if tape.next_sign() != ",":
            break
        tape.take(1)
    raise FileRejectedError(
        "json_unreadable",
        f"{file}: the rows are expected in an array inside an object, and it has none; write one object on each line, "
        "or one array of objects",
    )


def objects_in_a_row(stream: TextIO) -> Iterator[Piece]:
    """Objects one behind the other, whatever white space is between them or inside."""
    tape = _Tape(stream)
    row = 0
    while tape.next_sign():
        row += 1
        before = tape.moved
        yield tape.element(row)
        if tape.moved == before:
            tape.take(1)


def _elements(tape: _Tape, file: str, *, inside: bool = False) -> Iterator[Piece]:
    """Behind the opening bracket. ``inside``: what follows the closing one is none of it."""
    row, state = 0, _State.OPENED
    while sign := tape.next_sign():
        if inside and state is _State.CLOSED:
            return
        if sign == "]" and state in (_State.OPENED, _State.ELEMENT):
            tape.take(1)
            state = _State.CLOSED
        elif sign == "," and state is _State.ELEMENT:
            tape.take(1)
            state = _State.COMMA
        else:
            row += 1
            piece, state = _element(tape, row, sign, state)
            yield piece
    if state is not _State.CLOSED and not tape.closed:
        raise FileRejectedError(
            "file_truncated",
            f"{file}: the JSON array is not closed by ], so rows are missing; drop the file again, whole",
        )


def _element(tape: _Tape, row: int, sign: str, state: _State) -> tuple[Piece, _State]:
    """What begins with ``sign``, and where reading is after it."""
    if state is _State.CLOSED and sign == ",":
        # The array goes on, so the bracket before was one too many.
        tape.take(1)
        return (row, None, "]", NOT_JSON), _State.COMMA
    if state in (_State.OPENED, _State.COMMA):
        if sign in "],":
            return (row, None, "", NOT_JSON), _State.ELEMENT
        piece = tape.element(row)
    else:
        # No comma parts it from what is before it.
        piece = tape.element(row) if sign == "{" else (row, None, tape.skip_damage(), NOT_JSON)
        piece = (row, None, piece[2], piece[3] or NOT_JSON)
    if state is _State.CLOSED and not tape.next_sign():
        return piece, state
    return piece, _State.COMMA if tape.resumed else _State.ELEMENT


class _Tape:
    """A window on the text, moved on as it is read.

    ``resumed``: the last damaged element ended because another begins here, so no comma comes before that. ``closed``:
    the text ended with the brackets of an array inside a damaged element. ``moved``: characters that were taken.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._text = ""
        self._place = 0
        self._indent = 0
        self._drained = False
        self.resumed = False
        self.closed = False
        self.moved = 0

    def next_sign(self) -> str:
        """The next character that is no white space; nothing at the end."""
        while self._place < len(self._text) or self._more():
            self._place = spaces_at(self._text, self._place)
            if self._place < len(self._text):
                return self._text[self._place]
        return ""

    def take(self, size: int) -> str:
        taken = self._text[self._place : self._place + size]
        self._place += size
        self.moved += size
        return taken

    def element(self, row: int) -> Piece:
        self.resumed = False
        while True:
            size = len(self._text) - self._place
            try:
                value, end = DECODER.raw_decode(self._text, self._place)
            except json.JSONDecodeError as error:
                # Only what breaks off at the end of the window may be mended by more of the text.
                breaks_off = error.pos > len(self._text) - _SPLIT or error.msg.startswith("Unterminated string")
                if not breaks_off:
                    return row, None, self.skip_damage(), NOT_JSON
                if size > RECORD_LIMIT:
                    return row, None, self.skip_damage(), TOO_LARGE
                if not self._more():
                    return row, None, self.skip_damage(), NOT_JSON
            except (ValueError, RecursionError):
                return row, None, self.skip_damage(), NOT_JSON
            else:
                if end - self._place > RECORD_LIMIT:
                    return row, None, self.take(end - self._place), TOO_LARGE
                # A value that reaches the end of the window may go on behind it, as numbers do.
                if end < len(self._text) or not self._more():
                    return row, value, self.take(end - self._place), None

    def skip_damage(self) -> str:
        """Move on behind the damaged element; its text, cut when long."""
        skipping = Skipping(self._column())
        raw = ""
        while True:
            end = skipping.scan(self._text, self._place, ended=self._drained)
            raw += self.take(end - self._place)[: max(0, RECORD_LIMIT - len(raw))]
            if skipping.found:
                break
            if not self._more() and self._place >= len(self._text):
                self.closed = skipping.in_text and raw.rstrip().endswith("}]")
                break
        self.resumed = skipping.resumed
        return raw.rstrip().removesuffix(",") if skipping.resumed else raw.rstrip()

    def _column(self) -> int:
        """Characters before the place on its line."""
        newline = self._text.rfind("\n", 0, self._place)
        return self._place - newline - 1 + (self._indent if newline < 0 else 0)

    def _more(self) -> bool:
        if self._drained:
            return False
        # Twice as much each time, so that a long element is not looked at again and again.
        block = self._stream.read(max(_READ, len(self._text) - self._place))
        self._drained = not block
        self._indent = self._column()
        self._text = self._text[self._place :] + block
        self._place = 0
        return bool(block)
