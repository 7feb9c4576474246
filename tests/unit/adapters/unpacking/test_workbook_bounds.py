"""Bounds of a workbook: they are never below what is there, and what they cannot tell they do not prove."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listrak_relay.adapters.unpacking.workbook_bounds import SheetBounds, TextBounds

PLACES = st.tuples(st.integers(1, 16_384), st.integers(1, 1_048_576))


def letters(column: int) -> str:
    found = ""
    while column:
        column, letter = divmod(column - 1, 26)
        found = chr(65 + letter) + found
    return found


def sheet_bounds(sheet: bytes, cuts: list[int]) -> SheetBounds:
    bounds, start = SheetBounds(), 0
    for end in [*sorted(cut % (len(sheet) + 1) for cut in cuts), len(sheet)]:
        bounds.feed(sheet[start:end])
        start = end
    return bounds


@given(
    st.lists(st.tuples(PLACES, st.sampled_from(["", ' s="1"', ' t="s"', ' s="1" t="s"'])), min_size=1, max_size=9),
    st.lists(st.integers(0, 999), max_size=5),
)
def test_the_block_of_all_cells_is_found_wherever_the_text_is_cut(
    cells: list[tuple[tuple[int, int], str]], cuts: list[int]
) -> None:
    sheet = "<worksheet><cols><col/></cols><sheetData>" + "".join(
        f'<row><c r="{letters(column)}{row}"{more}><v>1</v></c></row>' for (column, row), more in cells
    )

    bounds = sheet_bounds(sheet.encode() + b"</sheetData></worksheet>", cuts)

    columns, rows = zip(*(place for place, _ in cells), strict=True)
    assert bounds.regular
    assert bounds.has_cells
    assert bounds.cells == (max(columns) - min(columns) + 1) * (max(rows) - min(rows) + 1)
    assert bounds.shared == sum('t="s"' in more for _, more in cells)


@pytest.mark.parametrize(
    "cell",
    [
        "<c><v>1</v></c>",
        '<c s="1" r="XFD1"><v>1</v></c>',
        "<c r='XFD1'><v>1</v></c>",
        '<c  r="XFD1"><v>1</v></c>',
        '<c\nr="XFD1"><v>1</v></c>',
        '<c r="XFD&#49;"><v>1</v></c>',
        '<c r="XFDA1"><v>1</v></c>',
        "<c r=\"A1\" t='s'><v>1</v></c>",
        '<c r="A1" t = "s"><v>1</v></c>',
        '<x:c r="XFD1"><x:v>1</x:v></x:c>',
        "<!-- --><c/>",
        "<![CDATA[ ]]>",
    ],
)
def test_what_is_not_written_as_programs_write_it_is_not_proved(cell: str) -> None:
    sheet = f"<worksheet><sheetData><row>{cell}</row></sheetData></worksheet>"

    assert not sheet_bounds(sheet.encode(), []).regular
    assert not sheet_bounds(sheet.encode("utf-16"), []).regular


@given(st.lists(st.text("aé<&", max_size=9), min_size=1, max_size=5), st.lists(st.integers(0, 99), max_size=4))
def test_no_shared_text_is_longer_than_its_bound(texts: list[str], cuts: list[int]) -> None:
    escaped = [text.replace("&", "&amp;").replace("<", "&lt;") for text in texts]
    body = ("<sst>" + "".join(f"<si><t>{text}</t></si>" for text in escaped) + "</sst>").encode()
    bounds, start = TextBounds(), 0
    for end in [*sorted(cut % (len(body) + 1) for cut in cuts), len(body)]:
        bounds.feed(body[start:end])
        start = end

    assert bounds.regular
    assert bounds.longest >= max(map(len, texts))
