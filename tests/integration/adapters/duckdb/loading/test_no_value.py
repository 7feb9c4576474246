"""What stands for no value in files of databases and programs: it is empty, counted, and says nothing of consent."""

from __future__ import annotations

from pathlib import Path

import pytest

from listrak_relay.domain.run.manifest import FieldType
from tests.support.files.audience_files import SMS, read, read_file
from tests.support.files.packed import zipped
from tests.support.files.workbook import workbook

HEAD = "email,opt_out,points\n"


def test_a_null_mark_outside_quotes_is_empty_and_counted() -> None:
    found = read("email,city,points\na@example.com,\\N,1\nb@example.com,Oslo,\\N\n")

    assert found.values == {2: ["a@example.com", "", "1"], 3: ["b@example.com", "Oslo", ""]}
    assert [column.data_type for column in found.result.columns] == [FieldType.TEXT, FieldType.NUMERIC]
    assert (found.result.notes["null_words_read_as_empty"], found.result.notes["way"]) == (2, "fast")


def test_it_is_empty_beside_values_with_delimiters_and_still_read_fast() -> None:
    found = read('email,city,note\na@example.com,\\N,"x, y"\nb@example.com,"a ""b""",\\N\n')

    assert found.values == {2: ["a@example.com", "", "x, y"], 3: ["b@example.com", 'a "b"', ""]}
    assert (found.result.notes["null_words_read_as_empty"], found.result.notes["way"]) == (2, "fast")


def test_inside_quotes_it_is_text() -> None:
    found = read('email,city\na@example.com,"\\N"\nb@example.com,\\N\n')

    assert found.values == {2: ["a@example.com", "\\N"], 3: ["b@example.com", ""]}
    assert found.result.notes["null_words_read_as_empty"] == 1


R = '"email","city","points","since"\n"a@example.com",NA,1,2026-01-31\n"b@example.com","Oslo",NA,NA\n'


def test_the_only_word_outside_quotes_where_all_texts_are_inside_stands_for_no_value() -> None:
    found = read(R)

    assert found.values == {2: ["a@example.com", "", "1", "01/31/2026"], 3: ["b@example.com", "Oslo", "", ""]}
    assert (found.result.notes["null_words_read_as_empty"], found.result.notes["way"]) == (3, "fast")
    assert found.result.notes["words_for_no_value_outside_quotes"] == ["NA"]


def test_inside_quotes_the_same_word_is_text() -> None:
    found = read(R + '"c@example.com","NA",2,NA\n')

    assert found.values[4] == ["c@example.com", "NA", "2", ""]
    assert found.result.notes["null_words_read_as_empty"] == 4


def test_a_word_outside_quotes_is_text_beside_other_texts_that_are() -> None:
    found = read('email,city\na@example.com,NA\nb@example.com,"Oslo, Norway"\n')

    assert found.values == {2: ["a@example.com", "NA"], 3: ["b@example.com", "Oslo, Norway"]}


@pytest.mark.parametrize("word", ["NULL", "null", "nan", "<NA>"])
def test_the_word_in_columns_of_numbers_stands_for_no_value_in_columns_of_texts_too(word: str) -> None:
    rows = [f"p{n}@example.com\tAna {n}\t{n}\n" for n in range(3)]
    found = read("email\tcity\tpoints\n" + "".join(rows) + f"x@example.com\t{word}\t{word}\n")

    assert found.values[5] == ["x@example.com", "", ""]
    assert found.result.notes["words_for_no_value_outside_quotes"] == [word]


@pytest.mark.parametrize(("word", "points"), [("NULL", "3"), ("NA", "NA"), ("None", "None"), ("NULL", "Oslo")])
def test_a_word_that_is_in_no_column_of_numbers_or_may_be_a_name_stays_text(word: str, points: str) -> None:
    rows = [f"p{n}@example.com,Ana {n},{n}\n" for n in range(3)]
    found = read("email,city,note\n" + "".join(rows) + f"x@example.com,{word},{points}\ny@example.com,{word},3\n")

    assert found.values[5] == ["x@example.com", word, points]


SINCE = ("2026-01-31", "2026-02-01", "1/31/2026")


def _people(word: str, quote: str = "", blank: str = "") -> str:
    """Three people of whom all is known, if ``blank`` is not one of them, and two of whom little is."""
    quoted = [[f"p{n}@example.com", "Ana, Jr." if quote else "Ana", f"{n}", SINCE[n]] for n in range(3)]
    quoted[0][2] = blank or "0"
    quoted += [["x@example.com", word, word, word], ["y@example.com", "Ben", "7", word]]
    lines = (",".join(f"{quote}{value}{quote}" for value in line) for line in quoted)
    return "email,city,points,since\n" + "".join(f"{line}\n" for line in lines)


@pytest.mark.parametrize("word", ["NA", "N/A", "None", "-"])
def test_a_word_that_may_be_a_name_stands_for_no_value_where_numbers_and_dates_show_it(word: str) -> None:
    found = read(_people(word))

    assert found.values[5] == ["x@example.com", "", "", ""]
    assert found.result.notes["words_for_no_value_outside_quotes"] == [word]


@pytest.mark.parametrize("word", ["NULL", "NA", "nan", "\\N"])
def test_whoever_quotes_the_word_in_columns_of_numbers_quotes_it_in_texts_too(word: str) -> None:
    found = read(_people(word, '"'))

    assert found.values[5] == ["x@example.com", "", "", ""]
    assert found.result.notes["words_for_no_value"] == [word]


@pytest.mark.parametrize(("blank", "read_as"), [("Oslo", ""), ("", "NULL")])
def test_two_columns_of_texts_show_a_word_of_databases_in_a_file_without_blanks(blank: str, read_as: str) -> None:
    found = read(f"email,name,city\na@example.com,Ana,{blank}\nb@example.com,NULL,Rome\nc@example.com,Cy,NULL\n")

    assert (found.values[3][1], found.values[4][2]) == (read_as, read_as)


def test_inside_quotes_a_word_that_no_column_of_numbers_shows_is_text() -> None:
    found = read('"email","city","points"\n' + "".join(f'"p{n}@example.com","NULL","{n}"\n' for n in range(5)))

    assert found.values[2] == ["p0@example.com", "NULL", "0"]


@pytest.mark.parametrize("none", ["\\N", "NULL"])
@pytest.mark.parametrize("word", ["nan", "NA"])
def test_where_another_word_stands_for_no_value_a_text_that_is_like_one_is_text(word: str, none: str) -> None:
    found = read(_people(word, blank=none) + f"z@example.com,Oslo,{none},2026-01-31\n")

    assert found.values[2][:3] == ["p0@example.com", "Ana", ""]
    assert found.values[5][1] == word


def test_where_numbers_are_left_blank_nan_is_no_number_and_a_text_of_that_name_stays() -> None:
    rows = "p@example.com,Ana,1.125,2\nq@example.com,Ben,inf,\nr@example.com,Cy,2.5,7\ns@example.com,Di,1,8\n"
    found = read("email,city,ratio,points\n" + rows + "x@example.com,nan,nan,1\ny@example.com,Di,nan,\n")

    assert found.values[6] == ["x@example.com", "nan", "nan", "1"]
    assert "words_for_no_value_outside_quotes" not in found.result.notes


def test_a_word_in_number_columns_of_a_sheet_stands_for_no_value_in_all(tmp_path: Path) -> None:
    people = [[f"p{n}@example.com", "Ana", n] for n in range(3)]
    found = read_file(tmp_path, workbook([["email", "city", "points"], *people, ["x@example.com", "NULL", "NULL"]]))

    assert found.values[5] == ["x@example.com", "", ""]
    assert found.result.notes["words_for_no_value"] == ["NULL"]


def test_it_is_found_where_columns_are_filled_up_with_spaces_as_sqlcmd_does() -> None:
    rows = [f"p{n}@example.com,Ana {n} ,     {n}\r\n" for n in range(3)]
    lines = "email         ,city   ,points\r\n--------------,-------,------\r\n"
    found = read(lines + "".join(rows) + "x@example.com ,NULL   ,  NULL\r\n\r\n(4 rows affected)\r\n")

    assert found.values[6] == ["x@example.com", "", ""]
    assert found.reasons == {2: "email_invalid", 8: "row_too_short"}


def test_in_a_column_of_consent_it_says_nothing_of_it() -> None:
    rows = [f"p{n}@example.com,{n % 2},{n}\n" for n in range(4)]
    found = read("email,opt_out,points\n" + "".join(rows) + "x@example.com,NULL,NULL\ny@example.com,NULL,1\n")

    assert found.reasons == {6: "opt_status_blank", 7: "opt_status_blank"}


def test_parts_of_one_drop_know_the_word_that_one_of_them_shows() -> None:
    rows = "".join(f"p{n}@example.com,Ana,{n}\n" for n in range(3))
    first = f"email,city,points\n{rows}x@example.com,NULL,NULL\n"
    found = read(zipped(("1.csv", first.encode()), ("2.csv", b"email,city,points\ny@example.com,NULL,1\n")))

    assert [row[1] for row in found.values.values()] == ["Ana", "Ana", "Ana", "", ""]


def test_it_says_nothing_of_consent() -> None:
    found = read('"email","opt_out"\n"a@example.com",NULL\n"b@example.com","no"\n')

    assert found.reasons == {2: "opt_status_blank"}


@pytest.mark.parametrize("mark", ["\\N", '"\\N"'])
def test_under_an_escape_it_says_nothing_of_consent(mark: str) -> None:
    found = read(HEAD + f"a@example.com,{mark},1\nb@example.com,N,2\nc@example.com,no,{mark}\n", escape="\\")

    assert found.reasons == {2: "opt_status_blank"}
    assert found.values == {3: ["b@example.com", "2"], 4: ["c@example.com", ""]}


def test_told_words_count_wherever_they_are() -> None:
    found = read('email,a,b\na@example.com,NULL,"n/a"\nb@example.com,NULLS,\\N\n', null_word=("NULL", "n/a"))

    assert found.values == {2: ["a@example.com", "", ""], 3: ["b@example.com", "NULLS", ""]}
    assert found.result.notes["null_words_read_as_empty"] == 3


def test_json_has_nan_for_no_value_and_keeps_text() -> None:
    found = read('[{"email": "a@example.com", "points": NaN, "code": "\\\\N"}]')

    assert found.values == {1: ["a@example.com", "", "\\N"]}


def test_json_has_numbers_that_are_infinite_as_text() -> None:
    found = read('[{"email": "a@example.com", "points": Infinity, "more": [-Infinity]}]')

    assert found.values == {1: ["a@example.com", "Infinity", "[-Infinity]"]}


def test_a_cell_of_a_sheet_may_hold_one(tmp_path: Path) -> None:
    body = workbook([["email", "city"], ["a@example.com", "\\N"]])

    assert read_file(tmp_path, body).values == {2: ["a@example.com", ""]}


def test_a_null_mark_in_a_contact_column_is_a_missing_contact(tmp_path: Path) -> None:
    found = read_file(tmp_path, "phone,opt_in\n\\N,yes\n17175550100,yes\n", SMS)

    assert found.reasons == {2: "phone_missing"}


@pytest.mark.parametrize("word", ["NULL", "(null)", "[NULL]"])
def test_a_word_that_is_there_again_and_again_among_texts_stands_for_no_value(word: str) -> None:
    found = read(
        f"email\tname\tcity\na@example.com\t{word}\tRome\nb@example.com\tAna\t{word}\nc@example.com\tBo\tOslo\n"
    )

    assert found.values[2][1:] == ["", "Rome"]
    assert found.values[3][1:] == ["Ana", ""]
    assert found.result.notes["words_for_no_value_outside_quotes"] == [word]


@pytest.mark.parametrize(
    "rows",
    [
        ["a@example.com\tNULL\tRome", "b@example.com\tAna\tOslo"],
        ["a@example.com\tNULL\tROME", "b@example.com\tNULL\tNICE", "c@example.com\tBO\tOSLO"],
        ["a@example.com\tNULL\tRome", "b@example.com\tAna\tNULL", "c@example.com\tBo\t\\N"],
        ['a@example.com\tNULL\t"Rome"', "b@example.com\tNULL\tNice", "c@example.com\tAna\tOslo"],
    ],
    ids=["once", "among capitals", "beside a mark", "beside quotes"],
)
def test_it_stays_text_where_that_may_be_meant(rows: list[str]) -> None:
    assert read("\n".join(["email\tname\tcity", *rows, ""])).values[2][1] == "NULL"


def test_what_clickhouse_writes_for_no_value_is_none() -> None:
    written = (
        '{"meta": [], "data": [{"email": "a@example.com", "name": "ᴺᵁᴸᴸ"}, {"email": "b@example.com", "name": "Bo"}]}'
    )

    assert [fields[1] for fields in read(written).values.values()] == ["", "Bo"]
    assert [fields[1] for fields in read("email\tname\na@example.com\tᴺᵁᴸᴸ\n").values.values()] == [""]
