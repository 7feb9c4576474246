"""Whatever is dropped, the reader ends with a result that balances or with an error that rejects the run."""

from __future__ import annotations

import bz2
import gzip
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
import pytest
from hypothesis import HealthCheck, example, given
from hypothesis import strategies as st

from bench.damaged import Damaged, damaged_files, other_files, ours, score
from listrak_relay.errors import ConfigurationError, FileRejectedError, RetryableError
from tests.support.examples import examples, thinned
from tests.support.files.audience_files import read_file
from tests.support.files.packed import ONE, encrypted, tarred, zipped
from tests.support.files.workbook import workbook

STARTS = [
    b"",
    b"email,n\n",
    b"\xef\xbb\xbfemail;n\r\n",
    b"\xff\xfe",
    b"\xfe\xff",
    b"[{",
    b'{"email":',
    b'[{"email": "a@example.com"},',
    b"PAR1",
    b"PK\x03\x04",
    b"PK\x05\x06",
    b"\x1f\x8b\x08\x00",
    b"BZh9",
    b"\x28\xb5\x2f\xfd",
    b"\xd0\xcf\x11\xe0",
    b"\xc1\x8c\x03",
    b"-----BEGIN PGP MESSAGE-----\n\n",
    b"sep=\n",
    b"email\\,'\"",
]

WHOLE = [
    gzip.compress(ONE * 20),
    bz2.compress(ONE * 20),
    zipped(("a.csv", ONE), ("b.csv", ONE)),
    tarred(("a.csv", ONE), ("b.csv", ONE)),
    tarred(("a.csv", ONE), mode="w:gz"),
    workbook([["email", "n"], ["a@example.com", 1]]),
    encrypted(ONE, armor=False),
    ONE * 20,
]


def parquet() -> bytes:
    with TemporaryDirectory() as folder, duckdb.connect() as session:
        path = Path(folder) / "x"
        rows = "SELECT 'a@example.com' AS email, range AS n FROM range(50)"
        session.execute(f"COPY ({rows}) TO '{path}' (FORMAT parquet)")
        return path.read_bytes()


def read_anything(body: bytes) -> None:
    # `read_file` checks that every row is accounted for.
    with TemporaryDirectory() as folder, suppress(FileRejectedError, ConfigurationError, RetryableError):
        read_file(Path(folder), body)


@examples(40, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(STARTS), st.binary(max_size=300))
@example(b"", b"\x8e\x00\x00\x00")
def test_bytes_of_any_kind_end_in_a_result_or_a_rejection(start: bytes, rest: bytes) -> None:
    read_anything(start + rest)


@examples(40)
@given(st.sampled_from(STARTS), st.text(alphabet=",;\t|\"'\\\n\r{}[]:@ae.\0é", max_size=120))
def test_text_of_signs_ends_in_a_result_or_a_rejection(start: bytes, rest: str) -> None:
    read_anything(start + rest.encode())


@examples(40)
@given(
    st.sampled_from([*WHOLE, parquet()]),
    st.floats(min_value=0, max_value=1),
    st.binary(max_size=4),
    st.sampled_from([None, 0, 1, 3]),
)
def test_a_packed_file_cut_or_changed_anywhere_ends_in_a_result_or_a_rejection(
    whole: bytes, place: float, noise: bytes, kept: int | None
) -> None:
    at = int(place * len(whole))
    read_anything(whole[:at] + noise + (b"" if kept is None else whole[at + kept :]))


CASES = list(damaged_files())
OTHERS = list(other_files())


@pytest.mark.parametrize("kind", sorted({case.kind for case in CASES}))
def test_with_one_fault_in_a_file_each_other_row_arrives_and_the_damaged_one_is_named(kind: str) -> None:
    wrong = [case.body for case in thinned([case for case in CASES if case.kind == kind]) if not _right(case)]

    assert not wrong, f"{len(wrong)} files, first: {wrong[0]!r}"


@pytest.mark.parametrize("kind", sorted({case.kind for case in OTHERS}))
def test_a_sound_file_written_in_another_way_arrives_whole(kind: str) -> None:
    wrong = [case.body for case in OTHERS if case.kind == kind and not _right(case)]

    assert not wrong, f"{len(wrong)} files, first: {wrong[0]!r}"


def _right(case: Damaged) -> bool:
    _, wrong, told = score(case, ours(case.body))
    return told and not wrong
