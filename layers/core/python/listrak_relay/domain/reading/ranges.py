"""A run that is read in ranges, since its files are too large for one function: what each step leaves for the next.

Ranges are numbered from 1 in the order of the file; a number stays when a range is joined with the one behind it. All
of it is kept as JSON in the WorkBucket (`use_cases.ranges.store`) and holds no personal data.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from listrak_relay.domain.columns.tally import Tally
from listrak_relay.domain.consent.suspicion import Doubtful
from listrak_relay.domain.destinations.encodings import UTF_8
from listrak_relay.domain.destinations.file_rules import NULL_MARK
from listrak_relay.domain.reading.encodings import EncodingEvidence
from listrak_relay.domain.reading.notes import FileNotes
from listrak_relay.domain.run.manifest import Chunk, Part, ProfileColumn
from listrak_relay.domain.run.runs import DroppedFile
from listrak_relay.domain.values.names import same_name_key

HEAD_BYTES = 16_000_000
"""Of the start of a file, by which it is told how it is written: a header behind the longest preamble, and rows enough
to tell quotes and encoding by. Of a packed file as many are unpacked."""

MAX_RANGES = 5_000
"""Each is a number in a list that Step Functions reads; at their usual size this is over a terabyte."""

MAX_ROUNDS = 12
"""How often ranges may be read again. Each time either columns or encoding become known, or a range is joined."""


class RangeKind(StrEnum):
    """WHOLE: the object, unpacked and read like any dropped file. The others are cut at line ends."""

    WHOLE = "whole"
    DELIMITED = "delimited"
    NDJSON = "ndjson"


@dataclass(frozen=True, slots=True)
class FileShape:
    """How one dropped object is written, found from its start.

    ``file``: its drop key. ``compression``: taken off before it is cut, empty for none. ``codec``: Python's name for
    the encoding. ``encoding_open``: the start does not settle the encoding, so all ranges together do.

    Of delimited text: ``delimiter``, ``quote`` and ``escape`` as in `FileRules`, never None but for ``escape``;
    ``escapes``: what that does, a word of `grammar.Escapes`; ``spaced``: spaces may stand before quotes; ``unsure``:
    what backslashes stand for cannot be told for certain, ``odd_quotes``: nor whether a few quotes are part of the
    values; ``null_marks``: what outside quotes stands for no value, ``null_texts``: what does in quotes too; ``names``
    of the columns; ``nameless``: further ones that are always empty; ``row_end``: of nearly all rows; ``header_row``
    and ``first_lines``: rows and physical lines up to the header, that included.
    """

    file: str
    kind: RangeKind
    compression: str = ""
    encoding: str = UTF_8
    codec: str = "utf-8"
    encoding_open: bool = False
    delimiter: str = ","
    quote: str = '"'
    escape: str | None = None
    escapes: str = "quoted"
    spaced: bool = False
    unsure: bool = False
    odd_quotes: bool = False
    null_marks: tuple[str, ...] = (NULL_MARK,)
    null_texts: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    nameless: int = 0
    row_end: str | None = None
    header_row: int = 0
    first_lines: int = 0


def in_one_dialect(shapes: Sequence[FileShape]) -> tuple[FileShape, ...]:
    """One program wrote all files of a run, but not every file shows each habit of it: the escape that most of those
    show that show any is that of all with the same delimiter and quote, and words for no value are those of all."""
    shapes = _with_words_of_all(shapes)
    shown = Counter(
        (shape.delimiter, shape.quote, shape.escape, shape.escapes) for shape in shapes if shape.escape is not None
    )
    if not shown:
        return tuple(shapes)
    delimiter, quote, escape, escapes = max(shown, key=lambda habit: shown[habit])
    return tuple(
        replace(shape, escape=escape, escapes=escapes)
        if shape.names and (shape.delimiter, shape.quote) == (delimiter, quote)
        else shape
        for shape in shapes
    )


def _with_words_of_all(shapes: Sequence[FileShape]) -> Sequence[FileShape]:
    delimited = [shape for shape in shapes if shape.kind is RangeKind.DELIMITED]
    marks = tuple(dict.fromkeys(mark for shape in delimited for mark in shape.null_marks))
    texts = tuple(dict.fromkeys(text for shape in delimited for text in shape.null_texts))
    return [
        replace(shape, null_marks=marks, null_texts=texts) if shape.kind is RangeKind.DELIMITED else shape
        for shape in shapes
    ]


@dataclass(frozen=True, slots=True)
class Span:
    """Bytes ``first`` up to ``end``: of the dropped object, or where ``key`` is filled of an object in the WorkBucket,
    which holds a piece of the unpacked file."""

    first: int
    end: int
    key: str = ""


@dataclass(frozen=True, slots=True)
class Range:
    """``file``: place of its dropped object in the plan. ``spans``: its bytes, one behind the other."""

    number: int
    file: int
    begins_file: bool
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class RangeLayout:
    """``dropped`` and ``shapes``: one for each object of the run. ``names``: the run's columns, empty until all ranges
    have told theirs. ``partitions``: parts into which the contact keys are divided, so that each fits into memory.
    ``round``: how often ranges have been read."""

    dropped: tuple[DroppedFile, ...]
    shapes: tuple[FileShape, ...]
    ranges: tuple[Range, ...]
    partitions: int
    names: tuple[str, ...] = ()
    round: int = 1

    def find(self, number: int) -> Range:
        return next(found for found in self.ranges if found.number == number)


@dataclass(frozen=True, slots=True)
class RangeFacts:
    """What reading a range gave. Row numbers count from 1 within the range.

    ``names``: columns as found there; ``names_in_rows``: each row has those that it needs, as in JSON. ``columns``:
    those of the run by which the rows were read. ``rows`` are sound, ``damaged`` are not; ``keyed`` have a valid
    contact key. ``evidence`` is looked for where the encoding is open.
    ``last``: number of the last row or blank line. ``parts``: files within it, if it was an archive.
    ``broken_end``: the end of the range was met within a damaged row, so that it may not be the end of a row at all.
    ``doubtful``: columns that may tell consent.
    ``refusal``: code and sentence why the file cannot be used.
    """

    number: int
    names: tuple[str, ...] = ()
    names_in_rows: bool = False
    columns: tuple[str, ...] = ()
    rows: int = 0
    damaged: int = 0
    keyed: int = 0
    last: int = 0
    broken_end: bool = False
    parts: tuple[Part, ...] = ()
    evidence: EncodingEvidence = field(default_factory=EncodingEvidence)
    doubtful: Doubtful = field(default_factory=Doubtful)
    refusal: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class JoinedRanges:
    """What all ranges together say. ``offsets``: range number → what its row numbers have less than the run's.
    ``duplicates``: rows dropped. ``consent``: headers of doubtful columns that are read as the opt status."""

    offsets: dict[int, int]
    rows_read: int
    damaged: int
    duplicates: int
    parts: tuple[Part, ...]
    consent: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class WrittenRange:
    """``columns``: with the types that the values of this range would have, or that were given. ``tallies``: for each
    what its values are, None where its type is declared; ``timed``: for each the values whose time is dropped.
    ``refusal``: see `RangeFacts`."""

    number: int
    columns: tuple[ProfileColumn, ...]
    tallies: tuple[Tally | None, ...]
    timed: tuple[int, ...]
    chunks: tuple[Chunk, ...]
    rejected: int
    reasons: dict[str, int] = field(default_factory=dict)
    notes: FileNotes | None = None
    refusal: tuple[str, str] | None = None


def join_ranges(ranges: Sequence[Range], facts: Mapping[int, RangeFacts]) -> list[Range]:
    """Join each range whose end is in doubt with the one behind it in the same file.

    That a range begins where a row begins is sure by induction: the first one of a file does, and each that ends
    cleanly hands it on. What is joined is read again, and so only then is it known whether its new end is clean.
    """
    joined: list[Range] = []
    in_doubt = False
    for found in ranges:
        if in_doubt and not found.begins_file:
            joined[-1] = replace(joined[-1], spans=joined[-1].spans + found.spans)
            in_doubt = False
        else:
            joined.append(found)
            in_doubt = facts[found.number].broken_end
    return joined


def all_names(facts: Iterable[RangeFacts]) -> tuple[str, ...]:
    """The columns of all, in the order in which they first come."""
    return tuple(dict.fromkeys(name for found in facts for name in found.names))


def same_names(some: Sequence[str], others: Sequence[str]) -> bool:
    """Whether two files have the same columns, in any order."""
    return sorted(map(same_name_key, some)) == sorted(map(same_name_key, others))
