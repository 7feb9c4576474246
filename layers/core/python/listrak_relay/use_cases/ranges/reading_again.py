"""What all ranges together say of how each of them is to be read: encoding, columns, and where rows end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import groupby

from listrak_relay.domain.reading.encodings import EncodingEvidence
from listrak_relay.domain.reading.ranges import (
    MAX_ROUNDS,
    FileShape,
    Range,
    RangeFacts,
    RangeLayout,
    all_names,
    join_ranges,
    same_names,
)
from listrak_relay.domain.reading.refusals import parts_differ
from listrak_relay.errors import FileRejectedError

Facts = Mapping[int, RangeFacts]
"""By range number."""


def to_read_again(plan: RangeLayout, facts: Facts, whole_limit: int) -> tuple[RangeLayout, list[Range]]:
    """The plan as all ranges together show it to be, and the ranges that were read by a wrong one.

    ``whole_limit``: bytes of a range at most.

    Raises:
        FileRejectedError: the files cannot be used.
    """
    changed, again = plan, _in_another_encoding(plan, facts)
    if again:
        shapes = {found.file: _shape_by_evidence(plan, facts, found.file) for found in again}
        changed = replace(plan, shapes=tuple(shapes.get(n, shape) for n, shape in enumerate(plan.shapes)))
    else:
        changed = replace(plan, names=plan.names or _names(plan, facts))
        again = [found for found in plan.ranges if _read_by_other_names(changed, facts[found.number])]
    numbers = {found.number for found in again}
    for number, found in facts.items():
        if found.refusal and number not in numbers:
            raise FileRejectedError(*found.refusal)
    if not again:
        joined = join_ranges(plan.ranges, facts)
        again = [found for found in joined if found not in plan.ranges]
        changed = replace(changed, ranges=tuple(joined))
        _check_sizes(changed, again, whole_limit)
    if again and plan.round >= MAX_ROUNDS:
        raise _unclear(plan.shapes[again[0].file].file)
    return replace(changed, round=plan.round + 1) if again else changed, again


def _in_another_encoding(plan: RangeLayout, facts: Facts) -> list[Range]:
    wrong = {
        number
        for number, shape in enumerate(plan.shapes)
        if shape.encoding_open and _evidence(plan, facts, number).encoding(shape.file) != shape.encoding
    }
    return [found for found in plan.ranges if found.file in wrong]


def _evidence(plan: RangeLayout, facts: Facts, file: int) -> EncodingEvidence:
    """As much as a look through the file from its start would take."""
    found = EncodingEvidence()
    for part in plan.ranges:
        if part.file == file and not found.conclusive:
            found += facts[part.number].evidence
    return found


def _shape_by_evidence(plan: RangeLayout, facts: Facts, file: int) -> FileShape:
    shape = plan.shapes[file]
    codec = _evidence(plan, facts, file).encoding(shape.file)
    names = (name.encode(shape.codec, "surrogateescape").decode(codec, "surrogateescape") for name in shape.names)
    return replace(shape, encoding=codec, codec=codec, encoding_open=False, names=tuple(names))


def _names(plan: RangeLayout, facts: Facts) -> tuple[str, ...]:
    """The run's columns: of JSON those of all rows, else those of its first file, which the others must have too."""
    if all(found.names_in_rows for found in facts.values()):
        return all_names(facts[found.number] for found in plan.ranges)
    by_file = {
        file: plan.shapes[file].names or _names_of_file([facts[found.number] for found in ranges])
        for file, ranges in groupby(plan.ranges, key=lambda found: found.file)
    }
    for file, names in by_file.items():
        if names and by_file[0] and not same_names(names, by_file[0]):
            raise parts_differ(plan.shapes[file].file, names, plan.shapes[0].file, by_file[0])
    return by_file[0]


def _names_of_file(facts: Sequence[RangeFacts]) -> tuple[str, ...]:
    return all_names(facts) if facts[0].names_in_rows else facts[0].names


def _read_by_other_names(plan: RangeLayout, facts: RangeFacts) -> bool:
    """Ranges of JSON may lack a column, or hold no row at all."""
    return bool(plan.names) and facts.columns != plan.names and (bool(facts.columns) or facts.names_in_rows)


def _check_sizes(plan: RangeLayout, joined: Sequence[Range], limit: int) -> None:
    for found in joined:
        if sum(span.end - span.first for span in found.spans) > limit:
            raise _unclear(plan.shapes[found.file].file)


def _unclear(file: str) -> FileRejectedError:
    return FileRejectedError(
        "quotes_unreadable",
        f"{file}: quotes are opened and not closed in so many places that rows cannot be told apart; write the file "
        "again with quotes inside values doubled",
    )
