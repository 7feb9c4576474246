"""Cutting a file of rows into chunks."""

from __future__ import annotations

import hashlib
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listrak_relay.adapters.duckdb.writing.chunk_files import ActionFile, ChunkCutter, ChunkLimits, ChunkSizes
from listrak_relay.domain.destinations.choices import UnknownOptOuts
from listrak_relay.domain.destinations.destinations import EmailDestination
from listrak_relay.domain.run.manifest import Action
from listrak_relay.errors import ConfigurationError
from listrak_relay.ports.reading import LocalChunk
from tests.support.files.slices import content_of


def cut(folder: Path, lines: list[str], limits: ChunkLimits, action: Action = Action.SUBSCRIBE) -> list[LocalChunk]:
    whole, rows = folder / "subscribe.csv", folder / "subscribe.rows"
    whole.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8", newline="")
    rows.write_text("".join(f"{n}\n" for n in range(2, len(lines) + 2)), newline="")
    return ChunkCutter(limits).cut(ActionFile(action, whole, rows, len(lines)))


@given(
    st.lists(st.text(alphabet="aé,", max_size=30), min_size=1, max_size=60),
    st.integers(min_value=62, max_value=400),
    st.none() | st.integers(min_value=1, max_value=9),
)
def test_chunks_keep_to_the_limits_and_together_are_the_file(lines: list[str], size: int, rows: int | None) -> None:
    with TemporaryDirectory() as folder:
        chunks = cut(Path(folder), lines, ChunkLimits(size, rows))

        assert b"".join(content_of(c.content) for c in chunks).decode() == "".join(f"{line}\n" for line in lines)
        numbers = [int(n) for c in chunks for n in content_of(c.row_numbers).split()]
        assert numbers == list(range(2, len(lines) + 2))
        for chunk in chunks:
            body = content_of(chunk.content)
            assert 0 < chunk.content.size == len(body) <= size
            assert chunk.rows == body.count(b"\n") == len(content_of(chunk.row_numbers).split())
            assert chunk.sha256 == hashlib.sha256(body).hexdigest()
            assert rows is None or chunk.rows <= rows


def test_chunks_are_numbered_and_about_equal_so_that_none_is_left_with_a_handful(tmp_path: Path) -> None:
    chunks = cut(tmp_path, ["x" * 9] * 101, ChunkLimits(1_000))

    assert [c.chunk_id for c in chunks] == ["subscribe-0001", "subscribe-0002"]
    assert min(c.rows for c in chunks) >= 50


def test_each_of_many_row_numbers_goes_to_the_chunk_of_its_row(tmp_path: Path) -> None:
    chunks = cut(tmp_path, [f"row {n}" for n in range(2, 12_002)], ChunkLimits(1_000_000, 3_333))

    assert [c.rows for c in chunks] == [3_333, 3_333, 3_333, 2_001]
    for chunk in chunks:
        numbers = content_of(chunk.row_numbers).decode().splitlines()
        assert content_of(chunk.content).decode().splitlines() == [f"row {n}" for n in numbers]


def test_a_row_larger_than_a_chunk_names_the_setting(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="MAX_CHUNK_BYTES") as caught:
        cut(tmp_path, ["ok", "x" * 100], ChunkLimits(50))

    assert caught.value.code == "chunk_size_too_small"


def test_those_who_opt_out_have_a_number_of_rows_of_their_own(tmp_path: Path) -> None:
    lines = ["x" * 9] * 100
    limits = ChunkSizes(max_bytes=10_000, one_by_one_rows=30, sms_rows=5).limits_for(
        EmailDestination("email", unknown_opt_outs=UnknownOptOuts.RECORD)
    )

    assert len(cut(tmp_path, lines, limits)) == 1
    assert [chunk.rows for chunk in cut(tmp_path, lines, limits, Action.UNSUBSCRIBE)] == [30, 30, 30, 10]
