"""A window on a JSON text: one value after the other, in constant memory, and damage that is passed over."""

from __future__ import annotations

import json
from typing import Any, TextIO

from listrak_relay.adapters.formats.json_skipping import Skipping, spaces_at
from listrak_relay.adapters.formats.records import NOT_JSON, RECORD_LIMIT, TOO_LARGE

_READ = 1 << 16
_SPLIT = 32
"""Characters. The longest word or escape of JSON that the end of a window can cut in two is shorter."""


class Number(str):
    """The digits of a number, as they are written."""

    __slots__ = ()


def _constant(name: str) -> Number | None:
    """What Python writes beyond JSON. NaN, which many programs write for no value, is no value; what is infinite is
    left to the field that it goes to."""
    return None if name == "NaN" else Number(name)


class KeyTwice(dict[str, Any]):
    """An object that has two values under one key; it keeps the last."""

    __slots__ = ()


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) == len(pairs) or all(found[key] == value for key, value in pairs):
        return found
    return KeyTwice(found)


DECODER = json.JSONDecoder(parse_float=Number, parse_int=Number, parse_constant=_constant, object_pairs_hook=_object)
"""Numbers keep the digits they are written with."""

Piece = tuple[int, Any, str, "str | None"]
"""Row number, value, text, damage."""


class JsonTape:
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
