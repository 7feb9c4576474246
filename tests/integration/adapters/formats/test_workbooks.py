"""Excel files of many kinds: which sheet is read, how values come out, what is refused before it fills the memory."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from listrak_relay.adapters.formats.workbook_records import open_sheet
from listrak_relay.adapters.unpacking.workbook_limits import check_workbook
from listrak_relay.domain.destinations.file_rules import FileRules
from listrak_relay.errors import FileRejectedError
from tests.support.files.audience_files import read
from tests.support.files.workbook import workbook

ROWS: list[list[object]] = [["email", "n"], ["a@example.com", 1]]
SHEET = "xl/worksheets/sheet1.xml"


def changed(change: Callable[[str, str], str], **more: str) -> bytes:
    """The workbook of `ROWS`, each part passed through ``change``, and further parts."""
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook(ROWS))) as old, zipfile.ZipFile(packed, "w") as new:
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name).decode()))
        for name, body in more.items():
            new.writestr(name.replace("__", "/").replace("_", "."), body)
    return packed.getvalue()


def with_rows(rows: str) -> bytes:
    return changed(lambda name, body: body.replace("</sheetData>", f"{rows}</sheetData>") if name == SHEET else body)


def with_sheet_before(attributes: str, data: str) -> bytes:
    def change(name: str, body: str) -> str:
        if name == "xl/workbook.xml":
            return body.replace("<sheets>", f'<sheets><sheet name="Before" sheetId="9" r:id="r9" {attributes}/>')
        if name == "xl/_rels/workbook.xml.rels":
            kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet"
            part = f'<Relationship Id="r9" Type="{kind}" Target="worksheets/before.xml"/>'
            return body.replace("</Relationships>", f"{part}</Relationships>")
        return body

    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    sheet = f'<worksheet xmlns="{main}"><sheetData>{data}</sheetData></worksheet>'
    return changed(change, xl__worksheets__before_xml=sheet)


@pytest.mark.parametrize(
    ("attributes", "data"),
    [("", ""), ('state="hidden"', "<row><c><v>1</v></c></row>"), ('state="veryHidden"', "<row><c><v>1</v></c></row>")],
    ids=["empty", "hidden", "very hidden"],
)
def test_the_first_sheet_that_can_be_seen_and_is_not_empty_is_read(attributes: str, data: str) -> None:
    found = read(with_sheet_before(attributes, data))

    assert found.values == {2: ["a@example.com", "1"]}
    assert found.result.notes["sheet"] == "People"


def test_sheets_that_are_not_read_are_noted() -> None:
    found = read(with_sheet_before("", "<row><c><v>1</v></c></row>"), sheet="People")

    assert found.result.notes["sheets_not_read"] == ["Before"]


@pytest.mark.parametrize(
    ("stored", "text"),
    [
        ("17175550100", "17175550100"),
        ("1.71755501E10", "17175550100"),
        ("4111111111111111", "4111111111111111"),
        ("9007199254740991", "9007199254740991"),
        ("9.007199254740993E+18", "9007199254740990000"),
        ("1E+20", "100000000000000000000"),
        ("0.00001", "0.00001"),
        ("-0.5", "-0.5"),
    ],
)
def test_numbers_come_without_an_exponent(stored: str, text: str) -> None:
    found = read(with_rows(f'<row><c t="inlineStr"><is><t>b@example.com</t></is></c><c><v>{stored}</v></c></row>'))

    assert found.values[3] == ["b@example.com", text]


@pytest.mark.parametrize(
    "rows",
    [
        '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
        '<row><c r="ZZZZZZ99999999999"><v>1</v></c></row>',
        '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576" s="1"><v>1</v></c></row>',
        '<x:row xmlns:x="x" r="1048576"><x:c r="A3"><x:v>1</x:v></x:c><x:c r="XFD1048576"><x:v>1</x:v></x:c></x:row>',
    ],
)
def test_a_value_far_from_the_rows_is_refused_before_it_takes_the_memory(rows: str) -> None:
    with pytest.raises(FileRejectedError, match="stands apart") as caught:
        read(with_rows(rows))

    assert caught.value.code == "file_too_large"


def test_an_empty_cell_far_from_the_rows_does_no_harm() -> None:
    found = read(with_rows('<row r="1048576"><c r="XFD1048576" s="1"/></row>'))

    assert found.values == {2: ["a@example.com", "1"]}


def test_a_text_that_many_cells_share_counts_once_for_each(tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    cells = '<row><c t="s"><v>0</v></c></row>' * 30
    texts = f"<sst><si><t>{'x' * 50_000}</t></si></sst>"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr(SHEET, f"<worksheet><sheetData>{cells}</sheetData></worksheet>")
        archive.writestr("xl/sharedStrings.xml", texts)

    check_workbook(path, "people.xlsx", 1_600_000)
    with pytest.raises(FileRejectedError, match="texts in the cells"):
        check_workbook(path, "people.xlsx", 1_400_000)


def test_parts_that_are_no_xml_do_no_harm() -> None:
    found = read(changed(lambda _, body: body, xl__media__image1_png="\x89PNG\r\n"))

    assert found.values == {2: ["a@example.com", "1"]}


@pytest.mark.parametrize("end", ["<row><c", "&lol;", "\x01"])
def test_a_sheet_that_is_no_xml_is_refused(end: str) -> None:
    with pytest.raises(FileRejectedError) as caught:
        read(with_rows(end))

    assert caught.value.code == "workbook_unreadable"


def test_a_binary_workbook_says_what_to_do() -> None:
    with pytest.raises(FileRejectedError, match=r"\.xlsx") as caught:
        read(changed(lambda _, body: body, xl__workbook_bin="x"))

    assert caught.value.code == "format_unsupported"


def test_a_panic_of_the_library_writes_nothing_to_the_log(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "x.xlsx"
    path.write_bytes(with_rows('<row><c r="ZZZZZZ99999999999"><v>1</v></c></row>'))

    with pytest.raises(FileRejectedError):
        open_sheet(path, "people.xlsx", FileRules(), None)

    assert capfd.readouterr().err == ""


def test_zeros_that_a_number_format_shows_are_kept() -> None:
    found = read(
        workbook(
            [["email", "zip"], ["a@example.com", 2139], ["b@example.com", "x"], ["c@example.com", 2139.4]], "00000"
        )
    )

    assert found.values == {2: ["a@example.com", "02139"], 3: ["b@example.com", "x"], 4: ["c@example.com", "02139"]}


@pytest.mark.parametrize(
    ("number_format", "number", "shown"),
    [
        ("00000-0000", 21391234, "02139-1234"),
        ("00000\\-0000", 7, "00000-0007"),
        ("000\\-00\\-0000", 1234567890, "1234-56-7890"),
        ("[$-409]00000;@", 2139, "02139"),
        ("00000", -12, "-00012"),
        ("&quot;N-&quot;000", 7, "N-007"),
        ("[&lt;=99999]00000;00000-0000", 2139, "02139"),
        ("[&lt;=99999]00000;00000-0000", 21391234, "02139-1234"),
        ("[&lt;=9999999]###-####;(###) ###-####", 2125551001, "2125551001"),
        ("0", 7, "7"),
        ("0.00", 7.5, "7.5"),
        ("#,##0", 1234, "1234"),
        ("[h]:mm", 0, "0:00:00"),
    ],
)
def test_a_number_is_read_with_the_zeros_and_signs_of_its_format(number_format: str, number: float, shown: str) -> None:
    found = read(workbook([["email", "code"], ["a@example.com", number]], number_format))

    assert found.values == {2: ["a@example.com", shown]}


@pytest.mark.parametrize(
    ("stored", "text"),
    [
        ("2026-01-31T17:23:48.000Z", "2026-01-31T17:23:48"),
        ("2026-01-31T00:00:00.000Z", "2026-01-31"),
        ("2026-01-31T17:23:48", "2026-01-31T17:23:48"),
        ("2026-01-31", "2026-01-31"),
    ],
)
def test_a_moment_that_is_stored_as_text_is_read_as_other_moments_are(stored: str, text: str) -> None:
    email = '<c t="inlineStr"><is><t>b@example.com</t></is></c>'

    found = read(with_rows(f'<row>{email}<c t="d"><v>{stored}</v></c></row>'))

    assert found.values[3] == ["b@example.com", text]


@pytest.mark.parametrize(
    ("number", "shown"),
    [(3.3000000000000003, "3.3"), (0.1 + 0.2, "0.3"), (17175550100, "17175550100"), (1e-7, "0.0000001"), (2.5, "2.5")],
)
def test_the_noise_of_fractions_is_not_shown(number: float, shown: str) -> None:
    assert read(workbook([["email", "amount"], ["a@example.com", number]])).values[2][1] == shown


@pytest.mark.parametrize(
    ("number", "shown"), [(26 / 24 + 3 / 1440, "26:03:00"), (0.5, "12:00:00"), (-0.5, "-12:00:00")]
)
def test_a_duration_is_shown_in_hours(number: float, shown: str) -> None:
    assert read(workbook([["email", "length"], ["a@example.com", number]], "[h]:mm:ss")).values[2][1] == shown


def test_a_moment_is_rounded_to_its_second() -> None:
    moment = 46053 + (17 * 3600 + 23 * 60 + 48) / 86400 - 1e-9

    found = read(workbook([["email", "at"], ["a@example.com", moment]], "yyyy-mm-dd hh:mm:ss"))

    assert found.values[2][1] == "2026-01-31T17:23:48"


@pytest.mark.parametrize("cell", ["<c><f>A2</f></c>", "<c><f>A2</f><v/></c>", '<c t="n"><f>A2</f><v></v></c>'])
def test_formulas_without_results_are_named(cell: str) -> None:
    with pytest.raises(FileRejectedError, match="sheet People has formulas without results") as raised:
        read(with_rows(f'<row><c t="inlineStr"><is><t>b@example.com</t></is></c>{cell}</row>'))

    assert raised.value.code == "workbook_formulas"


@pytest.mark.parametrize(
    ("cell", "shown"), [("<c><f>1+1</f><v>2</v></c>", "2"), ('<c t="str"><f>A9</f><v></v></c>', "")]
)
def test_the_result_of_a_formula_is_read_an_empty_text_too(cell: str, shown: str) -> None:
    found = read(with_rows(f'<row><c t="inlineStr"><is><t>b@example.com</t></is></c>{cell}</row>'))

    assert found.values == {2: ["a@example.com", "1"], 3: ["b@example.com", shown]}


def test_a_cover_sheet_is_named_with_the_others() -> None:
    cover = with_sheet_before("", '<row><c t="inlineStr"><is><t>Report</t></is></c></row>')

    with pytest.raises(FileRejectedError, match=r"Only sheet Before was read: .* \(People\), name it under"):
        read(cover)


def regular(rows: str, texts: str = "") -> bytes:
    """A workbook whose cells say their places first, as programs write them."""
    shared = f"<sst>{texts}</sst>"
    sheet = '<row r="1"><c r="A1" t="inlineStr"><is><t>email</t></is></c><c r="B1"><v>1</v></c></row>' + rows
    return changed(
        lambda name, body: (
            re.sub("<sheetData>.*</sheetData>", f"<sheetData>{sheet}</sheetData>", body) if name == SHEET else body
        ),
        xl__sharedStrings_xml=shared,
    )


def test_a_whole_number_that_no_float_holds_keeps_the_digits_that_are_written() -> None:
    rows = "".join(
        f'<row r="{n}"><c r="A{n}" t="inlineStr"><is><t>p{n}@example.com</t></is></c>'
        f'<c r="B{n}" t="n"><v>{number}</v></c></row>'
        for n, number in [(2, 12), (3, 9223372036854775807), (5, -1234567890123456789), (6, 9007199254740993), (7, 0.5)]
    )

    found = read(regular(rows))

    assert [fields[1] for fields in found.values.values()] == [
        "12",
        "9223372036854775807",
        "-1234567890123456789",
        "9007199254740993",
        "0.5",
    ]


def with_formula(result: str, computation: str) -> bytes:
    row = (
        '<row r="2"><c r="A2" t="inlineStr"><is><t>a@example.com</t></is></c>'
        f'<c r="B2"><f>1+1</f><v>{result}</v></c></row>'
    )
    body = regular(row)
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(body)) as old, zipfile.ZipFile(packed, "w") as new:
        for name in old.namelist():
            part = old.read(name).decode()
            new.writestr(name, part.replace("</workbook>", f"<calcPr {computation}/></workbook>"))
    return packed.getvalue()


def test_formulas_that_their_writer_has_not_computed_are_refused() -> None:
    with pytest.raises(FileRejectedError, match="formulas without results") as caught:
        read(with_formula("0", 'calcId="124519" fullCalcOnLoad="1"'))

    assert caught.value.code == "workbook_formulas"


@pytest.mark.parametrize(
    ("result", "computation"),
    [
        ("2", 'calcId="124519" fullCalcOnLoad="1"'),
        ("0", 'calcId="191029"'),
        ("0", 'calcId="191029" fullCalcOnLoad="1"'),
    ],
)
def test_formulas_with_results_are_read(result: str, computation: str) -> None:
    assert read(with_formula(result, computation)).values == {2: ["a@example.com", result]}


def test_shared_texts_that_are_too_large_together_are_refused_in_regular_sheets_too(tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    rows = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(2, 32))
    path.write_bytes(regular(rows, f"<si><t>{'x' * 50_000}</t></si><si><t>y</t></si>"))

    check_workbook(path, "people.xlsx", 1_510_000)
    with pytest.raises(FileRejectedError, match="texts in the cells"):
        check_workbook(path, "people.xlsx", 1_400_000)


@pytest.mark.parametrize(("seconds", "text"), [(61.5, "00:01:02"), (61.4, "00:01:01"), (86_399.9, "00:00:00")])
def test_a_time_comes_to_the_second_as_it_is_shown(seconds: float, text: str) -> None:
    found = read(workbook([["email", "n"], ["a@example.com", seconds / 86_400]], "hh:mm:ss"))

    assert found.values == {2: ["a@example.com", text]}
