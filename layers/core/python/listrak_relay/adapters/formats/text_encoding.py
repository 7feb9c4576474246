"""Finds the encoding of a text file and brings it into UTF-8. What is no text in it stays damaged, and so is named."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path

from listrak_relay.adapters.formats.code_pages import other_code_pages
from listrak_relay.adapters.formats.kinds import START_BYTES, is_wide
from listrak_relay.domain.destinations.encodings import UTF_16, WINDOWS_1252
from listrak_relay.domain.reading.encodings import EncodingEvidence

_BLOCK = 1 << 22
_LINE = 1 << 20
_WORDS = 2_000
"""Different ones; more would not change what is thought of them."""

_RUNS = 300
"""Of characters beyond ASCII, by which a text that was written twice is known."""

_PARTED = re.compile(rb"[\x00-\x2c;|\t\"<>]+")
"""What is between words, whatever the encoding."""

_BEYOND_ASCII = re.compile(rb"[\x80-\xff]{2,}")

UTF_8_MARK = "UTF-8 with byte order mark"


def find_encoding(path: Path, file: str) -> str:
    """Python's name of the codec. UTF-16 is known by its byte order mark or by NUL bytes at every other place; for the
    others see `EncodingEvidence`. ``file``: the drop key.

    Raises:
        FileRejectedError: the text reads as another code page (code ``encoding_unknown``).
    """
    with path.open("rb") as stream:
        start = stream.read(START_BYTES)
    if is_wide(start):
        return UTF_16
    return evidence_of(path).encoding(file)


def codec_of(encoding: str, start: bytes) -> str:
    """The codec for a text that begins with ``start``; of UTF-16 with its byte order, so that it fits any part of the
    text. A mark then stays a character."""
    return _byte_order(start) if encoding == UTF_16 else encoding


_DAMAGED = "damaged-bytes"
_NO_TEXT = "\udcff"
_ASCII_END = 0x7F
_BYTE_END = 0xFF


def _damaged(error: UnicodeError) -> tuple[str, int]:
    """Each byte that is no text as `surrogateescape` has it, which leaves those of ASCII out: in encodings of several
    bytes they may be damaged too."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    damaged = error.object[error.start : error.end]
    return "".join(chr(0xDC00 + byte) if byte > _ASCII_END else _NO_TEXT for byte in damaged), error.end


codecs.register_error(_DAMAGED, _damaged)


def errors_of(codec: str) -> str:
    """How Python is to treat what is no text in the encoding, so that it becomes bytes that are no UTF-8."""
    return "surrogatepass" if codec.startswith("utf-16") else _DAMAGED


def to_utf_8(path: Path, codec: str, target: Path) -> None:
    """Write ``path`` as UTF-8. Bytes that mean nothing in its encoding become bytes that are no UTF-8."""
    errors = errors_of(codec)
    written_errors = "surrogatepass" if errors == "surrogatepass" else "surrogateescape"
    with path.open("rb") as stream, target.open("wb") as out:
        decoder = codecs.getincrementaldecoder(codec)(errors=errors)
        while block := stream.read(_BLOCK):
            out.write(decoder.decode(block).encode("utf-8", written_errors))
        if decoder.getstate()[0]:
            out.write(b"\xff")  # half a character at the end


def _byte_order(start: bytes) -> str:
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16-le" if start.startswith(codecs.BOM_UTF16_LE) else "utf-16-be"
    return "utf-16-be" if start[0::2].count(0) > start[1::2].count(0) else "utf-16-le"


def evidence_of(path: Path) -> EncodingEvidence:
    """What the lines of a text that is not UTF-16 tell, up to where they are conclusive."""
    sound = broken = once = twice = 0
    found: set[int] = set()
    words: dict[bytes, None] = {}
    with path.open("rb") as stream:
        while block := stream.read(_BLOCK):
            if block.isascii():
                continue
            block += stream.readline(_LINE)
            for line in [block] if _is_utf_8(block) else block.splitlines():
                if line.isascii():
                    continue
                if _is_utf_8(line):
                    sound += 1
                    if once + twice < _RUNS:
                        written = [_was_utf_8(text) for text in islice(_runs(line), _RUNS)]
                        once, twice = once + written.count(False), twice + written.count(True)
                else:
                    broken += 1
                    found.update(byte for byte in line if byte > _ASCII_END)
                    if len(words) < _WORDS:
                        words.update(dict.fromkeys(word for word in _PARTED.split(line) if not word.isascii()))
            if EncodingEvidence(sound, broken).conclusive:
                break
    evidence = EncodingEvidence(sound, broken, tuple(sorted(found)), once=once, twice=twice)
    if not evidence.one_byte_each:
        return evidence
    others = other_code_pages(words)
    return replace(evidence, others=others, undefined=not _means_something(words))


def _means_something(words: Iterable[bytes]) -> bool:
    """Whether each byte does in Windows-1252."""
    try:
        b"\n".join(words).decode(WINDOWS_1252)
    except UnicodeDecodeError:
        return False
    return True


def _runs(text: bytes) -> Iterator[str]:
    """Of characters beyond ASCII, without a byte order mark."""
    runs = (run.group() for run in _BEYOND_ASCII.finditer(text.removeprefix(codecs.BOM_UTF8)))
    return (run.decode() for run in runs)


def _was_utf_8(text: str) -> bool:
    """Whether the characters are those that Windows-1252 has for UTF-8. For bytes that mean nothing there, programs
    take the control characters of the same numbers."""
    try:
        return _is_utf_8(b"".join(char.encode(WINDOWS_1252 if ord(char) > _BYTE_END else "latin-1") for char in text))
    except UnicodeEncodeError:
        return False


def _is_utf_8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True
