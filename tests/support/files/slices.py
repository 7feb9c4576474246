"""What is in a part of a file."""

from __future__ import annotations

from listrak_relay.file_slices import FileSlice


def content_of(part: FileSlice) -> bytes:
    with part.open() as stream:
        return stream.read()
