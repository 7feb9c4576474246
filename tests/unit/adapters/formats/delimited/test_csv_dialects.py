"""How a delimited file is written is told from its rows, and one damaged row does not change that."""

from __future__ import annotations

import pytest

from listrak_relay.adapters.formats.delimited.dialect import find_dialect
from listrak_relay.adapters.formats.delimited.grammar import Dialect, Escapes
from listrak_relay.adapters.formats.delimited.sample import Start
from listrak_relay.domain.destinations.file_rules import FileRules


def dialect_of(*lines: str, rows: int = 30) -> Dialect:
    """Of a file that begins with these lines; plain rows of three fields follow."""
    plain = [f"p{n}@example.com,Ana,Oslo" for n in range(rows)]
    return find_dialect(Start("\n".join(["email,first,city", *lines, *plain, ""]), whole=True), FileRules())


def test_a_plain_file_has_the_usual_dialect() -> None:
    assert dialect_of() == Dialect()


@pytest.mark.parametrize(
    ("line", "dialect"),
    [
        ("'{n}@example.com','Ana','Rome, Italy'", Dialect(quote="'")),
        ("{n}@example.com,'it''s',Oslo", Dialect(quote="'")),
        ("'{n}@example.com','the \\'one\\', she said',Oslo", Dialect(quote="'", escape="\\")),
        ('{n}@example.com,"the \\"one\\", she said",Oslo', Dialect(escape="\\")),
        ('"{n}@example.com", "Ana", "Rome, Italy"', Dialect(spaced=True)),
    ],
    ids=["single", "single, seen by doubled ones alone", "single and escaped", "escaped", "spaced"],
)
def test_another_way_of_quoting_is_found_where_several_rows_show_it(line: str, dialect: Dialect) -> None:
    assert dialect_of(*(line.format(n=n) for n in range(3))) == dialect


def test_spaces_and_escapes_before_quotes_are_found_together() -> None:
    escaped = [f'"e{n}@example.com", "the \\"one\\", she said", "Oslo"' for n in range(3)]
    spaced = [f'"s{n}@example.com", "Ana", "Rome, Italy"' for n in range(3)]

    assert dialect_of(*escaped, *spaced) == Dialect(spaced=True, escape="\\")


@pytest.mark.parametrize(
    "line",
    [
        "x@example.com,'Ana','Rome, Italy'",
        'x@example.com,"6\\" wide, or so",Oslo',
        'x@example.com, "Ana", "Rome, Italy"',
        'x@example.com,a"b,Oslo',
    ],
)
def test_one_odd_row_is_damage_and_no_other_dialect(line: str) -> None:
    assert dialect_of(line) == Dialect()


def test_doubled_quotes_speak_against_an_escape() -> None:
    escaped = [f'e{n}@example.com,"the \\"one\\", she said",Oslo' for n in range(3)]
    witnesses = [f'w{n}@example.com,"a ""b"" c",Oslo' for n in range(3)]

    assert dialect_of(*escaped) == Dialect(escape="\\")
    assert dialect_of(*escaped, *witnesses) == Dialect()


@pytest.mark.parametrize(
    ("witness", "escapes"),
    [("C:\\Ana", Escapes.QUOTED), ('"C:\\\\Ana"', Escapes.QUOTED), ('"C:\\Ana, Bo"', Escapes.QUOTES)],
    ids=["outside quotes", "doubled inside", "alone inside"],
)
def test_a_backslash_that_stands_alone_inside_quotes_shows_that_it_does_not_escape_itself(
    witness: str, escapes: Escapes
) -> None:
    escaped = [f'e{n}@example.com,"the \\"one\\", she said",Oslo' for n in range(3)]

    assert dialect_of(*escaped, f"w@example.com,{witness},Oslo") == Dialect(escape="\\", escapes=escapes)


def test_backslashes_that_all_are_doubled_inside_quotes_show_an_escape() -> None:
    pairs = [f'e{n}@example.com,"a\\\\b, {n}",Oslo' for n in range(3)]

    assert dialect_of(*pairs) == Dialect(escape="\\")
    assert dialect_of(*pairs, 'w@example.com,"a\\b, c",Oslo') == Dialect()
    assert dialect_of(*pairs, 'w@example.com,"a ""b"" c",Oslo') == Dialect()


@pytest.mark.parametrize(
    "line",
    ['x@example.com,"the \\"one\\", she said",Oslo', 'x@example.com,"a\\\\\\"b, c",Oslo'],
    ids=["twice", "behind an escaped backslash"],
)
def test_escaped_quotes_of_one_row_that_no_single_fault_makes_show_an_escape(line: str) -> None:
    assert dialect_of(line) == Dialect(escape="\\")


@pytest.mark.parametrize(
    ("value", "escapes"),
    [
        ('"C:\\\\new, x"', Escapes.QUOTED),
        ('"\\\\\\\\nas\\\\a"', Escapes.QUOTED),
        ('"\\\\N"', Escapes.QUOTED),
        ("\\\\\\\\nas\\\\a", Escapes.ANY),
        ('"\\\\nas"', None),
        ("C:\\\\new", None),
        ('"C:\\\\new, ""x"""', None),
    ],
)
def test_few_doubled_backslashes_are_escapes_where_they_are_hardly_meant(value: str, escapes: Escapes | None) -> None:
    found = dialect_of(f"w@example.com,{value},Oslo")

    assert found == (Dialect(escape="\\", escapes=escapes) if escapes else Dialect())
    assert found.unsure == ("\\" * 4 not in value)


def test_few_doubled_backslashes_stay_in_files_with_line_ends_of_spreadsheets() -> None:
    text = 'email,note\r\na@example.com,"C:\\\\new, x"\r\n'

    found = find_dialect(Start(text, whole=True), FileRules())

    assert (found.escape, found.unsure) == (None, True)


@pytest.mark.parametrize("delimiter", [*"\t|"])
def test_few_doubled_backslashes_outside_quotes_are_escapes_between_delimiters_of_databases(delimiter: str) -> None:
    rows = ["email*note*x", "a@example.com*C:\\\\new*1", "b@example.com*x*\\N"]

    found = find_dialect(Start("\n".join(rows).replace("*", delimiter), whole=True), FileRules())

    assert found.escape == "\\"


def test_backslashes_are_part_of_values_where_the_destination_says_so() -> None:
    text = 'email,note\na@example.com,"C:\\\\new, x"\n'

    assert find_dialect(Start(text, whole=True), FileRules(escape="")) == Dialect()


def test_delimiters_behind_a_backslash_outside_quotes_part_nothing() -> None:
    rows = [f'e{n}@example.com,Lima\\, Ana,say "{n}"' for n in range(3)]

    assert dialect_of(*rows) == Dialect(quote="", escape="\\", escapes=Escapes.ANY)


def test_quotes_inside_values_are_part_of_them_where_hardly_any_value_begins_with_one() -> None:
    rows = ["email\tnote", *(f'p{n}@example.com\t{n}" wide' for n in range(3)), 'q@example.com\t"Ana"']

    assert find_dialect(Start("\n".join(rows), whole=True), FileRules()) == Dialect("\t", quote="")
    doubled = [*rows, 'r@example.com\t"say ""x"""']
    assert find_dialect(Start("\n".join(doubled), whole=True), FileRules()) == Dialect("\t")


@pytest.mark.parametrize("damaged", ["'x@example.com','Ana,'Oslo'", "'x@example.com','Ana'", "x\0"])
def test_a_damaged_row_does_not_hide_single_quotes(damaged: str) -> None:
    lines = ["'email','first','city'", damaged, *(f"'p{n}@example.com','Ana','Oslo'" for n in range(5))]

    assert find_dialect(Start("\n".join(lines), whole=True), FileRules()) == Dialect(quote="'")


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|", "^", "~", "\x01", ":"])
def test_the_delimiter_is_the_one_that_parts_the_header_with_the_email_column(delimiter: str) -> None:
    rows = ["first*email*note", *(f"Ana*p{n}@example.com*a, b; c | d, e; f" for n in range(3))]
    text = "\n".join(rows).replace("*", delimiter)
    if delimiter in ",;|":
        text = text.replace("a, b; c | d, e; f", '"a, b; c | d, e; f"')

    assert find_dialect(Start(text, whole=True), FileRules()).delimiter == delimiter


@pytest.mark.parametrize("mark", [r"Lima\, Peru", "two\\\nlines"])
def test_quotes_that_no_value_needs_are_part_of_values_beside_escapes_outside_quotes(mark: str) -> None:
    dialect = dialect_of('x@example.com,"Ana",Rome', f"y@example.com,{mark},Rome", f"z@example.com,{mark},Rome")

    assert (dialect.quote, dialect.escape) == ("", "\\")


@pytest.mark.parametrize(
    ("line", "quote"),
    [('{n}@example.com,"Ana",\\N', ""), ('{n}@example.com,"A, b",\\N', '"'), ('{n}@example.com,"#1",\\N', '"')],
)
def test_beside_null_marks_quotes_that_no_value_needs_are_part_of_values(line: str, quote: str) -> None:
    assert dialect_of(*(line.format(n=n) for n in range(3))).quote == quote
    assert dialect_of(line.format(n=1)).quote == quote


@pytest.mark.parametrize(
    ("line", "odd"),
    [
        ('x@example.com,"Ana",Rome', True),
        ('x@example.com,"Ana, Rome",Rome', False),
        ('x@example.com,"New York",Rome', False),
        ('x@example.com,"",Rome', False),
        ("x@example.com,Ana,Rome", False),
    ],
)
def test_a_few_quotes_that_no_value_needs_are_noted(line: str, odd: bool) -> None:
    found = dialect_of(line)

    assert (found, found.odd_quotes) == (Dialect(), odd)


def test_quotes_around_every_text_or_every_value_of_a_column_are_no_odd_ones() -> None:
    column = [f'p{n}@example.com,"Ana",Rome' for n in range(3)]
    texts = [f'"p{n}@example.com","Ana","Rome"' for n in range(3)]

    assert not dialect_of(*column, rows=0).odd_quotes
    assert not dialect_of(*texts, rows=0).odd_quotes


def test_the_delimiter_that_the_destination_names_does_not_keep_the_rest_from_being_found() -> None:
    rows = "".join(f"p{n}@example.com|Ana|Rome\n" for n in range(3))

    found = find_dialect(
        Start('email|first|city\n1@example.com|"Ana"|\\N\n' + rows, whole=True), FileRules(delimiter="|")
    )

    assert (found.delimiter, found.quote) == ("|", "")


@pytest.mark.parametrize("rows", [1, 5])
def test_that_all_backslashes_are_doubled_is_no_proof_of_an_escape(rows: int) -> None:
    doubled = [f'p{n}@example.com,"C:\\\\x, y",Rome' for n in range(rows)]

    assert dialect_of(*doubled).unsure


@pytest.mark.parametrize(("value", "unsure"), [("C:\\\\x", True), ("C:\\\\x\\ny", False), ("\\\\\\\\nas", False)])
def test_doubled_backslashes_alone_are_no_proof_of_codes_between_tabs(value: str, unsure: bool) -> None:
    found = parted_by_tabs(value)

    assert (found.escapes, found.unsure) == (Escapes.CODES, unsure)


def parted_by_tabs(value: str) -> Dialect:
    text = "email\tfirst\n" + "".join(f"{n}@example.com\t{value}\n" for n in range(3))
    return find_dialect(Start(text, whole=True), FileRules())


@pytest.mark.parametrize(
    ("values", "escapes"),
    [
        (["12 Main St\\nApt 4", "\\N"], Escapes.CODES),
        (["12 Main St\\nApt 4", "C:\\\\tools"], Escapes.CODES),
        (["C:\\new\\tools", "\\N"], None),
        (["12 Main St\\nApt 4", "plain"], None),
    ],
)
def test_a_code_in_no_path_is_one_beside_a_null_mark_or_a_doubled_backslash(
    values: list[str], escapes: Escapes | None
) -> None:
    text = "email|first\n" + "".join(f"{n}@example.com|{value}\n" for n, value in enumerate(values * 2))

    found = find_dialect(Start(text, whole=True), FileRules())

    assert (found.escapes if found.escape else None, found.unsure) == (escapes, True)


def test_an_escape_before_a_delimiter_in_every_row_is_shown_by_the_header() -> None:
    rows = "".join(f"{n}@example.com,Ana,Rome\\, Italy\n" for n in range(9))

    assert find_dialect(Start("email,first,city\n" + rows, whole=True), FileRules()).escapes is Escapes.ANY
    assert find_dialect(Start("email,first,city,land\n" + rows, whole=True), FileRules()).escape is None


def parted_by(delimiter: str, value: str) -> Dialect:
    """Of a file of three rows that have this value."""
    rows = [["email", "first", "city"], *([f"{n}@example.com", value, r"two\nlines"] for n in range(3))]
    text = "".join(delimiter.join(row) + "\n" for row in rows)
    return find_dialect(Start(text, whole=True), FileRules())


@pytest.mark.parametrize("delimiter", [*",|;"])
def test_codes_beside_doubled_backslashes_inside_values_are_codes_with_any_delimiter(delimiter: str) -> None:
    assert parted_by(delimiter, "C:\\\\new").escapes is Escapes.CODES


@pytest.mark.parametrize("value", [r"\\nas\new", r"C:\new\tools", r'{"path": "C:\\new" "note": "a\nb"}'])
def test_paths_servers_and_json_beside_letters_of_codes_stay_as_they_are(value: str) -> None:
    assert parted_by("|", value).escape is None


def test_a_backslash_at_the_end_of_a_quoted_value_shows_that_doubled_ones_are_no_escapes() -> None:
    doubled = [f'"e{n}@example.com","re\\\\dbl","Oslo"' for n in range(4)]
    found = dialect_of(*doubled, '"x@example.com","C:\\","Rome"', '"y@example.com","D:\\","Bonn"')

    assert (found.escape, found.unsure) == (None, True)


def test_quotes_and_delimiters_inside_values_are_read_where_an_escape_stands_before_delimiters_of_all_rows() -> None:
    lines = [f'e{n}@example.com,$1\\,234,{{"a": "b"}}' for n in range(4)]
    plain = [f'p{n}@example.com,12,"q" {n}' for n in range(4)]
    found = dialect_of(*lines, *plain)

    assert (found.quote, found.escape) == ("", "\\")


def test_what_the_destination_says_is_not_looked_for() -> None:
    text = "'email';'n'\n" + "".join(f"'p{n}@example.com';'a\\'b'\n" for n in range(9))

    rules = FileRules(delimiter=",", quote='"', escape="^")

    assert find_dialect(Start(text, whole=True), rules) == Dialect(",", '"', "^", escapes=Escapes.ANY)
