"""Which encoding a text is in, told by its lines with more than ASCII."""

from __future__ import annotations

from dataclasses import dataclass

from listrak_relay.domain.destinations.encodings import UTF_8, WINDOWS_1252
from listrak_relay.errors import FileRejectedError

_ENOUGH = 1_000
_FEWEST = 3
"""Lines. A byte or two that are no UTF-8 in an otherwise plain file are damage rather than another encoding."""

_UNLIKELY = frozenset(b"\xff\xad\x7f")


@dataclass(frozen=True, slots=True)
class EncodingEvidence:
    """Lines with more than ASCII: ``sound`` are UTF-8, ``broken`` are not. ``odd_bytes``: those above 127 in them.
    ``others``: encodings that the words in them are likelier in than in Windows-1252; ``undefined``: they have bytes
    that mean nothing there. ``twice``: characters beyond ASCII, or several together, that are UTF-8 written as UTF-8
    once more; ``once``: that are not."""

    sound: int = 0
    broken: int = 0
    odd_bytes: tuple[int, ...] = ()
    others: tuple[str, ...] = ()
    undefined: bool = False
    once: int = 0
    twice: int = 0

    def __add__(self, other: EncodingEvidence) -> EncodingEvidence:
        odd_bytes = tuple(sorted({*self.odd_bytes, *other.odd_bytes}))
        return EncodingEvidence(
            self.sound + other.sound,
            self.broken + other.broken,
            odd_bytes,
            tuple(dict.fromkeys((*self.others, *other.others))),
            self.undefined or other.undefined,
            self.once + other.once,
            self.twice + other.twice,
        )

    @property
    def conclusive(self) -> bool:
        """More of the text would not change what is decided."""
        return self.sound + self.broken > _ENOUGH or (self.sound > 0 and not self.broken)

    @property
    def one_byte_each(self) -> bool:
        """Too much of it is no UTF-8 to be damage."""
        return self.broken >= _FEWEST and self.sound * 10 <= self.broken

    def encoding(self, file: str) -> str:
        """UTF-8 is what has at least one character of several bytes, or nothing but ASCII. Windows-1252 is what is
        neither, in at least three lines, and reads as such. ``file``: the drop key.

        Raises:
            FileRejectedError: it reads as another code page, or was written twice (code ``encoding_unknown``).
        """
        if not self.one_byte_each:
            self.check_once(file)
            return UTF_8
        if self.others or self.undefined:
            raise _unknown(file, self.others, undefined=self.undefined)
        return UTF_8 if set(self.odd_bytes) & _UNLIKELY else WINDOWS_1252

    def check_once(self, file: str) -> None:
        """Raises FileRejectedError (``encoding_unknown``): nearly all that is more than ASCII was written as UTF-8
        twice."""
        if self.twice >= _FEWEST and self.once * _TWICE_OF <= self.twice:
            raise FileRejectedError(
                "encoding_unknown",
                f"{file}: the text is UTF-8 that was taken for Windows-1252 and written as UTF-8 once more, so that é "
                "stands there as Ã©. Export it again as UTF-8 and open it in no other program; or, if it is meant so, "
                "say encoding: utf-8 under file of the destination",
            )


_NAMED = 4
_TWICE_OF = 9


def _unknown(file: str, others: tuple[str, ...], *, undefined: bool) -> FileRejectedError:
    why = "has bytes that mean nothing in Windows-1252" if undefined else "does not read as Windows-1252"
    likely = f"; it is likely {' or '.join(others[:_NAMED])}" if others else ""
    example = others[0] if others else "windows-1250"
    return FileRejectedError(
        "encoding_unknown",
        f"{file}: the text is no UTF-8 and {why}{likely}. Save the file as UTF-8, or name its encoding under "
        f"file.encoding of the destination, such as encoding: {example}",
    )
