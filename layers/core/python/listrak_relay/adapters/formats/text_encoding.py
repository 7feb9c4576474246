"""Finds the encoding of a text file and brings it into UTF-8. What is no text in it stays damaged, and so is named."""

from __future__ import annotations

import codecs
from pathlib import Path

from listrak_relay.adapters.formats.kinds import START_BYTES
from listrak_relay.domain.destinations.file_rules import FileEncoding
from listrak_relay.domain.reading.encodings import EncodingEvidence

_BLOCK = 1 << 22
_LINE = 1 << 20

UTF_8_MARK = "UTF-8 with byte order mark"
NAMES = {
    FileEncoding.UTF_8: "UTF-8",
    FileEncoding.UTF_16: "UTF-16",
    FileEncoding.WINDOWS_1252: "Windows-1252",
    FileEncoding.LATIN_1: "Latin-1",
}
"""As they stand in the report."""


def find_encoding(path: Path) -> FileEncoding:
    """UTF-16 is known by its byte order mark or by NUL bytes at every other place; for the others see
    `EncodingEvidence`."""
    with path.open("rb") as stream:
        start = stream.read(START_BYTES)
    if is_utf_16(start):
        return FileEncoding.UTF_16
    return evidence_of(path).encoding


def codec_of(encoding: FileEncoding, start: bytes) -> str:
    """Python's name for the encoding of a text that begins with ``start``; of UTF-16 with its byte order, so that it
    fits any part of the text. A mark then stays a character."""
    return _byte_order(start) if encoding is FileEncoding.UTF_16 else encoding.codec


def errors_of(codec: str) -> str:
    """How Python is to treat what is no text in the encoding, so that it can be written again as it was."""
    return "surrogatepass" if codec.startswith("utf-16") else "surrogateescape"


def to_utf_8(path: Path, codec: str, target: Path) -> None:
    """Write ``path`` as UTF-8. Bytes that mean nothing in its encoding become bytes that are no UTF-8."""
    errors = errors_of(codec)
    with path.open("rb") as stream, target.open("wb") as out:
        decoder = codecs.getincrementaldecoder(codec)(errors=errors)
        while block := stream.read(_BLOCK):
            out.write(decoder.decode(block).encode("utf-8", errors))
        if decoder.getstate()[0]:
            out.write(b"\xff")  # half a character at the end


def is_utf_16(start: bytes) -> bool:
    """Whether a text begins so."""
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return True
    pairs = len(start) // 2
    if not pairs:
        return False
    nul = [start[place : 2 * pairs : 2].count(0) for place in (0, 1)]
    # Text of Latin letters and signs, as every header has: one half of each pair is NUL, the other never.
    return min(nul) == 0 and max(nul) > pairs * 0.8 and pairs > 1


def _byte_order(start: bytes) -> str:
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16-le" if start.startswith(codecs.BOM_UTF16_LE) else "utf-16-be"
    return "utf-16-be" if start[0::2].count(0) > start[1::2].count(0) else "utf-16-le"


def evidence_of(path: Path) -> EncodingEvidence:
    """What the lines of a text that is not UTF-16 tell, up to where they are conclusive."""
    sound = broken = 0
    found: set[int] = set()
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
                else:
                    broken += 1
                    found.update(byte for byte in line if byte > 0x7F)  # noqa: PLR2004 - ASCII ends there
            if EncodingEvidence(sound, broken).conclusive:
                break
    return EncodingEvidence(sound, broken, tuple(sorted(found)))


def _is_utf_8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True
