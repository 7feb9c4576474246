"""How much a dropped file may unpack to."""

from __future__ import annotations

from dataclasses import dataclass

from listrak_relay.domain.reading.bombs import check_ratio
from listrak_relay.errors import FileTooLargeError


@dataclass(frozen=True, slots=True)
class UnpackLimits:
    """In bytes. ``unpacked``: of all that one drop holds, and of the values of a Parquet file. ``workbook``: of the
    sheets of an Excel file, which are read in memory."""

    unpacked: int
    workbook: int = 500_000_000


@dataclass(slots=True)
class UnpackedBytes:
    """Counts what is taken out of the files of one drop. ``packed``: bytes of these files. ``written``: of what was in
    them, so far."""

    limits: UnpackLimits
    packed: int = 0
    written: int = 0

    @property
    def left(self) -> int:
        return self.limits.unpacked - self.written

    def add(self, size: int, file: str) -> None:
        """Before ``size`` bytes more are written. ``file``: the drop key, for messages.

        Raises:
            FileTooLargeError: there would be more than the limit.
            FileRejectedError: there would be more than any file of people has (code ``archive_bomb``).
        """
        self.written += size
        if self.left < 0:
            raise FileTooLargeError(
                f"{file}: unpacked it has more than {self.limits.unpacked:,} bytes; drop smaller files, or raise the "
                "stack's setting IngestTmpMb",
            )
        check_ratio(file, self.packed, self.written)
