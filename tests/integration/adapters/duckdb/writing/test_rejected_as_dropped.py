"""The rejects file tells a row as it stands in the file, whatever way it was read."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.files.audience_files import read
from tests.support.files.packed import zipped
from tests.support.files.workbook import workbook

SOUND = "a@example.com"


@pytest.mark.parametrize(
    ("head", "sound", "bad"),
    [
        ("email;n\n", f"{SOUND};1\n", ' nope ;" x;y "'),
        ("email,n\n", f"{SOUND},1\n", 'nope,"two\nlines"'),
        ("Report\n\nemail,n\n", f'{SOUND},"\n"\n', "nope,7 "),
        ("email,n\r\n", f"{SOUND},\\N\r\n", "nope,\\N"),
        ("email,n\n", f'{SOUND},"say \\"hi\\""\n' * 3, 'nope,"\\"x\\""'),
        ("email\tn\n", f"{SOUND}\tone\\ntwo\\\\\n" * 2, "nope\t\\tx"),
        ("", f'{{"email": "{SOUND}"}}\n', '{"email": "nope",  "n": 1.50}'),
    ],
    ids=["semicolons", "line break", "lines before", "no value", "escape", "codes", "ndjson"],
)
def test_a_rejected_row_is_told_as_it_stands_in_the_file(head: str, sound: str, bad: str) -> None:
    found = read(head + sound + bad + "\n" + sound.replace("a@", "b@"))

    assert [reject["record"] for reject in found.rejects] == [bad]


def test_an_element_of_an_array_is_told_as_it_stands_there() -> None:
    found = read(f'[{{"email": "{SOUND}"}},\n {{"email": "nope",  "n": 1.50}}]')

    assert [reject["record"] for reject in found.rejects] == ['{"email": "nope",  "n": 1.50}']


def test_a_row_of_a_sheet_is_told_by_its_cells() -> None:
    found = read(workbook([["email", "n", "x"], [SOUND, 1, "y"], [" nope", 2, "a,b"]]))

    assert [reject["record"] for reject in found.rejects] == [' nope,2,"a,b"']


def test_each_part_has_its_own() -> None:
    parts = [f"email;n\n{SOUND};1\nnope{n}; x\n" for n in range(3)]

    found = read(zipped(*((f"part-{n}.csv", text.encode()) for n, text in enumerate(parts))))

    assert [reject["record"] for reject in found.rejects] == ["nope0; x", "nope1; x", "nope2; x"]


VALUES = st.lists(st.tuples(st.booleans(), st.text('a" ,\n;', max_size=6)), min_size=1, max_size=12)


@given(rows=VALUES, quoting=st.sampled_from([0, 1]))
def test_whatever_the_values_are(rows: Sequence[tuple[bool, str]], quoting: Literal[0, 1]) -> None:
    def line(*fields: str) -> str:
        text = io.StringIO()
        csv.writer(text, lineterminator="\n", quoting=quoting).writerow(fields)
        return text.getvalue().removesuffix("\n")

    lines = [line(f"p{n}{'@' if sound else '-'}example.com", value) for n, (sound, value) in enumerate(rows)]

    found = read("\n".join([line("email", "value"), *lines]) + "\n", max_damaged_percent=100)

    bad = [text for text, (sound, _) in zip(lines, rows, strict=True) if not sound]
    assert [reject["record"] for reject in found.rejects] == bad
