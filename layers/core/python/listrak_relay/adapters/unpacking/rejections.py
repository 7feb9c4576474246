"""What a file is refused with whose layers cannot be taken off."""

from __future__ import annotations

import lzma
import struct
import tarfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from errno import EINVAL

from listrak_relay.adapters.unpacking.compressed import READ_ERRORS, ZSTD_WINDOW, is_window_too_large
from listrak_relay.domain.reading.no_room import is_full, too_large
from listrak_relay.errors import FileRejectedError

_DAMAGE = (
    *READ_ERRORS,
    zipfile.BadZipFile,
    tarfile.TarError,
    lzma.LZMAError,
    RuntimeError,
    ValueError,
    OverflowError,
    struct.error,
)
"""RuntimeError: what `zipfile` raises for a password."""


@contextmanager
def as_rejection(file: str) -> Iterator[None]:
    """What reading a damaged layer raises becomes FileRejectedError; ``file`` is the drop key."""
    try:
        yield
    except EOFError:
        raise FileRejectedError(
            "file_truncated", f"{file}: the file breaks off, so rows are missing; drop it again, whole"
        ) from None
    except NotImplementedError:
        raise FileRejectedError(
            "archive_method",
            f"{file}: the zip file is packed by a method that is not read, or locked by a password; pack it by Deflate "
            "and without password",
        ) from None
    except _DAMAGE as error:
        raise _damaged(file, error) from None
    except OSError as error:
        if is_full(error):
            raise too_large(file) from None
        # bz2 gives no number; a zip file's wrong offsets lead to places that cannot be.
        if error.errno in (None, EINVAL):
            raise _damaged(file, error) from None
        raise


def document(file: str, kind: str) -> FileRejectedError:
    """``kind``: in words."""
    return FileRejectedError(
        "format_unsupported", f"{file}: this is {kind}, which is not read; save it as .xlsx, or as CSV in UTF-8"
    )


def nested(file: str) -> FileRejectedError:
    return FileRejectedError(
        "archive_nested",
        f"{file}: an archive, a compressed or an encrypted file lies within another of its kind; pack the files once",
    )


def _damaged(file: str, error: Exception) -> FileRejectedError:
    if is_window_too_large(error):
        return FileRejectedError(
            "archive_method",
            f"{file}: the zstd file takes more than {ZSTD_WINDOW >> 20} MB of memory to unpack; pack it without "
            "--long or --ultra",
        )
    return FileRejectedError("archive_damaged", f"{file}: the file cannot be unpacked, it is damaged; drop it again")
