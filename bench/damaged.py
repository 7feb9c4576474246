"""How many rows of damaged files each reader gets right, after the kinds of fault of the Pollock benchmark.

A sound file is written, one fault is put into one row of it, and every reader gets the result. A row that was not
touched is right when it arrives unchanged; the damaged one is right when it is turned away by name and not delivered as
if nothing were wrong with it.

    python -m bench.damaged
"""

from __future__ import annotations

import csv
import io
import random
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from listrak_relay.adapters.duckdb_reader import DuckDbAudienceReader
from listrak_relay.domain.audience import Action
from listrak_relay.domain.destinations import BUILT_IN, ColumnRole, ColumnRule, DataTemplate
from listrak_relay.domain.file_rules import FileRules
from listrak_relay.domain.runs import DroppedFile
from listrak_relay.ports import LocalFile

HEADER = ["email", "first", "note", "city"]
_NOTES = ["plain", "a, b", 'say "hi"', "", "two\nlines", "Zoë"]
_TEXT = DataTemplate("text", {name: ColumnRule(ColumnRole.FIELD, type="text") for name in HEADER[1:]})


@dataclass(frozen=True, slots=True)
class Damaged:
    """``rows``: those that must arrive unchanged, by email address. ``broken``: email address of the damaged one."""

    kind: str
    body: bytes
    rows: dict[str, list[str]]
    broken: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """``rows``: delivered, by email address. ``named``: whether damage was reported at all."""

    rows: dict[str, list[str]]
    named: bool


def sound_rows(count: int, chance: random.Random) -> list[list[str]]:
    return [
        [f"p{n}@example.com", f"Ana {n}", chance.choice(_NOTES), chance.choice(["Oslo", "Rome, Italy", "Bonn"])]
        for n in range(count)
    ]


def record(row: list[str], end: str = "\n", *, quoted: bool = True) -> str:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator=end, quoting=csv.QUOTE_ALL if quoted else csv.QUOTE_MINIMAL).writerow(row)
    return text.getvalue()


def faults(row: list[str], end: str, *, quoted: bool) -> Iterator[tuple[str, str]]:
    """Kind of fault, and the row with it: one for every place where such a fault can be."""
    text = record(row, end, quoted=quoted)
    fields = [record([value], "", quoted=quoted) for value in row]
    for place in range(len(row) + 1):
        yield "row length: field too many", ",".join([*fields[:place], "extra", *fields[place:]]) + end
    for place in range(len(row)):
        yield "row length: field missing", ",".join(fields[:place] + fields[place + 1 :]) + end
    for place in range(1, len(row)):
        before, after = ",".join(fields[:place]), ",".join(fields[place:])
        yield "delimiter: missing", before + after + end
        yield "delimiter: another", f"{before};{after}{end}"
        yield "delimiter: doubled", f"{before},,{after}{end}"
        yield "terminator: in the row", before + end + after + end
    places = [place for place, sign in enumerate(text) if sign == '"']
    for place in places:
        yield "quote: missing", text[:place] + text[place + 1 :]
    for place in range(len(text) - len(end)):
        yield "quote: one too many", text[:place] + '"' + text[place:]
    yield "bytes: NUL", text[:3] + "\0" + text[3:]
    yield "bytes: no text", text[:3] + "\udcff" + text[3:]


def damaged_files(seed: int = 1, rows: int = 60) -> Iterator[Damaged]:
    """Files with one fault each, over line ends and ways of quoting."""
    chance = random.Random(seed)
    for end in ("\n", "\r\n"):
        for quoted in (True, False):
            whole = sound_rows(rows, chance)
            place = rows // 2
            head = record(HEADER, end, quoted=quoted)
            written = [record(row, end, quoted=quoted) for row in whole]
            others = {row[0]: row for n, row in enumerate(whole) if n != place}
            for kind, line in faults(whole[place], end, quoted=quoted):
                if is_sound(line, whole[place]):
                    continue
                body = head + "".join([*written[:place], line, *written[place + 1 :]])
                yield Damaged(kind, body.encode("utf-8", "surrogateescape"), others, whole[place][0])


def is_sound(line: str, row: list[str]) -> bool:
    """A quote too many can make another, sound row: one in a quoted value beside another is an escaped one."""
    if "\0" in line or "\udcff" in line:
        return False
    try:
        found = list(csv.reader(io.StringIO(line, newline=""), strict=True))
    except csv.Error:
        return False
    if len(found) != 1 or len(found[0]) != len(row):
        return False
    return line in (record(found[0], end, quoted=q) for end in ("\n", "\r\n") for q in (True, False))


def ours(body: bytes) -> Outcome:
    with TemporaryDirectory() as folder:
        path, out = Path(folder) / "people.csv", Path(folder) / "out"
        path.write_bytes(body)
        reader = DuckDbAudienceReader(
            max_chunk_bytes=10**7, one_by_one_rows=10, sms_chunk_rows=10, memory_limit_mb=256, threads=1
        )
        source = DroppedFile("drop", "email/vip/people.csv", "v1", len(body), "2026-01-31T00:00:00Z")
        destination = replace(BUILT_IN["email"], data_template=_TEXT, file=FileRules(max_damaged_percent=100))
        result = reader.read([LocalFile(source.key, path)], source, destination, "vip", out)
        found: dict[str, list[str]] = {}
        for chunk in result.chunks:
            assert chunk.action is Action.SUBSCRIBE
            with chunk.path.open(encoding="utf-8", newline="") as stream:
                found |= {row[0]: row[:-1] for row in csv.reader(stream)}  # the last one is the audience mark
        # Line breaks inside values become spaces on purpose.
        return Outcome(found, bool(result.rejected))


def csv_module(body: bytes) -> Outcome:
    text = io.StringIO(body.decode("utf-8", "replace"), newline="")
    found: dict[str, list[str]] = {}
    try:
        for row in csv.DictReader(text):
            found[str(row["email"])] = [str(row[name]) for name in HEADER]
    except csv.Error:
        return Outcome(found, named=True)
    return Outcome(found, named=False)


def duckdb_defaults(body: bytes) -> Outcome:
    with TemporaryDirectory() as folder, duckdb.connect() as session:
        path = Path(folder) / "people.csv"
        path.write_bytes(body)
        try:
            rows = session.execute(f"SELECT * FROM '{path}'").fetchall()
        except duckdb.Error:
            return Outcome({}, named=True)
    return Outcome({str(row[0]): ["" if v is None else str(v) for v in row] for row in rows}, named=False)


def pandas_defaults(body: bytes) -> Outcome | None:
    """None: pandas is not installed."""
    try:
        import pandas as pd  # noqa: PLC0415 - only compared with, where it is there
    except ImportError:
        return None
    try:
        frame = pd.read_csv(io.BytesIO(body), dtype=str, keep_default_na=False)
    except (ValueError, pd.errors.ParserError):
        return Outcome({}, named=True)
    return Outcome({str(row[0]): [str(v) for v in row] for row in frame.itertuples(index=False)}, named=False)


READERS: dict[str, Callable[[bytes], Outcome | None]] = {
    "ours": ours,
    "csv module": csv_module,
    "pandas": pandas_defaults,
    "DuckDB": duckdb_defaults,
}


def score(case: Damaged, outcome: Outcome) -> tuple[int, int, bool]:
    """Rows right, rows wrong or lost, whether the damaged row was kept from being delivered as if it were sound."""
    right = sum(flat(outcome.rows.get(email, [])) == flat(row) for email, row in case.rows.items())
    return right, len(case.rows) - right, outcome.named and case.broken not in outcome.rows


def flat(row: list[str]) -> list[str]:
    return [" ".join(value.split()) for value in row]


def run() -> None:
    cases = list(damaged_files())
    print(f"{len(cases)} files of 60 rows with one fault each\n")
    print(f"{'reader':12} {'untouched rows right':>22} {'damaged row named':>18} {'whole file right':>17}")
    for name, read in READERS.items():
        rows = Counter[str]()
        worst = Counter[str]()
        for case in cases:
            outcome = read(case.body)
            if outcome is None:
                break
            right, wrong, named = score(case, outcome)
            rows.update(right=right, wrong=wrong, named=named, whole=named and not wrong)
            if wrong or not named:
                worst[case.kind] += 1
        if not rows:
            print(f"{name:12} {'not installed':>22}")
            continue
        share = rows["right"] / (rows["right"] + rows["wrong"])
        print(f"{name:12} {share:>21.1%} {rows['named'] / len(cases):>18.1%} {rows['whole'] / len(cases):>17.1%}")
        if worst:
            print(f"{'':12} files not right: " + ", ".join(f"{kind} {n}" for kind, n in worst.most_common()))


if __name__ == "__main__":
    run()
