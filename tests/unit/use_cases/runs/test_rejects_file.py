"""The rejects of a run: parts that may be written again, and the files that are made of them."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listrak_relay.domain.run import work_keys as keys
from listrak_relay.domain.run.manifest import Action, Chunk, Part
from listrak_relay.domain.run.rejects import Reject, RejectOutcome
from listrak_relay.errors import RetryableError
from listrak_relay.use_cases.runs.rejects_file import RejectsFile, values_section
from tests.support.fakes import FakeObjectStore

RUN = "email-0123456789abcdef"
FILES = (Part("email/vip/a.csv", 0),)
HEADER = "row,outcome,reason,column,detail,record"


def rejected(*rows: int, outcome: RejectOutcome = RejectOutcome.REJECTED) -> list[Reject]:
    return [Reject(row, outcome, "made_up") for row in rows]


def chunk(chunk_id: str, action: Action = Action.SUBSCRIBE) -> Chunk:
    return Chunk(chunk_id, action, "", "", 1, 1, "")


def merged(store: FakeObjectStore, chunks: Sequence[Chunk] = (), files: Sequence[Part] = FILES) -> list[list[str]]:
    RejectsFile(store).merge(RUN, chunks, files)
    text = store.objects[keys.rejects_key(RUN)].decode()
    return list(csv.reader(io.StringIO(text, newline="")))[1:]


class OpenedStore(FakeObjectStore):
    """``most``: how many objects were open at once."""

    def __init__(self) -> None:
        super().__init__()
        self.open_now = self.most = 0

    def open(self, key: str, first: int = 0) -> io.BytesIO:
        self.open_now += 1
        self.most = max(self.most, self.open_now)
        store, body = self, self.objects[key]

        class Counted(io.BytesIO):
            def close(self) -> None:
                if not self.closed:
                    store.open_now -= 1
                super().close()

        return Counted(body[first:])


def test_a_part_is_replaced_by_the_next_write() -> None:
    store = FakeObjectStore()
    rejects = RejectsFile(store)
    rejects.write(RUN, "subscribe-0001", rejected(2))

    lines = (
        Reject(row, RejectOutcome.REJECTED, "email_invalid", "E-Mail", "write it as name@domain", '=1+1,"ü\n')
        for row in (7, 9)
    )
    assert rejects.write(RUN, "subscribe-0001", lines) == 2

    assert store.objects[keys.rejects_section_key(RUN, "subscribe-0001")].decode() == (
        HEADER
        + '\n7,rejected,email_invalid,E-Mail,write it as name@domain,"=1+1,""ü\n"'
        + '\n9,rejected,email_invalid,E-Mail,write it as name@domain,"=1+1,""ü\n"\n'
    )


def test_no_part_is_left_where_nothing_was_turned_away() -> None:
    store = FakeObjectStore()
    rejects = RejectsFile(store)
    rejects.write(RUN, "subscribe-0001", rejected(2))

    assert rejects.write(RUN, "subscribe-0001", []) == 0
    assert rejects.write(RUN, "never-there", []) == 0

    assert store.keys("runs/") == []


def test_a_write_that_breaks_off_leaves_the_part_as_it_was() -> None:
    store = FakeObjectStore()
    RejectsFile(store).write(RUN, "part", [Reject(2, RejectOutcome.REFUSED, "banned")])

    def broken() -> Iterator[Reject]:
        yield Reject(2, RejectOutcome.REFUSED, "suppressed")
        raise RetryableError("Listrak is away")

    with pytest.raises(RetryableError):
        RejectsFile(store).write(RUN, "part", broken())

    assert b"banned" in store.objects[keys.rejects_section_key(RUN, "part")]


def test_rows_come_out_in_the_order_of_the_file_with_their_place_in_it() -> None:
    store = FakeObjectStore()
    rejects = RejectsFile(store)
    chunks = [chunk("subscribe-0001"), chunk("update-0001", Action.UPDATE), chunk("subscribe-0002")]
    rejects.write(RUN, "ingest", rejected(3, 11))
    rejects.write(RUN, "subscribe-0001", rejected(2, 9))
    rejects.write(RUN, values_section("subscribe-0001"), rejected(5))
    rejects.write(RUN, "subscribe-0002", rejected(12))
    rejects.write(RUN, "update-0001", rejected(4, 13, outcome=RejectOutcome.SKIPPED))

    rows = merged(store, chunks, (Part("a.csv", 0), Part("b.csv", 8)))

    assert [(int(row[0]), row[-1]) for row in rows] == [
        *((row, "a.csv") for row in (2, 3, 5)),
        *((row, "b.csv") for row in (1, 3, 4)),
    ]
    skipped = store.objects[keys.skipped_key(RUN)].decode().splitlines()
    assert skipped == [f"{HEADER},file", "4,skipped,made_up,,,,a.csv", "5,skipped,made_up,,,,b.csv"]


def test_files_without_a_row_have_their_header() -> None:
    store = FakeObjectStore()

    assert merged(store) == []
    assert store.objects[keys.skipped_key(RUN)].decode() == f"{HEADER},file\n"


@given(st.lists(st.integers(1, 9), min_size=1, max_size=400))
def test_of_any_number_of_chunks_only_a_few_parts_are_open_at_once(sizes: list[int]) -> None:
    store = OpenedStore()
    row, chunks, expected = 1, [], []
    for place, size in enumerate(sizes):
        chunks.append(chunk(f"subscribe-0001-r{place + 1:05d}"))
        rows = [row := row + 1 for _ in range(size)]
        RejectsFile(store).write(RUN, chunks[-1].chunk_id, rejected(*rows))
        expected += rows

    assert [int(found[0]) for found in merged(store, chunks)] == expected
    assert (store.most, store.open_now) == (1, 0)


def test_a_record_may_be_as_long_as_files_may_have_it() -> None:
    store = FakeObjectStore()
    record = '"' * 999_000
    RejectsFile(store).write(RUN, "part", [Reject(2, RejectOutcome.REJECTED, "email_invalid", record=record)])

    assert [row[5] for row in merged(store)] == [record]


def test_the_rejects_of_ranges_have_the_row_numbers_of_the_run() -> None:
    store = FakeObjectStore()
    for number in (1, 2):
        store.put(keys.range_damaged_key(RUN, number), f"{HEADER}\n2,rejected,x,,,\n3,rejected,x,,,\n".encode(), "")

    RejectsFile(store).join_ranges(RUN, [(keys.range_damaged_key(RUN, 1), 0), (keys.range_damaged_key(RUN, 2), 10)])

    assert [row[0] for row in merged(store)] == ["2", "3", "12", "13"]


def test_the_same_parts_give_the_same_files() -> None:
    store = FakeObjectStore()
    for part, rows in (("ingest", (2, 4)), ("feed", (2, 3)), ("other", (4,))):
        RejectsFile(store).write(RUN, part, rejected(*rows))
    first = merged(store)

    assert merged(store) == first
