"""What can be learned of a delimited file before it is parsed: its dialect, its header, and what is in its bytes."""

from __future__ import annotations

from dataclasses import replace
from itertools import takewhile
from pathlib import Path

from listrak_relay.adapters.formats.delimited.bare_words import words_for_no_value
from listrak_relay.adapters.formats.delimited.byte_counts import CsvSurvey, count_bytes, count_bytes_beside
from listrak_relay.adapters.formats.delimited.dialect import find_dialect
from listrak_relay.adapters.formats.delimited.grammar import Dialect
from listrak_relay.adapters.formats.delimited.line_ends import own_end
from listrak_relay.adapters.formats.delimited.sample import start_of, usual_width
from listrak_relay.adapters.formats.header import ROWS_LOOKED_AT, find_header
from listrak_relay.adapters.formats.records import ENCODING, NUL, Record
from listrak_relay.domain.destinations.data_template import DataTemplate
from listrak_relay.domain.destinations.file_rules import FileRules
from listrak_relay.domain.reading.refusals import empty_file
from listrak_relay.errors import FileRejectedError

_ODD_SHARE = 0.01


def survey(
    path: Path,
    file: str,
    rules: FileRules,
    template: DataTemplate | None = None,
    *,
    beside: bool = False,
    dialect: Dialect | None = None,
) -> CsvSurvey:
    """Look through the whole file, which is UTF-8, once. ``file`` is the drop key, for messages. ``beside``: a thread
    may count what is in a larger file while the caller goes on; the file must stay there until `CsvSurvey.wait`.
    ``dialect``: if it is known already.

    Raises:
        FileRejectedError: empty, the header is no text, or its quotes are broken (codes ``file_empty``,
            ``encoding_unreadable``, ``header_unreadable``).
    """
    start = start_of(path)
    dialect = dialect or find_dialect(start, rules)
    words = words_for_no_value(start, dialect)
    marks, texts = (*dialect.null_marks, *words.bare), (*dialect.null_texts, *words.anywhere)
    dialect = replace(dialect, null_marks=tuple(dict.fromkeys(marks)), null_texts=tuple(dict.fromkeys(texts)))
    rows = start.rows(dialect, max(ROWS_LOOKED_AT, (rules.skip_lines or 0) + 1))
    if not rows:
        raise empty_file(file)
    header = _header(rows, rules, template, file)
    found = CsvSurvey(file, dialect, list(rules.columns or (header.fields if header else ())), path.stat().st_size)
    found.row_end = own_end(rows)
    if header is None:
        found.header_row = found.first_lines = rules.skip_lines or 0
    else:
        found.header_row = header.row
        found.first_lines = header.row - 1 + len(header.lines)
    if header and not rules.columns:
        _leave_out_nameless(found, [row for row in rows if row.row > header.row])
    if beside:
        count_bytes_beside(path, found)
    else:
        count_bytes(path, found)
    return found


def _header(rows: list[Record], rules: FileRules, template: DataTemplate | None, file: str) -> Record | None:
    """None: the file has none."""
    if rules.headerless:
        return None
    after = [row for row in rows if row.row > (rules.skip_lines or 0)]
    header = find_header(after, template) if rules.skip_lines is None else (after[0] if after else None)
    if header is None:
        raise FileRejectedError("file_empty", f"{file}: there is no row of column names after the lines to skip")
    if header.damage in (ENCODING, NUL):
        raise FileRejectedError(
            "encoding_unreadable",
            f"{file}: the header is no text; save the file as UTF-8, or name its encoding under file.encoding of the "
            "destination",
        )
    if header.damage is not None:
        raise FileRejectedError(
            "header_unreadable",
            f"{file}: the header cannot be read ({header.damage}); write one row of column names, quotes closed",
        )
    return header


def _leave_out_nameless(found: CsvSurvey, rows: list[Record]) -> None:
    """Columns at the end that have neither a name nor values. A delimiter after the last value of each row makes one,
    with or without one after the last name. In a file whose header is shorter than its rows, values there (in more than
    one damaged row) show that a name is missing, and then nobody knows which."""
    nameless = sum(1 for _ in takewhile(lambda name: not name.strip(), reversed(found.names)))
    named = len(found.names) - nameless
    sound = [row.fields for row in rows if row.damage is None]
    width = usual_width([row for row in rows if row.damage is None])
    if not named or width <= named or width not in (len(found.names), named + 1):
        return
    whole = [fields for fields in sound if len(fields) == width]
    empty = sum(not any(fields[named:]) for fields in whole)
    if width > len(found.names) and len(whole) - empty > max(1, len(whole) * _ODD_SHARE):
        return
    if 2 * empty > len(rows):
        found.nameless = width - named
        del found.names[named:]
