"""JSON that is damaged: what is sound arrives, what is not is named, and no row goes missing in silence."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listrak_relay.domain.destinations.file_rules import FileFormat
from listrak_relay.errors import FileRejectedError
from tests.support.examples import examples
from tests.support.files.audience_files import Read, read

ROWS = [{"email": f"p{n}@example.com", "orders": [{"id": n, "tags": ["x", "y"]}, {"id": 9}]} for n in range(5)]
GOOD = [json.dumps(row) for row in ROWS]


def taken(found: Read) -> list[str]:
    return [fields[0] for fields in found.values.values()]


@examples(50)
@given(
    st.integers(1, len(GOOD[2]) - 1),
    st.sampled_from(["", '"', "{", "}", "[", "]", ",", ":", "\\", "\n"]),
    st.sampled_from([", ", ",\n"]),
)
def test_one_wrong_character_in_an_array_costs_its_element_only(place: int, sign: str, between: str) -> None:
    broken = GOOD[2][:place] + sign + GOOD[2][place + (not sign) :]

    found = read(f"[{between.join([*GOOD[:2], broken, *GOOD[3:]])}]", max_damaged_percent=100)

    others = [f"p{n}@example.com" for n in (0, 1, 3, 4)]
    # A quote too many can pair with the next element's first one; then that element is named too.
    assert set(others) <= {*taken(found), *(e for e in others if any(e in r["record"] for r in found.rejects))}


@pytest.mark.parametrize(
    ("body", "rows", "damaged"),
    [
        (f"[{GOOD[0]},{GOOD[1]},]", [1, 2], {3: "row_not_json"}),
        (f"[,{GOOD[0]}]", [2], {1: "row_not_json"}),
        (f"[{GOOD[0]}{GOOD[1]},{GOOD[2]}]", [1, 3], {2: "row_not_json"}),
        (f"[{GOOD[0]}],{GOOD[1]},{GOOD[2]}]", [1, 3, 4], {2: "row_not_json"}),
        (f"[{GOOD[0]}] the end", [1], {2: "row_not_json"}),
        (f"[{GOOD[0]}, {{email: 7}}]", [1], {2: "row_not_json"}),
        (f"null\n{GOOD[0]}\n{GOOD[1]}\n", [2, 3], {1: "row_not_object"}),
        (f"[null,\n{GOOD[0]}]", [2], {1: "row_not_object"}),
    ],
    ids=[
        "comma at the end",
        "comma at the start",
        "comma missing",
        "bracket too many",
        "text behind the end",
        "last element",
        "first line",
        "first element",
    ],
)
def test_what_is_wrong_is_a_row_of_its_own(body: str, rows: list[int], damaged: dict[int, str]) -> None:
    found = read(body, max_damaged_percent=100)

    assert (list(found.values), found.reasons) == (rows, damaged)


@pytest.mark.parametrize("big", ["first", "last", "key"])
def test_a_text_of_fifty_megabytes_costs_its_element_only(big: str) -> None:
    text = "x" * 50_000_000
    elements = [f'{{"email": "a@example.com", "n": "{text}"}}', '{"email": "b@example.com", "n": "1"}']
    if big == "key":
        elements[0] = f'{{"{text}": 1}}'
    if big == "last":
        elements.reverse()

    found = read(f"[{','.join(elements)}]", max_damaged_percent=100)

    assert taken(found) == ["b@example.com"]
    assert list(found.reasons.values()) == ["row_too_large"]


def test_a_million_blank_lines_behind_a_damaged_element_are_passed_over() -> None:
    blank = "\n" * 1_000_000

    found = read(f'[{{"email": p@example.com}}{blank},{GOOD[0]}]', max_damaged_percent=100)

    assert (list(found.values), found.reasons) == ([2], {1: "row_not_json"})


@pytest.mark.usefixtures("no_garbage")
@pytest.mark.parametrize("depth", [150, 2_000, 100_000])
def test_values_nested_too_deep_cost_their_row_only(depth: int) -> None:
    deep = f'{{"email": "a@example.com", "orders": {"[" * depth}{"]" * depth}}}'

    for body in (f"{deep}\n{GOOD[0]}\n", f"[{deep},{GOOD[0]}]"):
        found = read(body, max_damaged_percent=100)
        assert (taken(found), found.reasons) == (["p0@example.com"], {1: "row_not_json"})


@pytest.mark.parametrize(
    ("body", "by"),
    [
        ('{"email":{"0":"a@example.com","1":"b@example.com"},"name":{"0":"Ana","1":"Bo"}}', "columns"),
        ('{"email":{"0":"a@example.com"}}', "columns"),
        ('{"0":{"email":"a@example.com"},"1":{"email":"b@example.com"}}', "row numbers"),
        ('{"columns":["email"],"index":[0],"data":[["a@example.com"]]}', "columns and data"),
    ],
)
def test_a_table_written_as_one_object_says_how_to_write_rows(body: str, by: str) -> None:
    with pytest.raises(FileRejectedError, match=f"all rows, by {by}, .*orient='records'") as caught:
        read(body)

    assert caught.value.code == "json_unreadable"


@pytest.mark.parametrize(
    ("body", "kind", "code"),
    [
        ('[["email"], ["a@example.com"]]', None, "json_unreadable"),
        (GOOD[0], FileFormat.JSON, "format_unsupported"),
        ("email\na@example.com\n", FileFormat.NDJSON, "json_unreadable"),
        ("[{}]", None, "file_empty"),
        ('{"data": {"customers": [{"email": "a@example.com"}]}}', None, "json_unreadable"),
        ('{"data": [{"email": "a@example.com"}], "included": [{"type": "x"}]}', None, "json_unreadable"),
        ('{"data": {"email": "a@example.com"}}\n{"data": {"email": "b@example.com"}}\n', None, "json_unreadable"),
    ],
)
def test_json_without_rows_says_what_it_should_be(body: str, kind: FileFormat | None, code: str) -> None:
    with pytest.raises(FileRejectedError) as caught:
        read(body, format=kind)

    assert caught.value.code == code


def test_an_object_with_two_values_under_one_key_is_named() -> None:
    sound = [f'{{"email": "p{n}@example.com", "n": {n}}}' for n in range(60)]
    twice = [
        '{"email": "a@example.com", "n": 1, "n": 2}',
        '{"email": "b@example.com", "n": 1, "n": 1}',
        '{"email": "c@example.com", "n": {"x": [{"y": 1, "y": 2}]}}',
    ]

    in_lines = read("\n".join((*twice, *sound)))
    in_array = read(f"[{','.join((*twice, *sound))}]")

    for found in (in_lines, in_array):
        assert found.reasons == {1: "row_key_twice", 3: "row_key_twice"}
        assert found.values[2] == ["b@example.com", "1"]


def test_the_rows_are_read_where_clickhouse_describes_the_columns_before_them() -> None:
    described = '"meta": [{"name": "email", "type": "String"}, {"name": "n", "type": "Int64"}]'
    rows = '"data": [{"email": "a@example.com", "n": "1"}, {"email": "b@example.com", "n": "2"}]'

    found = read(f'{{\n\t{described},\n\n\t{rows},\n\n\t"rows": 2,\n\n\t"statistics": {{"elapsed": 0.1}}\n}}')

    assert found.values == {1: ["a@example.com", "1"], 2: ["b@example.com", "2"]}


def test_rows_without_names_beside_a_description_are_refused_as_what_they_are() -> None:
    with pytest.raises(FileRejectedError, match="by meta and data"):
        read('{"meta": [{"name": "email", "type": "String"}], "data": [["a@example.com"]], "rows": 1}')


@pytest.mark.parametrize(
    "text",
    [
        '[{"email": "a@example.com"}, \\n {"email": "b@example.com"}]\n',
        '{"email": "a@example.com", "note": "say \\\\"hi\\\\""}\n',
    ],
    ids=["an array", "an object on each line"],
)
def test_json_that_a_database_has_copied_as_text_is_refused_as_what_it_is(text: str) -> None:
    with pytest.raises(FileRejectedError, match="Postgres's COPY"):
        read(text)


def test_codes_inside_its_texts_are_none_of_a_copy() -> None:
    found = read('[{"email": "a@example.com", "note": "[{}, \\n {\\"a\\": 1}]"}]')

    assert found.values == {1: ["a@example.com", '[{},   {"a": 1}]']}


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (
            '{"email": "a@example.com"',
            "Row 1: The row is not valid JSON; write each object by a JSON library. Write one",
        ),
        ('["a@example.com"]\n["b@example.com"]\n', "Row 1: The row is JSON but no object"),
    ],
)
def test_what_has_no_object_says_in_words_why(body: str, why: str) -> None:
    with pytest.raises(FileRejectedError, match=why):
        read(body, format=FileFormat.NDJSON)
