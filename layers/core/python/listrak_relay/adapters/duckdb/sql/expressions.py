"""SQL text for single values and columns.

Everything that goes into SQL text is a name made here, a number, or passes `literal`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from listrak_relay.domain.values.text import CONTROL_CHARACTERS, LINE_BREAKS, UNSEEN, WHITE_SPACE

_BREADTH = 16
_APOSTROPHE = "^'"

WIDE = 40
"""Columns, from which on reading a question about each takes longer than answering it."""


def literal(text: str) -> str:
    """A SQL string constant."""
    return "'" + text.replace("'", "''") + "'"


def literals(texts: Iterable[str]) -> str:
    """SQL string constants, as they stand between brackets."""
    return ", ".join(map(literal, texts))


def column(index: int) -> str:
    """The name in SQL of column ``index`` of the file."""
    return f"c{index}"


def text_columns(width: int) -> str:
    """The first columns of a file as `read_csv` takes them: all text. Goes between braces."""
    return ", ".join(f"{literal(column(index))}: 'VARCHAR'" for index in range(width))


def in_one_column(values: Sequence[str], rows: str) -> str:
    """All ``values`` of ``rows`` (what stands behind FROM) one below the other, as ``value``, with the ``place`` that
    each has among them: so that what is asked is said once however many there are."""
    return f"SELECT unnest(range({len(values)})) AS place, unnest([{', '.join(values)}]) AS value FROM {rows}"  # noqa: S608 - SQL made here


def total(terms: Iterable[str]) -> str:
    """Their sum. Of many terms as a sum of sums, since the engine does not take an expression of any depth."""
    found = list(terms)
    while len(found) > 1:
        found = [f"({' + '.join(found[i : i + _BREADTH])})" for i in range(0, len(found), _BREADTH)]
    return found[0] if found else "0"


def any_of(values: Sequence[str], test: Callable[[str], str]) -> str:
    """Whether the ``test`` (SQL, never NULL) holds for one of them; said once where there are many."""
    if len(values) > WIDE:
        return f"(len(list_filter([{', '.join(values)}], lambda value: {test('value')})) > 0)"
    return " OR ".join(map(test, values)) or "false"


def trimmed(value: str, signs: str = WHITE_SPACE) -> str:
    return f"trim({value}, {literal(signs)})"


def quickly_trimmed(value: str) -> str:
    """The same for values that hardly ever need it: white space comes before or after the printable ASCII characters,
    and to look at both ends takes a tenth of the time. ``value`` is better short, since it stands there four times."""
    sound = f"{value} BETWEEN '!' AND '~' AND right({value}, 1) BETWEEN '!' AND '~'"
    return f"(CASE WHEN {sound} THEN {value} ELSE {trimmed(value)} END)"


def bare(value: str) -> str:
    """Without signs that nobody can see, and the apostrophe by which spreadsheets keep a number as text; NULL where
    nothing is left."""
    text = f"regexp_replace({trimmed(value, UNSEEN)}, {literal(_APOSTROPHE)}, '')"
    return f"nullif({trimmed(text, UNSEEN)}, '')"


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


def finds(value: str, pattern: str) -> str:
    """Whether it is anywhere in the text."""
    return f"regexp_matches({value}, {literal(pattern)})"


def identifier(name: str) -> str:
    """The name of a column, whatever is in it."""
    quoted = name.replace('"', '""')
    return f'"{quoted}"'
