"""Which encoding a text is in, told by its lines with more than ASCII."""

from __future__ import annotations

from dataclasses import dataclass

from listrak_relay.domain.destinations.file_rules import FileEncoding

_ENOUGH = 1_000
_FEWEST = 3
"""Lines. A byte or two that are no UTF-8 in an otherwise plain file are damage rather than another encoding."""

_UNDEFINED = frozenset(b"\x81\x8d\x8f\x90\x9d")
_UNLIKELY = frozenset(b"\xff\xad\x7f")


@dataclass(frozen=True, slots=True)
class EncodingEvidence:
    """Lines with more than ASCII: ``sound`` are UTF-8, ``broken`` are not. ``odd_bytes``: those above 127 in them."""

    sound: int = 0
    broken: int = 0
    odd_bytes: tuple[int, ...] = ()

    def __add__(self, other: EncodingEvidence) -> EncodingEvidence:
        odd_bytes = tuple(sorted({*self.odd_bytes, *other.odd_bytes}))
        return EncodingEvidence(self.sound + other.sound, self.broken + other.broken, odd_bytes)

    @property
    def conclusive(self) -> bool:
        """More of the text would not change what is decided."""
        return self.sound + self.broken > _ENOUGH or (self.sound > 0 and not self.broken)

    @property
    def encoding(self) -> FileEncoding:
        """UTF-8 is what has at least one character of several bytes, or nothing but ASCII. Windows-1252 is what is
        neither, in at least three lines; Latin-1, if it has bytes that mean nothing there."""
        found = set(self.odd_bytes)
        if self.broken < _FEWEST or self.sound * 10 > self.broken or found & _UNLIKELY:
            return FileEncoding.UTF_8
        return FileEncoding.LATIN_1 if found & _UNDEFINED else FileEncoding.WINDOWS_1252
