"""A file for which one function has not the memory or the disk."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from errno import EDQUOT, EFBIG, ENOSPC

from listrak_relay.errors import NoRoomError

_FULL = (ENOSPC, EDQUOT, EFBIG)
"""The disk is full, one's share of it is, or a file is as large as this process may make one."""


def too_large(file: str) -> NoRoomError:
    """``file``: the drop key."""
    return NoRoomError(
        f"{file}: reading the file takes more memory or disk than the function has; drop smaller files, or raise the "
        "stack's settings IngestMemoryMb and IngestTmpMb"
    )


def is_full(error: OSError) -> bool:
    """Whether it says that there is no room for what was to be written."""
    return error.errno in _FULL or (error.errno is None and tells_of_full_disk(str(error)))


def tells_of_full_disk(text: str) -> bool:
    """Libraries that are not written in Python give no number, but the words of the system."""
    return any(os.strerror(number) in text for number in _FULL)


@contextmanager
def refusing_without_room(file: str) -> Iterator[None]:
    """``file``: the drop key.

    Raises:
        NoRoomError: the work takes more memory or disk than there is.
    """
    try:
        yield
    except MemoryError:
        raise too_large(file) from None
    except OSError as error:
        if not is_full(error):
            raise
        raise too_large(file) from None
