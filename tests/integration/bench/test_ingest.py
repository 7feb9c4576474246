"""The parts of `bench.ingest`, on a few hundred rows, so that the measurement works when it is wanted."""

import importlib.util
from collections.abc import Callable
from pathlib import Path

import pytest

from bench.ingest.bars import Bar, bars
from bench.ingest.comparison import STAGES, Line, check_written, compare, results_table, stages_of, stages_table
from bench.ingest.files import Format, make_csv, make_from_csv
from bench.ingest.measuring import Measured, NotMeasured, measure
from bench.ingest.object_server import client_of, serving
from bench.ingest.readers import CSV_AND_JSON, ONLY_READ, OURS, READERS, Done, Task, reads, scan
from listrak_relay.adapters.aws.s3_objects import S3DropStore
from listrak_relay.domain.destinations.choices import Channel
from listrak_relay.domain.run.runs import DroppedFile

ROWS = 400
LIBRARIES = {"pandas": "pandas", "polars": "polars"}
"""Reader → what it needs beyond what is installed for tests."""


@pytest.fixture(scope="module")
def people(tmp_path_factory: pytest.TempPathFactory) -> dict[Format, Path]:
    folder = tmp_path_factory.mktemp("people")
    paths = {Format.CSV: folder / "people.csv"}
    make_csv(paths[Format.CSV], ROWS)
    for format_, name in ((Format.GZIP, "people.csv.gz"), (Format.PARQUET, "people.parquet")):
        paths[format_] = folder / name
        make_from_csv(paths[Format.CSV], format_, paths[format_])
    return paths


@pytest.fixture(scope="module")
def lines(people: dict[Format, Path]) -> list[Line]:
    found = []
    for format_, path in people.items():
        measured = compare([name for name in READERS if reads(name, format_)], path, format_, 1)
        found += [Line(format_, ROWS, path.stat().st_size, name, measured.get(name)) for name in READERS]
    return found


def installed(reader: str) -> bool:
    return reader not in LIBRARIES or importlib.util.find_spec(LIBRARIES[reader]) is not None


def test_every_reader_that_is_installed_reads_every_format(lines: list[Line]) -> None:
    for line in lines:
        if not installed(line.reader):
            assert line.measured == NotMeasured("not installed")
        elif (line.reader, line.format) == (CSV_AND_JSON, Format.PARQUET):
            assert line.measured is None
        else:
            assert isinstance(line.measured, Measured)
            assert line.measured.done.rows == ROWS if line.reader in ONLY_READ else 0 < line.measured.done.rows < ROWS


def test_readers_that_do_the_same_work_come_to_the_same_rows(lines: list[Line]) -> None:
    check_written(lines)


def test_a_reader_that_loses_a_row_is_found_out(lines: list[Line]) -> None:
    loser = next(line for line in lines if line.reader == CSV_AND_JSON)
    lost = Line(loser.format, ROWS, loser.size, loser.reader, Measured(1.0, 1.0, Done(ROWS - 1)))

    with pytest.raises(RuntimeError, match=f"{ROWS - 1} rows of CSV instead of {ROWS}"):
        check_written([*lines, lost])


def test_the_stages_add_up_to_the_time_of_ours(lines: list[Line]) -> None:
    for line in lines:
        if line.reader == OURS:
            assert isinstance(line.measured, Measured)
            spent = stages_of(line.measured)
            assert list(spent) == [*STAGES, "the rest"]
            assert sum(spent.values()) == pytest.approx(line.measured.seconds)


def test_the_tables_have_a_row_for_each_measurement(lines: list[Line]) -> None:
    assert results_table(lines).row_count == len(Format) * len(READERS)
    assert stages_table(lines).row_count == len(Format)


def test_numbers_for_sms_are_measured_too(tmp_path: Path) -> None:
    make_csv(tmp_path / "people.csv", ROWS, Channel.SMS)

    measured = compare([OURS], tmp_path / "people.csv", Format.CSV, 1, Channel.SMS)[OURS]

    assert isinstance(measured, Measured)
    assert 0 < measured.done.rows < ROWS


def test_a_reader_that_takes_too_much_memory_is_ended(people: dict[Format, Path], tmp_path: Path) -> None:
    measured = measure(_hoard, Task(people[Format.CSV], Format.CSV, tmp_path), 300)

    assert measured == NotMeasured("more than 300 MB of memory")


def _hoard(task: Task) -> Callable[[], Done]:
    def work() -> Done:
        hoard = []
        while True:
            hoard.append(bytearray(b"x" * 10_000_000))

    return work


def test_a_reader_that_fails_does_not_end_the_others(people: dict[Format, Path], tmp_path: Path) -> None:
    measured = measure(scan, Task(tmp_path / "missing.csv", Format.CSV, tmp_path))

    assert measured == NotMeasured("ended without an answer")


def test_the_bucket_gives_the_file_in_ranges(people: dict[Format, Path], tmp_path: Path) -> None:
    path = people[Format.CSV]
    source = DroppedFile("drop", "email/bench/people.csv", "1", path.stat().st_size, "2026-01-31T00:00:00Z")
    with serving(path) as address:
        S3DropStore(client_of(address)).download(source, tmp_path / "part", 100, 900)

    assert (tmp_path / "part").read_bytes() == path.read_bytes()[100:900]


@pytest.mark.parametrize(
    ("small", "small_csv", "large", "peak", "held"),
    [
        (1.0, 2.5, 11.0, 1_499.0, [True, True, True]),
        (1.0, 2.4, 11.0, 1_499.0, [False, True, True]),
        (1.0, 2.5, 11.1, 1_499.0, [True, False, True]),
        (1.0, 2.5, 11.0, 1_500.0, [True, True, False]),
        (None, 2.5, 11.0, None, [False, False, False]),
    ],
)
def test_a_bar_holds_by_its_figure(
    small: float | None, small_csv: float, large: float, peak: float | None, held: list[bool]
) -> None:
    found: list[Bar] = bars(small, small_csv, large, [peak] if peak else [], 1_000_000)

    assert [bar.held for bar in found] == held
