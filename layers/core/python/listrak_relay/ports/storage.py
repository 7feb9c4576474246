"""Buckets: what is dropped, and what is worked on."""

from __future__ import annotations

from contextlib import AbstractContextManager
from pathlib import Path
from typing import BinaryIO, Protocol

from listrak_relay.domain.run.runs import DroppedFile
from listrak_relay.file_slices import FileSlice


class ObjectStore(Protocol):
    """The WorkBucket: text and files by key. A write replaces the whole object or nothing."""

    def open(self, key: str, first: int = 0) -> BinaryIO:
        """A stream over the object from byte ``first`` on, read once to its end.

        Raises:
            FileNotFoundError: no such object.
            RetryableError: storage is throttling or not reachable.
        """
        ...

    def download(self, key: str, path: Path) -> None:
        """Write the object to ``path`` by parallel ranges. Raises as `open` does."""
        ...

    def put(self, key: str, body: bytes, content_type: str) -> None:
        """Write an object of these bytes."""
        ...

    def put_file(self, key: str, path: Path, content_type: str) -> None:
        """Write an object of a file's content."""
        ...

    def put_slice(self, key: str, part: FileSlice, content_type: str) -> None:
        """Write an object of a slice of a file, without reading the file's rest."""
        ...

    def writing(self, key: str, content_type: str) -> AbstractContextManager[BinaryIO]:
        """A stream whose bytes are the object when the block has ended, in constant memory however many they are.
        Nothing is written if the block raises."""
        ...

    def delete(self, key: str) -> None:
        """Nothing happens if there is no such object."""
        ...

    def size(self, key: str) -> int:
        """Bytes. Raises FileNotFoundError."""
        ...

    def keys(self, prefix: str) -> list[str]:
        """In lexical order."""
        ...


class DropStore(Protocol):
    """The DropBucket, read only, always the pinned version."""

    def download(self, source: DroppedFile, path: Path, first: int = 0, end: int | None = None) -> None:
        """Write bytes ``first`` up to ``end`` (None: all) of the pinned version to ``path`` by parallel ranges.

        Raises:
            FileRejectedError: the version is gone (code ``file_gone``).
            RetryableError: storage is throttling or not reachable.
        """
        ...

    def open(self, source: DroppedFile, first: int = 0, end: int | None = None) -> BinaryIO:
        """A stream over the same bytes, read once from start to end. Raises as `download` does."""
        ...

    def modified(self, source: DroppedFile) -> float:
        """When the version was written (S3's LastModified), in epoch seconds. Raises as `download` does."""
        ...

    def folder(self, marker: DroppedFile) -> list[DroppedFile]:
        """Every object that lies in the marker's folder or below it, the marker too, in order of key, each in its
        newest version.

        Raises:
            RetryableError: storage is throttling or not reachable.
        """
        ...
