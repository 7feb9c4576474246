"""Files as usual writers make them arrive cell by cell, told by the setting ``dialect`` or found."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from listrak_relay.domain.destinations.file_rules import FileDialect
from tests.support.files.audience_files import read
from tests.support.files.packed import zipped

NOTES = ["plain", "C:\\new\\x", 'say "hi"', "a,b", "ends in \\", "\\\\srv\\x, y", 'q\\"q', "tab\tin", "\\N is text"]


def postgres_text(value: str | None) -> str:
    return "\\N" if value is None else value.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n")


def spark(value: str | None) -> str:
    if value is None or not set(value) & set(',"\n'):
        return value or ""
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def redshift(value: str | None) -> str:
    return "" if value is None else "".join("\\" + c if c in "\\|\n\r\"'" else c for c in value)


def snowflake(value: str | None) -> str:
    return "\\N" if value is None else value.replace("\\", "\\\\").replace(",", "\\,")


WRITERS = {
    FileDialect.POSTGRES_TEXT: (postgres_text, "\t"),
    FileDialect.MYSQL_OUTFILE: (postgres_text, "\t"),
    FileDialect.SPARK: (spark, ","),
    FileDialect.REDSHIFT: (redshift, "|"),
    FileDialect.SNOWFLAKE: (snowflake, ","),
}


@pytest.mark.parametrize("dialect", WRITERS)
def test_every_cell_arrives(dialect: FileDialect) -> None:
    write, delimiter = WRITERS[dialect]
    notes = [note for note in NOTES if dialect is not FileDialect.SNOWFLAKE or '"' not in note]
    rows: list[list[str | None]] = [[f"p{n}@example.com", note, None] for n, note in enumerate(notes)]
    text = delimiter.join(("email", "note", "x")) + "\n"
    text += "".join(delimiter.join(map(write, row)) + "\n" for row in rows)

    found = read(text, dialect=dialect)

    assert found.rejects == []
    assert [fields[1:] for fields in found.values.values()] == [[note, ""] for note in notes]


def test_what_spark_writes_is_found() -> None:
    rows = "".join(f"p{n}@example.com,{spark(note)}\n" for n, note in enumerate(NOTES))

    found = read("email,note\n" + rows)

    assert [fields[1] for fields in found.values.values()] == NOTES


def test_line_ends_in_codes_become_spaces() -> None:
    found = read("email\tnote\na@example.com\tone\\ntwo\n", dialect=FileDialect.POSTGRES_TEXT)

    assert found.values == {2: ["a@example.com", "one two"]}


def test_what_is_told_goes_before_the_dialect() -> None:
    found = read("email;note\na@example.com;'x\\'y;z'\n", dialect=FileDialect.MYSQL_OUTFILE, delimiter=";", quote="'")

    assert found.values == {2: ["a@example.com", "x'y;z"]}


def test_all_parts_are_read_by_one_dialect() -> None:
    with_quotes = "email,note\n" + "".join(f'p{n}@example.com,"say \\"{n}\\", a\\\\b"\n' for n in range(3))
    without = 'email,note\nq@example.com,"c\\\\d, e"\n'

    found = read(zipped(("part-0.csv", without.encode()), ("part-1.csv", with_quotes.encode())))

    assert [fields[1] for fields in found.values.values()] == ["c\\d, e", *(f'say "{n}", a\\b' for n in range(3))]


def test_what_spark_writes_is_found_where_another_quote_begins_values_too() -> None:
    notes = ["'single'", "'other', one", *NOTES] * 9
    rows = "".join(f"p{n}@example.com,{spark(note)}\n" for n, note in enumerate(notes))

    found = read("email,note\n" + rows)

    assert [fields[1] for fields in found.values.values()] == notes


def test_escapes_far_into_the_file_are_found() -> None:
    notes = ["plain"] * 30_000
    notes[20_000], notes[25_000], notes[29_000] = 'say "hi"', 'a "b", c', "C:\\x, y"
    rows = "".join(f"p{n}@example.com,{spark(note)}\n" for n, note in enumerate(notes))

    found = read("email,note\n" + rows)

    assert [fields[1] for fields in found.values.values()] == notes


def test_a_single_odd_row_of_each_part_is_a_habit_of_all() -> None:
    odd = ['say "hi"', 'q "x" z', "a\\b, c"]
    files = [
        "email,note\n"
        + "".join(f"p{place}-{n}@example.com,plain\n" for n in range(40))
        + f"odd{place}@example.com,{spark(note)}\n"
        for place, note in enumerate(odd)
    ]

    found = read(zipped(*((f"part-{n}.csv", text.encode()) for n, text in enumerate(files))))

    assert found.rejects == []
    assert [found.values[row][1] for row in found.values if found.values[row][0].startswith("odd")] == odd


def test_backslashes_that_are_doubled_outside_quotes_too_are_single_ones() -> None:
    notes = ["C:\\x", "\\\\srv\\y", 'say "hi"', "plain", "a\\b, c"] * 4
    doubled = [note.replace("\\", "\\\\").replace('"', '\\"') for note in notes]
    quoted = [f'"{text}"' if set(text) & set(',"') else text for text in doubled]

    found = read("email,note\n" + "".join(f"p{n}@example.com,{text}\n" for n, text in enumerate(quoted)))

    assert [fields[1] for fields in found.values.values()] == notes


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_the_line_that_ends_a_copy_does_not_hide_what_it_is(end: str) -> None:
    lines = ["email\tname\tnote", "a@example.com\tAna\tone\\ttwo", "b@example.com\t\\N\t\\N", "\\.", ""]

    found = read(end.join(lines))

    assert found.rejects == []
    assert list(found.values.values()) == [["a@example.com", "Ana", "one\ttwo"], ["b@example.com", "", ""]]


def test_what_clickhouse_writes_between_tabs_is_found() -> None:
    found = read("email\tname\tnote\na@example.com\tO\\'Brien\t['x']\nb@example.com\t\\N\tone\\ttwo\n")

    assert list(found.values.values()) == [["a@example.com", "O'Brien", "['x']"], ["b@example.com", "", "one\ttwo"]]


def test_what_a_database_copies_as_text_is_found() -> None:
    notes = [*NOTES, "two\nlines", '"quoted"']
    rows = "".join(f"p{n}@example.com\t{postgres_text(note)}\t\\N\n" for n, note in enumerate(notes))

    found = read("email\tnote\tx\n" + rows)

    assert [fields[1:] for fields in found.values.values()] == [[note.replace("\n", " "), ""] for note in notes]


@pytest.mark.parametrize(
    "notes",
    [
        ["C:\\new\\table", "C:\\Users\\x"],
        ["\\\\server\\share", "\\\\nas\\music"],
        ["C:\\new", "plain"],
        ['"C:\\temp"', '"say ""hi"""'],
    ],
)
def test_backslashes_of_paths_between_tabs_stay(notes: list[str]) -> None:
    rows = "".join(f"p{n}@example.com\t{note}\n" for n, note in enumerate(notes * 3))

    found = read("email\tnote\n" + rows)

    expected = [note[1:-1].replace('""', '"') if note.startswith('"') else note for note in notes * 3]
    assert [fields[1] for fields in found.values.values()] == expected


def test_tabs_behind_a_backslash_are_part_of_what_is_copied() -> None:
    found = read('email\tnote\tx\na@example.com\tone\\\ttwo\tC:\\\\x\nb@example.com\tsay "a"\\n\tD:\\\\y\n')

    assert list(found.values.values()) == [
        ["a@example.com", "one\ttwo", "C:\\x"],
        ["b@example.com", 'say "a"', "D:\\y"],
    ]


def test_a_last_line_without_an_end_doubles_no_quote() -> None:
    found = read('"email","note"\n"a@example.com","say \\"hi\\""\n"b@example.com","\\\\srv\\share"')

    assert list(found.values.values()) == [["a@example.com", 'say "hi"'], ["b@example.com", "\\\\srv\\share"]]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_carriage_return_inside_a_value_of_mysql_ends_no_row(end: str) -> None:
    rows = f"p0@example.com\tcr\r\\\nlf\tx{end}p1@example.com\ta\rb\ty{end}p2@example.com\t\\N\tends\r{end}"

    found = read(f"email\tnote\tx{end}{rows}", dialect=FileDialect.MYSQL_OUTFILE)

    assert found.rejects == []
    assert [fields[1:] for fields in found.values.values()] == [["cr lf", "x"], ["a b", "y"], ["", "ends"]]


def r_table(note: str) -> str:
    return '"' + note.replace('"', '\\"') + '"'


def mysql_quoted(note: str) -> str:
    return '"' + note.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\\n") + '"'


def python_escapechar(note: str) -> str:
    escaped = note.replace("\\", "\\\\").replace('"', '""')
    return f'"{escaped}"' if set(note) & set(',"\n') else escaped


def php(note: str) -> str:
    doubled = re.sub(r'(\\.)|"', lambda found: found[1] or '""', note)
    return f'"{doubled}"' if set(note) & set(',"\\ \t\n') else note


@pytest.mark.parametrize(
    ("write", "notes"),
    [
        (r_table, ["plain", 'say "hi"', 'q\\"q', "C:\\new", "\\\\srv\\x, y"]),
        (mysql_quoted, ["plain", 'say "hi"', "two\nlines", "ends in \\", "\\\nback", "cr\r\nlf"]),
        (php, ["plain", 'say "hi"', "C:\\new", "ends in \\", 'q\\"q', '{"a": "b \\"c\\""}', "a\\b, c", "two\nlines"]),
        (python_escapechar, ["plain", 'say "hi"', "C:\\new", "a\\b, c", 'q\\"q', "ends in \\", "two\nlines"]),
    ],
)
def test_what_others_write_with_backslashes_is_found(write: Callable[[str], str], notes: list[str]) -> None:
    rows = "".join(f"p{n}@example.com,{write(note)},x\n" for n, note in enumerate(notes * 5))

    found = read("email,note,x\n" + rows)

    assert found.rejects == []
    lines = [note.replace("\r\n", " ").replace("\n", " ") for note in notes * 5]
    assert [fields[1] for fields in found.values.values()] == lines


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("says_more", [True, False])
def test_mysql_escapes_the_first_sign_of_the_files_own_line_end_inside_quotes(end: str, says_more: bool) -> None:
    notes = ["plain", "C:\\new", "two\nlines", "cr\r\nlf", "\\\nback", *(['say "hi"'] if says_more else [])] * 5

    def write(note: str) -> str:
        escaped = note.replace("\\", "\\\\").replace('"', '\\"').replace(end[0], f"\\{end[0]}")
        return f'"{escaped}"'

    found = read(f"email,note{end}" + "".join(f"p{n}@example.com,{write(x)}{end}" for n, x in enumerate(notes)))

    assert found.rejects == []
    assert [fields[1] for fields in found.values.values()] == [
        note.replace("\r\n", " ").replace("\n", " ") for note in notes
    ]


def test_backslashes_at_line_ends_that_no_pair_stands_beside_stay() -> None:
    notes = ["run a \\\n  --long", "run b \\\n  --longer", "a\nb", "C:\\x"] * 3

    found = read("email,note\n" + "".join(f'p{n}@example.com,"{note}"\n' for n, note in enumerate(notes)))

    assert [fields[1] for fields in found.values.values()] == [note.replace("\n", " ") for note in notes]


def test_pairs_of_backslashes_inside_quotes_alone_stay_where_quotes_are_doubled() -> None:
    rows = "".join(f'p{n}@example.com,"{{""path"": ""C:\\\\x""}}"\n' for n in range(9))

    found = read("email,note\n" + rows)

    assert {fields[1] for fields in found.values.values()} == {'{"path": "C:\\\\x"}'}


def test_pairs_of_backslashes_in_no_sound_row_tell_nothing() -> None:
    sound = "".join(f"p{n}@example.com,x\n" for n in range(30))

    found = read(f'email,note\n{sound}b@example.com,"q\\\\" z\n')

    assert found.reasons == {32: "row_unreadable"}


def test_the_delimiter_is_found_where_every_row_has_escaped_quotes() -> None:
    rows = "".join(f'"{n}"|"p{n}@example.com"|"{{\\"site\\":\\"a, b\\"}}"\n' for n in range(20))

    found = read(rows, header=False, columns=("id", "email", "note"))

    assert found.rejects == []
    assert {fields[2] for fields in found.values.values()} == {'{"site":"a, b"}'}


def commons_without_quotes(note: str) -> str:
    codes = {"\\": "\\\\", ",": "\\,", "\n": "\\n", "\r": "\\r"}
    return "".join(codes.get(sign, sign) for sign in note)


def redshift_quoted(note: str) -> str:
    return '"' + re.sub(r"([\\\"'|\n])", r"\\\1", note) + '"'


@pytest.mark.parametrize(
    ("write", "delimiter", "notes"),
    [
        (commons_without_quotes, ",", ["a, b", "one\ntwo", "C:\\x", "plain"]),
        (redshift_quoted, "|", ["O'Neil", "'single'", "plain", "it's"]),
        (redshift_quoted, "|", ["O'Neil", "a|b", "C:\\x", "it's"]),
    ],
)
def test_signs_that_always_have_a_backslash_show_an_escape(
    write: Callable[[str], str], delimiter: str, notes: list[str]
) -> None:
    rows = "".join(f"{delimiter.join((f'p{n}@example.com', write(note)))}\n" for n, note in enumerate(notes * 3))

    found = read(f"email{delimiter}note\n{rows}")

    assert [fields[1] for fields in found.values.values()] == [note.replace("\n", " ") for note in notes * 3]


def test_codes_beside_quotes_that_mean_nothing_do_no_harm() -> None:
    rows = [f'p{n}@example.com\tone "two" three, four\\nfive' for n in range(20)]

    found = read("email\tnote\n" + "".join(f"{row}\n" for row in rows))

    assert [fields[1] for fields in found.values.values()] == [row.split("\t")[1] for row in rows]
    assert "backslashes" in found.result.notes


@pytest.mark.parametrize("row", ["a@example.com,one\\ntwo", 'a@example.com,"O\\\'Neil"', 'a@example.com,"a\\,b"'])
def test_backslashes_that_may_be_escapes_or_codes_stay_and_are_noted(row: str) -> None:
    found = read(f"email,note\n{row}\n")

    assert list(found.values.values()) == [[field.strip('"') for field in row.split(",", 1)]]
    assert "file.escape" in found.result.notes["backslashes"]


def test_values_that_mysql_encloses_are_known_by_most_rows_having_them() -> None:
    notes = ["a, b", 'say "hi"', "one\ntwo", "C:\\x"]
    enclosed = ['"' + re.sub(r'([\\"\n])', r"\\\1", note) + '"' for note in notes]
    bare = ['"quoted" at the beginning', "plain", "plain", "plain"]

    found = read(
        "email,note\n" + "".join(f"p{n}@example.com,{text}\n" for n, text in enumerate(enclosed)),
        dialect=FileDialect.MYSQL_OUTFILE,
    )
    others = read(
        "email\tnote\n" + "".join(f"p{n}@example.com\t{text}\n" for n, text in enumerate(bare)),
        dialect=FileDialect.MYSQL_OUTFILE,
    )

    assert [fields[1] for fields in found.values.values()] == [note.replace("\n", " ") for note in notes]
    assert [fields[1] for fields in others.values.values()] == bare


def test_quotes_between_hives_delimiters_are_part_of_values_unless_one_needs_them() -> None:
    notes = [*["plain"] * 20, '"quoted"', 'say "hi"', '""', '6" pan']
    needed = [*["plain"] * 20, '"quoted"', '"say ""hi"""']
    written, others = (
        read("email\x01note\n" + "".join(f"p{n}@example.com\x01{note}\n" for n, note in enumerate(texts)))
        for texts in (notes, needed)
    )

    assert [fields[1] for fields in written.values.values()] == notes
    assert [fields[1] for fields in others.values.values()][20:] == ["quoted", 'say "hi"']


def test_two_stray_quotes_lose_their_own_rows_alone() -> None:
    rows = [f"p{n}@example.com,Ana,{n}\n" for n in range(60)]
    rows[20], rows[30] = 'p20@example.com,",20\n', 'p30@example.com,",30\n'

    found = read("email,name,points\n" + "".join(rows))

    assert found.reasons == {22: "row_unreadable", 32: "row_unreadable"}
    assert len(found.values) == 58


def test_a_few_quotes_that_no_value_needs_are_said_in_the_notes() -> None:
    plain = "".join(f"p{n}@example.com,Ana\n" for n in range(9))

    found = read('email,name\nx@example.com,"Bo"\n' + plain)

    assert found.values[2] == ["x@example.com", "Bo"]
    assert "file.quote: none" in found.result.notes["quotes"]
    assert "quotes" not in read("email,name\n" + plain).result.notes
