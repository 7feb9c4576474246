"""Parts of local files, read as if they were files of their own."""

from __future__ import annotations

import os
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given
from hypothesis import strategies as st

from listrak_relay.file_slices import FileSlice, whole_file


@st.composite
def slices(draw: st.DrawFn) -> tuple[bytes, int, int]:
    body = draw(st.binary(max_size=60))
    first = draw(st.integers(0, len(body)))
    return body, first, draw(st.integers(first, len(body)))


positions = st.tuples(st.integers(0, 70), st.sampled_from([os.SEEK_SET, os.SEEK_CUR, os.SEEK_END]))


@given(slices(), st.lists(positions, max_size=9))
def test_a_slice_reads_as_a_file_of_its_bytes_does(found: tuple[bytes, int, int], steps: list[tuple[int, int]]) -> None:
    body, first, end = found
    with TemporaryDirectory() as folder:
        path, alone = Path(folder) / "whole", Path(folder) / "alone"
        path.write_bytes(body)
        alone.write_bytes(body[first:end])

        part = FileSlice(path, first, end)

        assert part.size == end - first
        with part.open() as stream, alone.open("rb") as wanted:
            assert stream.readline() == wanted.readline()
            for position, origin in steps:
                offset = position - {os.SEEK_SET: 0, os.SEEK_CUR: wanted.tell(), os.SEEK_END: part.size}[origin]
                assert stream.seek(offset, origin) == wanted.seek(offset, origin) == position
                assert stream.read(7) == wanted.read(7)
            assert stream.read() == wanted.read()


def test_the_whole_of_a_file_is_a_slice_too(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"everything")

    assert whole_file(path) == FileSlice(path, 0, 10)
