"""A DuckDB session for one file, and SQL text for the rules that the domain states as words and patterns.

Everything that goes into SQL text is a name made here, a number, or passes `literal`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import duckdb

from listrak_relay.domain.columns import field_types, opt_status
from listrak_relay.domain.run.manifest import Action
from listrak_relay.domain.values import email_address
from listrak_relay.domain.values.text import CONTROL_CHARACTERS, LINE_BREAKS, WHITE_SPACE

ACTION_CODES = {Action.SUBSCRIBE: 1, Action.UNSUBSCRIBE: 2, Action.UPDATE: 3}
OPT_BLANK = -1
OPT_UNREADABLE = -2


def open_session(spill: Path, memory_limit_mb: int, threads: int) -> duckdb.DuckDBPyConnection:
    """An in-memory database that spills into the folder ``spill``."""
    session = duckdb.connect(
        config={
            "memory_limit": f"{memory_limit_mb}MB",
            "threads": str(threads),
            "temp_directory": str(spill),
            "preserve_insertion_order": "true",
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
        }
    )
    session.execute("SET enable_progress_bar = false")
    # Nothing here outlives the session. Without this the first small update of a large table compresses all of it; that
    # takes longer than the spilling that it saves: of ten million rows 3.5 s, and again at the next update.
    session.execute("SET checkpoint_threshold = '1TB'")
    return session


@contextmanager
def bounded_operators(session: duckdb.DuckDBPyConnection, megabytes: int) -> Iterator[None]:
    """Queries keep to so much memory beside the tables meanwhile. More would push rows of a large table out to disk,
    which takes longer than doing the work in parts. Not for loading, whose threads would wait for each other."""
    session.execute(f"SET operator_memory_limit = '{megabytes}MB'")
    yield
    session.execute("RESET operator_memory_limit")  # after an error the session is of no use anyway


def literal(text: str) -> str:
    """A SQL string constant."""
    return "'" + text.replace("'", "''") + "'"


def column(index: int) -> str:
    """The name in SQL of column ``index`` of the file."""
    return f"c{index}"


def text_columns(width: int) -> str:
    """The first columns of a file as `read_csv` takes them: all text. Goes between braces."""
    return ", ".join(f"{literal(column(index))}: 'VARCHAR'" for index in range(width))


def trimmed(value: str) -> str:
    return f"trim({value}, {literal(WHITE_SPACE)})"


def filled(value: str) -> str:
    """Whether there is more than white space in it. White space comes before or after the printable ASCII characters,
    and trimming is slow."""
    return (
        f"(CASE WHEN {value} IS NULL THEN false WHEN {value} BETWEEN '!' AND '~' THEN true "
        f"ELSE {trimmed(value)} <> '' END)"
    )


def cleaned(value: str) -> str:
    """`domain.text.clean`."""
    one_line = f"regexp_replace({trimmed(value)}, {literal(LINE_BREAKS)}, ' ', 'g')"
    return f"regexp_replace({one_line}, {literal(CONTROL_CHARACTERS)}, ' ', 'g')"


def matches(value: str, pattern: str) -> str:
    return f"regexp_full_match({value}, {literal(pattern)})"


def common_email(value: str) -> str:
    """Whether it matches `domain.email_address.COMMON_PATTERN`; NULL where the value is."""
    return f"(strlen({value}) <= {email_address.USUAL_LENGTH} AND {matches(value, email_address.COMMON_PATTERN)})"


def usual_email(value: str) -> str:
    """`domain.email_address.is_usual`; NULL where the value is."""
    endings = " OR ".join(f"ends_with(lower({value}), {literal(e)})" for e in email_address.SPECIAL_USE_ENDINGS)
    return (
        f"(strlen({value}) <= {email_address.USUAL_LENGTH} AND {matches(value, email_address.USUAL_PATTERN)} "
        f"AND NOT ({endings}))"
    )


def opt_status_code(value: str, *, inverted: bool) -> str:
    """`domain.opt_status.read` as a code: of the action, or OPT_BLANK or OPT_UNREADABLE.

    Values are first looked up as they are; only those not found are trimmed and looked up again.
    """
    normal = f"lower({trimmed(value)})"
    for separator in opt_status.SEPARATORS:
        normal = f"replace({normal}, {literal(separator)}, ' ')"
    words = opt_status.words(inverted=inverted)
    tests = " ".join(f"WHEN {literal(word)} THEN {ACTION_CODES[action]}" for word, action in words.items())
    other = f"CASE coalesce({normal}, '') WHEN '' THEN {OPT_BLANK} {tests} ELSE {OPT_UNREADABLE} END"
    return f"(CASE lower({value}) {tests} ELSE {other} END)::TINYINT"


def is_date(value: str, date_format: str | None = None) -> str:
    """Whether it is a real date: in ``date_format`` if given, else as `domain.field_types.american_date` reads it.

    NULL or false where it is not.
    """
    if date_format:
        return f"year(try_strptime({value}, {literal(date_format)})) BETWEEN 1000 AND 9999"
    us_as_iso = f"substr({value}, 7, 4) || '-' || left({value}, 2) || '-' || substr({value}, 4, 2)"
    # What comes back as it was is such a date, and casting takes less time than matching. CASE looks at a further form
    # only where it is none of the former; OR would try all on every row.
    plain = (
        f"strlen({value}) = 10 AND {value} BETWEEN '1' AND ':' AND CAST(try_cast({value} AS DATE) AS VARCHAR) = {value}"
    )
    return (
        f"(CASE WHEN {plain} THEN true WHEN {matches(value, field_types.ISO_DATE_PATTERN)} THEN {is_real_date(value)} "
        f"WHEN {matches(value, field_types.US_DATE_PATTERN)} THEN try_cast({us_as_iso} AS DATE) IS NOT NULL "
        f"WHEN {value} IS NOT NULL THEN false END)"
    )


def is_real_date(value: str) -> str:
    """Whether a text that begins like ``2026-01-31`` begins with a day of the calendar."""
    return f"try_cast(left({value}, 10) AS DATE) IS NOT NULL"


def american_date(value: str, date_format: str | None = None) -> str:
    """A value that `is_date`, as ``MM/DD/YYYY``."""
    if date_format:
        return f"strftime(try_strptime({value}, {literal(date_format)}), '%m/%d/%Y')"
    # These functions take a third less time than slices.
    iso = f"concat(substr({value}, 6, 2), '/', substr({value}, 9, 2), '/', left({value}, 4))"
    return f"CASE WHEN substr({value}, 5, 1) = '-' THEN {iso} ELSE {value} END"


def as_csv(columns: list[str]) -> str:
    """The row as one CSV record."""

    def field(name: str) -> str:
        quoted = f"""'"' || replace({name}, '"', '""') || '"'"""
        special = f"""regexp_matches({name}, '[",\\n\\r]')"""
        return f"CASE WHEN {name} IS NULL THEN '' WHEN {special} THEN {quoted} ELSE {name} END"

    return " || ',' || ".join(map(field, columns))


def csv_options(*, delimiter: str = ",", quote: str = '"', newline: str = "\n", line_limit: int) -> str:
    """Options that leave `read_csv` nothing to guess and nothing to forgive. ``quote``: a double quote, or nothing."""
    end = "\\r\\n" if newline == "\r\n" else "\\n"
    return (
        f"auto_detect = false, header = false, delim = {literal(delimiter)}, quote = {literal(quote)}, "
        f"escape = {literal(quote)}, "
        f"new_line = '{end}', strict_mode = true, null_padding = false, ignore_errors = false, "
        f"max_line_size = {line_limit}"
    )


def copy_csv(query: str, path: Path, *, header: bool = False) -> str:
    """Write rows as UTF-8, comma, ``"`` quoting where needed, ``\\n`` endings, nothing for an empty value."""
    return (
        f"COPY ({query}) TO {literal(str(path))} "
        f"(FORMAT csv, HEADER {str(header).lower()}, DELIMITER ',', QUOTE '\"', ESCAPE '\"', NULL '')"
    )


def copy_plain(values: Sequence[str], rows: str, path: Path) -> str:
    """Write what `copy_csv` writes of values none of which needs quotes, in less time: no value is looked through for
    signs that do. ``rows``: what stands behind the values, from FROM on."""
    filled_up = ", ".join(f"coalesce({value}, '')" for value in values)
    line = f"concat_ws(',', {filled_up})"
    return (
        f"COPY (SELECT {line} {rows}) TO {literal(str(path))} "
        "(FORMAT csv, HEADER false, DELIMITER '\x01', QUOTE '', ESCAPE '', NULL '')"
    )
