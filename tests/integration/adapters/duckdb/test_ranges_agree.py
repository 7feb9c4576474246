"""A file read in ranges gives the rows, rejects, duplicates, columns and counts that it gives when it is read whole."""

from __future__ import annotations

import csv
import gzip
import io
import json
from collections.abc import Mapping
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listrak_relay.domain.destinations.data_template import ColumnRole, ColumnRule, DataTemplate
from listrak_relay.domain.destinations.file_rules import FileRules
from listrak_relay.domain.reading.ranges import MAX_ROUNDS
from listrak_relay.domain.run import work_keys as keys
from listrak_relay.domain.run.runs import RunStatus
from listrak_relay.messages import CloseRun
from listrak_relay.ports.time import TimeLeft
from listrak_relay.use_cases.ingest_ranges import NextStep
from tests.support.examples import examples
from tests.support.fakes import Script
from tests.support.files.audience_files import EMAIL, SMS
from tests.support.files.range_files import Ranges, Result, read_in_ranges, read_whole
from tests.support.runs.relay import Killed

LENIENT = replace(EMAIL, file=FileRules(max_damaged_percent=100), max_rejected_percent=100)
HEADER = ["email", "points", "day", "note", "opt_in"]

NOTES = ["plain", "a, b", 'say "hi"', "", "two\nlines", "Zoë", "x\r\ny", 'a\n"b"\nc@example.com,1,2,3,yes', "  sp "]


def table(rows: list[list[str]], end: str = "\n") -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator=end, quoting=csv.QUOTE_ALL).writerows([HEADER, *rows])
    return text.getvalue().encode()


def person(number: int, note: str = "plain", points: str = "7", day: str = "2026-01-05") -> list[str]:
    return [f"p{number}@example.com", points, day, note, "yes" if number % 3 else "no"]


def agree(files: bytes | Mapping[str, bytes], range_bytes: int, **values: object) -> tuple[Result, Ranges]:
    destination = replace(LENIENT, **values)  # type: ignore[arg-type]
    whole = read_whole(files, destination)
    found, ranges = read_in_ranges(files, range_bytes, destination)
    assert found == whole
    assert sum(map(len, (found.rows, found.rejects, found.duplicates))) == found.rows_read or found.refused
    return found, ranges


ROWS = st.lists(
    st.builds(
        person,
        st.integers(0, 12),
        st.sampled_from(NOTES),
        st.sampled_from(["1", "2.5", "7", "x", ""]),
        st.sampled_from(["2026-01-05", "12/31/2025", "soon"]),
    ),
    min_size=6,
    max_size=30,
)
DAMAGE = st.lists(
    st.tuples(
        st.floats(0, 1), st.sampled_from([b'"', b'"', b"\n", b",", b"\xff", b"\0", b"\r", b'""', b' "']), st.booleans()
    ),
    max_size=4,
)


@examples(10)
@given(ROWS, DAMAGE, st.sampled_from(["\n", "\r\n", "\r"]), st.integers(2, 5), st.booleans())
def test_a_file_read_in_ranges_gives_what_it_gives_when_read_whole(
    rows: list[list[str]], damage: list[tuple[float, bytes, bool]], end: str, count: int, packed: bool
) -> None:
    body = table(rows, end)
    for share, noise, instead in damage:
        place = int(share * len(body))
        body = body[:place] + noise + body[place + instead :]
    range_bytes = max(20, len(body) // count) // 2 * 2

    agree(gzip.compress(body, 0) if packed else body, range_bytes)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "cp1252", "latin-1"])
def test_in_any_encoding(encoding: str) -> None:
    body = table([person(n, "é\nü") for n in range(60)], "\r\n").decode().encode(encoding)

    found, ranges = agree(body, 500)

    assert len(found.rows) == 60
    assert len(ranges.plan.ranges) > 3


@pytest.mark.parametrize("encoding", ["shift_jis", "gb18030", "cp949", "cp1251", "mac-roman"])
def test_in_an_encoding_that_is_named(encoding: str) -> None:
    note = {"cp1251": "Иван", "mac-roman": "José", "cp949": "김철수"}.get(encoding, "田中ソ表")
    body = table([person(n, note) for n in range(60)]).decode().encode(encoding)

    found, ranges = agree(body, 500, file=FileRules(encoding=encoding))

    assert {values[3] for _, values in found.rows.values() if len(values) > 1} == {note}
    assert len(ranges.plan.ranges) > 3


def test_an_encoding_without_lines_of_its_own_is_read_whole() -> None:
    body = table([person(n, "Zoë") for n in range(60)]).decode().encode("utf-7")

    found, ranges = agree(body, 500, file=FileRules(encoding="utf-7"))

    assert len(found.rows) == 60
    assert len(ranges.plan.ranges) == 1


def test_another_code_page_that_shows_only_far_into_the_file_refuses_all_of_it() -> None:
    plain = [person(n) for n in range(200)]
    body = table([*plain, *(person(200 + n, "Łukasz Wałęsa") for n in range(5))]).decode().encode("cp1250")

    found, _ = read_in_ranges(body, 4_000, LENIENT, head_bytes=5_000)

    assert found == read_whole(body, LENIENT)
    assert found.refused == "encoding_unknown"


def test_parts_are_read_by_one_dialect_whole_and_in_ranges() -> None:
    header = "email,points,day,note,opt_in\n"
    plain = "".join(f'p{n}@example.com,1,2026-01-05,"C:\\\\x, y",yes\n' for n in range(40))
    odd = "".join(f'q{n}@example.com,1,2026-01-05,"say \\"hi\\"",yes\n' for n in range(40))
    files = {"email/vip/a.csv": (header + plain).encode(), "email/vip/b.csv": (header + odd).encode()}

    for range_bytes in (600, 5_000):
        found, _ = agree(files, range_bytes)
        assert {values[3] for _, values in found.rows.values()} == {"C:\\x, y", 'say "hi"'}


def test_an_encoding_that_shows_only_far_into_the_file_is_that_of_the_whole_file() -> None:
    plain = [person(n) for n in range(200)]
    body = table([*plain, *(person(200 + n, "é") for n in range(5))]).decode().encode("cp1252")

    found, ranges = read_in_ranges(body, 4_000, LENIENT, head_bytes=5_000)

    assert found == read_whole(body, LENIENT)
    assert found.rejects == []
    assert found.rows[204][1][3] == "é"
    assert [step for step, _ in ranges.taken].count("read") == 2


def test_a_column_of_json_that_comes_late_is_a_column_of_the_whole_file() -> None:
    lines = [{"email": f"p{n}@example.com", "n": n} for n in range(40)]
    lines += [{"email": f"p{n}@example.com", "late": "x", "n": n} for n in range(40, 50)]
    body = "".join(json.dumps(line) + "\n" for line in lines).encode()

    found, ranges = agree(body, 400)

    assert [column.name for column in found.columns] == ["n", "late"]
    assert ranges.taken[1] == ("read", len(ranges.plan.ranges))
    assert ranges.taken[3] == ("read", len(ranges.plan.ranges) - 1), "one has all columns, in the order of the file"


def test_dates_are_dates_only_if_those_of_every_range_are() -> None:
    days = ["2026-01-05"] * 40
    body = table([person(n, day=day) for n, day in enumerate([*days, "soon", *days])])

    found, ranges = agree(body, 600)

    assert found.rows[3][1][2] == "2026-01-05"
    assert [step for step, _ in ranges.taken].count("write") == 2
    unlike = ranges.taken[-2][1]
    assert unlike == len(ranges.plan.ranges) - 1, "the range with the odd value was right the first time"


def test_duplicates_are_found_across_ranges_and_the_last_row_stays() -> None:
    body = table([person(n % 10, f"row {n}") for n in range(60)])

    found, _ = agree(body, 400)

    assert min(found.rows) == 52
    assert len(found.duplicates) == 50


def test_contact_keys_are_found_to_be_the_same_in_any_number_of_partitions() -> None:
    body = table([person(n % 10, f"row {n}") for n in range(60)])
    ranges = Ranges({"email/vip/people.csv": body}, LENIENT, range_bytes=400)
    first = ranges.steps.cut(ranges.run_id, lambda: 900.0)
    plan = json.loads(ranges.store.objects[keys.range_layout_key(ranges.run_id)]) | {"partitions": 7}
    ranges.store.objects[keys.range_layout_key(ranges.run_id)] = json.dumps(plan).encode()
    for number in json.loads(ranges.store.objects[first.todo]):
        ranges.steps.read(ranges.run_id, number)

    step = ranges.steps.join(ranges.run_id)
    for number in json.loads(ranges.store.objects[step.todo]):
        ranges.steps.write(ranges.run_id, number)
    ranges.steps.finish(ranges.run_id)

    assert ranges.result() == read_whole(body, LENIENT)


def test_texts_are_read_in_ranges_too() -> None:
    body = b"phone,opt_in\n" + b"".join(b"(717) 555-%04d,yes\n" % (n % 40) for n in range(100))

    whole, (found, _) = read_whole(body, SMS), read_in_ranges(body, 300, SMS)

    assert found == whole
    assert len(found.rows) == 40


def test_parts_of_any_kind_and_size_are_one_run_with_row_numbers_of_their_own() -> None:
    files = {
        "email/vip/f/1.csv": table([person(n) for n in range(50)]),
        "email/vip/f/2.csv.gz": gzip.compress(table([person(n) for n in range(30, 60)])),
        "email/vip/f/3.csv": b"note,day,points,opt_in,email\nn,2026-01-01,1,yes,last@example.com\nbroken\n",
    }

    found, ranges = agree(files, 600)

    assert [part.name for part in found.parts] == list(files)
    assert found.parts[1].offset == 51
    assert found.rejects[-1][0] == str(found.parts[2].offset + 3)
    assert len(ranges.plan.ranges) > 5


def test_a_data_template_holds_in_every_range() -> None:
    template = DataTemplate(
        "t", {"day": ColumnRule(ColumnRole.FIELD, "Day", "date", "%Y-%m-%d"), "points": ColumnRule(ColumnRole.IGNORE)}
    )
    body = table([person(n, day="2026-01-05" if n % 7 else "never") for n in range(60)])

    found, _ = agree(body, 500, data_template=template)

    assert found.reasons == {"value_not_date": len(found.rejects)}
    assert len(found.rows) + len(found.rejects) == 60


def test_too_many_damaged_rows_over_all_ranges_stop_the_run_and_are_all_named() -> None:
    lines = table([person(n) for n in range(60)]).splitlines(keepends=True)
    for place in (5, 20, 35, 50):
        lines[place] = b"broken\n"
    destination = replace(EMAIL, file=FileRules(max_damaged_percent=5))

    whole = read_whole(b"".join(lines), destination)
    found, _ = read_in_ranges(b"".join(lines), 500, destination)

    assert found == whole
    assert found.refused == "file_damaged"
    assert [row[0] for row in found.rejects] == ["6", "21", "36", "51"]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (table([["x"] * 5] * 60).replace(b'"email"', b'"mail_of"', 1), "no_email_column"),
        (b"\n" * 500, "file_empty"),
        (gzip.compress(table([person(n) for n in range(500)]), 0)[:-40], "file_truncated"),
    ],
)
def test_a_file_that_cannot_be_used_ends_as_rejected(body: bytes, code: str) -> None:
    ranges = Ranges({"email/vip/people.csv": body}, LENIENT, range_bytes=400)

    ranges.run()

    assert ranges.result().refused == code == read_whole(body, LENIENT).refused
    assert ranges.close_queue.messages == [CloseRun(ranges.run_id)]
    assert ranges.queue.messages == []


def test_a_file_that_is_gone_by_the_time_a_range_is_read_ends_as_rejected() -> None:
    ranges = Ranges({"email/vip/people.csv": table([person(n) for n in range(60)])}, EMAIL, range_bytes=400)
    first = ranges.steps.cut(ranges.run_id, lambda: 900.0)
    ranges.drops.remove(ranges.source)
    for number in json.loads(ranges.store.objects[first.todo]):
        ranges.steps.read(ranges.run_id, number)

    ranges.steps.join(ranges.run_id)

    assert ranges.result().refused == "file_gone"


def test_a_cut_within_a_value_is_undone_when_the_range_before_it_shows_it() -> None:
    note = "\n".join(f"p{n}@example.com,1,2026-01-05,x,yes" for n in range(40))
    body = table([person(1), person(2, note), *(person(n) for n in range(3, 40))])

    found, ranges = agree(body, 300)

    assert len(found.rows) == 39
    assert [step for step, _ in ranges.taken].count("read") > 1


def test_a_cut_within_the_last_value_of_the_file_is_undone_too() -> None:
    notes = [*["two\nlines"] * 24, "a,b\nc,d,e\n"]
    rows = [["email", "note", "city"], *([f"p{n}@example.com", note, "Oslo"] for n, note in enumerate(notes))]
    body = "".join(",".join(f'"{value}"' for value in row) + "\n" for row in rows).encode()

    for size in range(len(body) // 6 - 6, len(body) // 6 + 6, 3):
        found, _ = agree(body, size)
        assert len(found.rows) == 25


def test_a_step_that_dies_at_any_call_is_taken_again_and_gives_the_same() -> None:
    body = table([person(n % 25, NOTES[n % len(NOTES)]) for n in range(60)])
    ranges = Ranges({"email/vip/people.csv": body}, LENIENT, range_bytes=2_000)
    take = ranges.steps.take
    died: set[str] = set()

    def with_crashes(step: str, run_id: str, number: int, time_left: TimeLeft) -> NextStep | None:
        """It dies at each of its calls in turn, before and after that takes effect by turns, and then comes through."""
        for count, (port, call) in enumerate(CALLS):
            script = Script()
            script.fail(call, Killed(), after=(count + number) % 2 == 0)
            getattr(ranges, port).script = script
            try:
                take(step, run_id, number, time_left)
            except Killed:
                died.add(step)
            getattr(ranges, port).script = Script()
        return take(step, run_id, number, time_left)

    ranges.take = with_crashes
    ranges.run()

    assert ranges.result() == read_whole(body, LENIENT)
    assert ranges.ledger.get_run(ranges.run_id).rows_read == 60
    assert died == {"cut", "read", "join", "write", "finish"}


CALLS = [
    *(("store", call) for call in ("put", "put_file", "put_slice", "open", "download")),
    ("drops", "download"),
    ("ledger", "record_ingest"),
    ("ledger", "mark_dispatched"),
    ("queue", "send"),
]


def test_a_run_that_is_given_up_says_so_and_is_closed() -> None:
    ranges = Ranges({"email/vip/people.csv": b"email\n"}, EMAIL, range_bytes=400)

    assert ranges.steps.take("give_up", ranges.run_id, 0, lambda: 900.0) is None

    assert ranges.close_queue.messages == [CloseRun(ranges.run_id, given_up=True)]
    run = ranges.ledger.get_run(ranges.run_id)
    assert (run.problem_code, run.status) == ("never_read", RunStatus.INGESTING)


def test_what_the_steps_leave_outside_the_encrypted_chunks_holds_no_contact() -> None:
    body = table([person(n, "Secret Note") for n in range(60)])

    _, ranges = agree(body, 500)

    told = b"".join(body for key, body in ranges.store.objects.items() if "/ranges/" in key and key.startswith("runs/"))
    assert b"@example.com" not in told
    assert b"Secret" not in told
    assert ranges.plan.round < MAX_ROUNDS
