"""How many rows of damaged files each reader gets right, after the kinds of fault of the Pollock benchmark.

A sound file is written in some dialect. Either one fault is put into one row of it, at every place where such a fault
can be; or the file as a whole is written in another way. A row that was not touched is right when it arrives unchanged;
a damaged one is right when it is turned away by name and not delivered as if nothing were wrong with it.

    python -m bench.damaged
"""

from __future__ import annotations

import csv
import io
import random
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from bench.ingest.defaults import default_audience_reader
from listrak_relay.domain.destinations.data_template import ColumnRole, ColumnRule, DataTemplate
from listrak_relay.domain.destinations.destinations import EmailDestination
from listrak_relay.domain.destinations.file_rules import FileRules
from listrak_relay.domain.run.manifest import Action
from listrak_relay.domain.run.runs import DroppedFile
from listrak_relay.ports.reading import LocalFile

HEADER = ["email", "first", "note", "city"]
_NOTES = ["plain", "a{d} b", "say {q}hi{q}", "", "two\nlines", "Zoë", "{q}all{q}"]
_CITIES = ["Oslo", "Rome{d} Italy", "Bonn"]
_TEXT = DataTemplate("text", {name: ColumnRule(ColumnRole.FIELD, type="text") for name in HEADER[1:]})
_OTHER_DELIMITERS = {",": ";", ";": ",", "\t": ",", "|": ","}


@dataclass(frozen=True, slots=True)
class Style:
    """How a file is written. ``quoted``: every value, else those that need it. ``order``: of the columns."""

    delimiter: str = ","
    quote: str = '"'
    escape: str | None = None
    end: str = "\n"
    quoted: bool = True
    order: tuple[int, ...] = (0, 1, 2, 3)

    def value(self, text: str, *, quoted: bool | None = None) -> str:
        special = any(sign in text for sign in (self.delimiter, self.quote, "\n", "\r", self.escape or "\n"))
        if not (special or (self.quoted if quoted is None else quoted)):
            return text
        for sign in filter(None, (self.escape, self.quote)):
            text = text.replace(sign, (self.escape or self.quote) + sign)
        return self.quote + text + self.quote

    def values(self, row: list[str]) -> list[str]:
        return [self.value(row[place]) for place in self.order]

    def line(self, row: list[str]) -> str:
        return self.delimiter.join(self.values(row)) + self.end

    def is_sound(self, line: str) -> bool:
        """Whether a faulty line happens to be a row again: a quote beside another is a doubled one."""
        quote, delimiter, escape = (re.escape(sign) for sign in (self.quote, self.delimiter, self.escape or self.quote))
        quoted = rf"{quote}(?:[^{quote}{escape}]|{quote}{quote}|{escape}[\s\S])*{quote}"
        field = rf"(?:{quoted}|[^{quote}{delimiter}{escape}\r\n]*)"
        row = rf"{field}(?:{delimiter}{field}){{{len(HEADER) - 1}}}{self.end}"
        return re.fullmatch(row, line) is not None and "\0" not in line and "\udcff" not in line


@dataclass(frozen=True, slots=True)
class Damaged:
    """``rows``: those that must arrive unchanged, by email address. ``broken``: email address of the damaged row, None
    if all are sound."""

    kind: str
    body: bytes
    rows: dict[str, list[str]]
    broken: str | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """``rows``: delivered, by email address. ``named``: whether damage was reported at all."""

    rows: dict[str, list[str]]
    named: bool


def sound_rows(count: int, chance: random.Random, style: Style) -> list[list[str]]:
    def told(text: str) -> str:
        return text.replace("{d}", style.delimiter).replace("{q}", style.quote).replace("\n", style.end)

    return [
        [f"p{n}@example.com", f"Ana {n}", told(chance.choice(_NOTES)), told(chance.choice(_CITIES))]
        for n in range(count)
    ]


def faults(row: list[str], style: Style) -> Iterator[tuple[str, str]]:
    """Kind of fault, and the row with it: one for every place where such a fault can be."""
    yield from _faults_of_fields(style.values(row), style)
    yield from _faults_of_values(row, style)
    yield from _faults_of_characters(style.line(row), style)


def _faults_of_fields(fields: list[str], style: Style) -> Iterator[tuple[str, str]]:
    sign, end = style.delimiter, style.end
    other = _OTHER_DELIMITERS[sign]
    for place in range(len(fields) + 1):
        yield "row length: field too many", sign.join([*fields[:place], "extra", *fields[place:]]) + end
        yield "row length: empty field too many", sign.join([*fields[:place], "", *fields[place:]]) + end
    for place in range(len(fields)):
        yield "row length: field missing", sign.join(fields[:place] + fields[place + 1 :]) + end
    for place in range(1, len(fields)):
        before, after = sign.join(fields[:place]), sign.join(fields[place:])
        yield "row length: cut short", before + end
        yield "delimiter: missing", before + after + end
        yield "delimiter: doubled", before + sign * 2 + after + end
        yield from (("delimiter: another", before + found + after + end) for found in (other, ";;", " "))
        yield "terminator: in the row", before + end + after + end
    yield from (("delimiter: another in the whole row", found.join(fields) + end) for found in (other, ", ", "||"))


def _faults_of_values(row: list[str], style: Style) -> Iterator[tuple[str, str]]:
    fields, quote = style.values(row), style.quote
    other_quote, other_escape = "'" if quote == '"' else '"', quote if style.escape else "\\"
    foreign = "\r" if style.end != "\r" else "\n"

    def changed(place: int, text: str) -> str:
        return style.delimiter.join([*fields[:place], text, *fields[place + 1 :]]) + style.end

    for place, column in enumerate(style.order):
        text = row[column].replace(quote, "")
        wrapped = quote + text + quote
        yield "quote: opened only", changed(place, quote + text)
        yield "quote: closed only", changed(place, text + quote)
        yield "quote: after a space", changed(place, " " + wrapped)
        yield "quote: before a space", changed(place, wrapped + " ")
        yield "quote: twice", changed(place, quote + wrapped + quote)
        yield "quote: in a value without quotes", changed(place, f"a{quote}b")
        yield "quote: another, around the delimiter", changed(place, f"{other_quote}a{style.delimiter} b{other_quote}")
        yield "escape: another", changed(place, f"{quote}a{other_escape}{quote} b{quote}")
        yield "escape: none", changed(place, f"{quote}a{quote}b{quote}")
        yield "terminator: of another kind in a value", changed(place, f"a{foreign}b")
        yield "bytes: no text in a value of two lines", changed(place, f"{quote}a{style.end}\udcffb{quote}")


def _faults_of_characters(line: str, style: Style) -> Iterator[tuple[str, str]]:
    for place, sign in enumerate(line):
        if sign == style.quote:
            yield "quote: missing", line[:place] + line[place + 1 :]
    for place in range(len(line) - len(style.end) + 1):
        yield "quote: one too many", line[:place] + style.quote + line[place:]
    for place in (0, 3, len(line) - len(style.end)):
        yield "bytes: NUL", line[:place] + "\0" + line[place:]
        yield "bytes: no text", line[:place] + "\udcff" + line[place:]


STYLES = (
    Style(),
    Style(quoted=False),
    Style(end="\r\n"),
    Style(end="\r\n", quoted=False, order=(1, 2, 3, 0)),
    Style(delimiter=";", quote="'", order=(1, 0, 2, 3)),
    Style(delimiter="\t", escape="\\", quoted=False),
    Style(delimiter="|", end="\r", quoted=False),
)


def damaged_files(seed: int = 1, rows: int = 60) -> Iterator[Damaged]:
    """Files with one fault each, in the first, the last or a middle row."""
    chance = random.Random(seed)
    for number, style in enumerate(STYLES):
        whole = sound_rows(rows, chance, style)
        place = (rows // 2, 0, rows - 1)[number % 3]
        others = {row[0]: row for n, row in enumerate(whole) if n != place}
        written = [style.line(row) for row in whole]
        for kind, line in faults(whole[place], style):
            if not style.is_sound(line):
                body = style.line(HEADER) + "".join([*written[:place], line, *written[place + 1 :]])
                yield Damaged(kind, body.encode("utf-8", "surrogateescape"), others, whole[place][0])


def other_files(seed: int = 1, rows: int = 60) -> Iterator[Damaged]:
    """Sound files, each written in another way."""
    for kind, style in _ways():
        whole = sound_rows(rows, random.Random(seed), style)
        body = style.line(HEADER) + "".join(map(style.line, whole))
        yield Damaged(kind, body.encode(), {row[0]: row for row in whole}, None)
    style = Style(quoted=False)
    whole = sound_rows(rows, random.Random(seed), style)
    head, *lines = map(style.line, [HEADER, *whole])
    text = "".join([head, *lines])
    written = {
        "file: byte order mark": b"\xef\xbb\xbf" + text.encode(),
        "file: UTF-16": text.encode("utf-16"),
        "file: Windows-1252": text.encode("cp1252"),
        "file: no line end at the end": text[:-1].encode(),
        "file: blank lines at the end": (text + "\n\n").encode(),
        "file: blank lines": head.encode() + "\n".join(lines).encode(),
        "file: one row ends otherwise": (head + lines[0][:-1] + "\r\n" + "".join(lines[1:])).encode(),
        "file: lines before the header": ("Report of May\nmade by hand\n" + text).encode(),
        "file: row before the header": ("Report of May,,,\n,,,\n" + text).encode(),
        "file: Excel's hint": ("sep=,\n" + text).encode(),
        "file: delimiter at the end of each line": _with_delimiter_at_end(whole, style).encode(),
        "file: spaces after delimiters": _spaced(whole).encode(),
    }
    for kind, found in written.items():
        yield Damaged(kind, found, {row[0]: row for row in whole}, None)


def _ways() -> Iterator[tuple[str, Style]]:
    for quoted in (True, False):
        for delimiter in _OTHER_DELIMITERS:
            yield "file: delimiter", Style(delimiter, quoted=quoted)
        for end in ("\n", "\r\n", "\r"):
            yield "file: terminator", Style(end=end, quoted=quoted)
        for escape in (None, "\\"):
            for quote in ('"', "'"):
                yield "file: quote and escape", Style(quote=quote, escape=escape, quoted=quoted)


def _with_delimiter_at_end(rows: list[list[str]], style: Style) -> str:
    return "".join(style.line(row)[:-1] + style.delimiter + style.end for row in [HEADER, *rows])


def _spaced(rows: list[list[str]]) -> str:
    return "".join(", ".join(Style().values(row)) + "\n" for row in [HEADER, *rows])


def ours(body: bytes) -> Outcome:
    with TemporaryDirectory() as folder:
        path, out = Path(folder) / "people.csv", Path(folder) / "out"
        path.write_bytes(body)
        reader = default_audience_reader()
        source = DroppedFile("drop", "email/vip/people.csv", "v1", len(body), "2026-01-31T00:00:00Z")
        destination = EmailDestination("email", data_template=_TEXT, file=FileRules(max_damaged_percent=100))
        result = reader.read([LocalFile(source.key, path)], source, destination, "vip", out)
        found: dict[str, list[str]] = {}
        for chunk in result.chunks:
            assert chunk.action is Action.SUBSCRIBE
            with io.TextIOWrapper(chunk.content.open(), encoding="utf-8", newline="") as stream:
                found |= {row[0]: row[:-1] for row in csv.reader(stream)}  # the last one is the audience mark
        # Line breaks inside values become spaces on purpose.
        return Outcome(found, bool(result.rejected))


def csv_module(body: bytes) -> Outcome:
    text = io.StringIO(body.decode("utf-8", "replace"), newline="")
    try:
        names, *rows = csv.reader(text)
    except (csv.Error, ValueError):
        return Outcome({}, named=True)
    return _outcome(names, rows)


def duckdb_defaults(body: bytes) -> Outcome:
    with TemporaryDirectory() as folder, duckdb.connect() as session:
        path = Path(folder) / "people.csv"
        path.write_bytes(body)
        try:
            found = session.execute(f"SELECT * FROM '{path}'")
            return _outcome([column[0] for column in found.description or ()], found.fetchall())
        except duckdb.Error:
            return Outcome({}, named=True)


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
    return _outcome(list(frame.columns), frame.itertuples(index=False))


def _outcome(names: list[str], rows: Iterable[Iterable[object]]) -> Outcome:
    """Rows as these readers give them, which never name one; without our columns there is none to be had."""
    named = [dict(zip(names, ("" if value is None else str(value) for value in row), strict=False)) for row in rows]
    found = [[row.get(name, "") for name in HEADER] for row in named]
    return Outcome({row[0]: row for row in found if row[0]}, named=False)


READERS: dict[str, Callable[[bytes], Outcome | None]] = {
    "ours": ours,
    "csv module": csv_module,
    "pandas": pandas_defaults,
    "DuckDB": duckdb_defaults,
}


def score(case: Damaged, outcome: Outcome) -> tuple[int, int, bool]:
    """Rows right, rows wrong or lost, and whether the damaged row was kept from being delivered as if it were sound,
    or a sound file was read without complaint."""
    right = sum(flat(outcome.rows.get(email, [])) == flat(row) for email, row in case.rows.items())
    if case.broken is None:
        return right, len(case.rows) - right, not outcome.named
    strange = outcome.rows.keys() - case.rows.keys()
    return right, len(case.rows) - right, outcome.named and not strange


def flat(row: list[str]) -> list[str]:
    return [" ".join(value.split()) for value in row]


def run() -> None:
    for title, cases in {
        "files of 60 rows with one fault each": list(damaged_files()),
        "sound files of 60 rows, each written in another way": list(other_files()),
    }.items():
        print(f"{len(cases)} {title}\n")
        print(f"{'reader':12} {'rows right':>12} {'damage told rightly':>20} {'whole file right':>17}")
        for name, read in READERS.items():
            _print_reader(name, read, cases)
        print()


def _print_reader(name: str, read: Callable[[bytes], Outcome | None], cases: list[Damaged]) -> None:
    rows, worst = Counter[str](), Counter[str]()
    for case in cases:
        outcome = read(case.body)
        if outcome is None:
            print(f"{name:12} not installed")
            return
        right, wrong, told = score(case, outcome)
        rows.update(right=right, wrong=wrong, told=told, whole=told and not wrong)
        if wrong or not told:
            worst[case.kind] += 1
    share = rows["right"] / (rows["right"] + rows["wrong"])
    print(f"{name:12} {share:>12.1%} {rows['told'] / len(cases):>20.1%} {rows['whole'] / len(cases):>17.1%}")
    if worst:
        print(f"{'':12} files not right: " + ", ".join(f"{kind} {n}" for kind, n in worst.most_common()))


if __name__ == "__main__":
    run()
