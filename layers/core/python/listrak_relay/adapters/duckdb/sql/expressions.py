"""SQL text for single values and columns.

Everything that goes into SQL text is a name made here, a number, or passes `literal`.
"""

from __future__ import annotations

from listrak_relay.domain.values.text import CONTROL_CHARACTERS, LINE_BREAKS, WHITE_SPACE


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


def identifier(name: str) -> str:
    """The name of a column, whatever is in it."""
    quoted = name.replace('"', '""')
    return f'"{quoted}"'
