"""Copies an S3 object, or a range of it, to the disk: a large one over several connections at once."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from listrak_relay.adapters.aws.s3_stream import READ_BUFFER, S3Stream, S3Version
from listrak_relay.domain.reading.no_room import refusing_without_room

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

PART_SIZE = 16 * 2**20  # AWS advises ranges of 8 to 16 MB
CONNECTIONS = 8  # about 85 MB/s each at AWS, so a function's network is filled; under botocore's pool of 10


def copy_stream(stream: BinaryIO, key: str, path: Path) -> None:
    """Write what ``stream`` has to ``path``, which is not left there half written. ``key``: of the object.

    Raises FileTooLargeError: there is no room for it.
    """
    with _written_whole(path, key) as file:
        shutil.copyfileobj(stream, file, READ_BUFFER)


def copy_parallel(
    client: S3Client,
    found: S3Version,
    path: Path,
    first: int,
    end: int,
    sleep: Callable[[float], None] = time.sleep,
) -> None:
    """Write bytes ``first`` up to ``end`` to ``path``, which is not left there half written. All parts are asked for
    with one ETag, so that they are of one object.

    Raises:
        FileTooLargeError: there is no room for it.
        RetryableError: S3 stays unreachable, or the object was replaced meanwhile.
    """

    def copy_part(start: int, file: int) -> None:
        position = start
        with S3Stream(client, found, start, min(start + PART_SIZE, end), sleep) as stream:
            while block := stream.read(READ_BUFFER):
                position += os.pwrite(file, block, position - first)

    with _written_whole(path, found.key) as file, ThreadPoolExecutor(CONNECTIONS) as threads:
        parts = [threads.submit(copy_part, start, file.fileno()) for start in range(first, end, PART_SIZE)]
        try:
            for part in parts:
                part.result()
        finally:
            threads.shutdown(cancel_futures=True)


@contextmanager
def _written_whole(path: Path, key: str) -> Iterator[BinaryIO]:
    """The file, which goes again where the work on it fails."""
    try:
        with refusing_without_room(key), path.open("wb") as file:
            yield file
    except BaseException:
        path.unlink(missing_ok=True)
        raise
