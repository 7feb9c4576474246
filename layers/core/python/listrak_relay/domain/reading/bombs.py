"""Packed files that unpack to more than any file of people does."""

from __future__ import annotations

from listrak_relay.errors import FileRejectedError

MOST_RATIO = 250
"""Times its size that a packed file may unpack to. Rows of people differ, and those of `make bench` come to four times;
what is above it is one row again and again, or a bomb."""

RATIO_FROM = 100_000_000
"""Bytes that any file may unpack to: a small one of equal rows passes the ratio and does no harm."""


def check_ratio(file: str, packed: int, unpacked: int) -> None:
    """``file``: the drop key. ``packed`` and ``unpacked``: bytes so far.

    Raises:
        FileRejectedError: code ``archive_bomb``.
    """
    if unpacked > max(RATIO_FROM, MOST_RATIO * packed):
        raise FileRejectedError(
            "archive_bomb",
            f"{file}: unpacked it has more than {MOST_RATIO} times its size, as no file of people has; drop it "
            "unpacked if it is sound",
        )
