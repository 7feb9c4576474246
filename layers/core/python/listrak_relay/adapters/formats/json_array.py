"""The elements of one JSON array, one after the other, in constant memory; what lies between sound ones is named."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum
from typing import TextIO

from listrak_relay.adapters.formats.json_tape import JsonTape, Piece
from listrak_relay.adapters.formats.records import NOT_JSON
from listrak_relay.errors import FileRejectedError

DESCRIPTION = "meta"
"""The key under which ClickHouse describes the columns, by a list of objects that are no rows."""


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
    tape = JsonTape(stream)
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
    tape = JsonTape(stream)
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
    tape = JsonTape(stream)
    row = 0
    while tape.next_sign():
        row += 1
        before = tape.moved
        yield tape.element(row)
        if tape.moved == before:
            tape.take(1)


def _elements(tape: JsonTape, file: str, *, inside: bool = False) -> Iterator[Piece]:
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


def _element(tape: JsonTape, row: int, sign: str, state: _State) -> tuple[Piece, _State]:
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
