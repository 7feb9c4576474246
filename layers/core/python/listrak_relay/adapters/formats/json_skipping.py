"""Finds where a damaged element of a JSON array ends."""

from __future__ import annotations

import re

_SPACE = re.compile(r"[\s\ufeff]*")
_SIGN = re.compile(r'\\.?|["{}\[\],\n]', re.DOTALL)
_OBJECT = re.compile(r'\{\s*"')
_TAIL = 64
"""Characters at the end of a window that are looked at with the next one, for what may be cut in two there."""


def spaces_at(text: str, place: int) -> int:
    """The place behind the white space at ``place``."""
    found = _SPACE.match(text, place)
    return found.end() if found else place


class Skipping:
    """Looks through a damaged element, window by window. It ends where the brackets that it opened are closed, before
    a comma or bracket of the array, or where another object begins: one behind a comma or on a line of its own, that
    does not lie inside the damaged one, as far as brackets and indentation tell. A text that is not closed ends with
    its line.

    ``column``: of the element's first character on its line. ``found``: the end was found; ``resumed``: because another
    object begins there. ``in_text``: the quotes so far leave a text open.
    """

    def __init__(self, column: int) -> None:
        self.found = self.resumed = self.in_text = False
        self._indent = column
        self._column = column
        self._open: list[str] = []
        self._last = ""
        self._new_line = False
        self._begun = False
        self._escaped = False

    def scan(self, text: str, place: int, *, ended: bool) -> int:
        """How far the element goes in this window from ``place`` on. ``ended``: no window comes after it."""
        limit = len(text) if ended else max(place, len(text) - _TAIL)
        before = place
        if self._escaped and before < limit:
            before += 1
            self._escaped = False
        for match in _SIGN.finditer(text, before, limit):
            sign, start = match[0], match.start()
            if text[before:start].strip():
                self._last, self._new_line, self._begun = "x", False, True
            self._column += match.end() - before
            before = match.end()
            if self._is_next_object(text, start, self._column - 1 if sign == "{" else 0):
                self.found = self.resumed = True
                return start
            end = self._take(sign, start)
            if end is not None:
                self.found = True
                return end
        self._column += limit - before
        return limit

    def _is_next_object(self, text: str, start: int, column: int) -> bool:
        if text[start] != "{" or not self._begun or not _OBJECT.match(text, start):
            return False
        if self._last != "," and not (self._new_line and self._last not in (":", "[")):
            return False
        return self.in_text or len(self._open) <= 1 or (self._new_line and column <= self._indent)

    def _take(self, sign: str, start: int) -> int | None:
        """The place where the element ends, if it does."""
        first, self._begun = not self._begun, True
        if sign == "\n":
            # No text of JSON has a line break in it.
            self.in_text, self._new_line, self._column = False, True, 0
            self._begun = not first
            return None
        self._escaped = sign == "\\"
        self._last, self._new_line = sign[0], False
        if sign == '"':
            self.in_text = not self.in_text
        elif sign[0] == "\\" or self.in_text:
            return None
        elif sign in "{[":
            self._open.append(sign)
        elif sign == ",":
            return None if self._open or first else start
        else:
            return self._close(sign, start, first=first)
        return None

    def _close(self, sign: str, start: int, *, first: bool) -> int | None:
        opening = "{" if sign == "}" else "["
        if opening in self._open:
            while self._open.pop() != opening:
                pass
            return None if self._open else start + 1
        # A bracket that nothing in the element opened: that of the array, unless the element begins with it.
        return start if sign == "]" and not first else None
