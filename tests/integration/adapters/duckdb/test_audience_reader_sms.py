"""Audience files for SMS, read with DuckDB."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from listrak_relay.domain.destinations.choices import MissingOptStatus
from listrak_relay.domain.destinations.data_template import ColumnRole, ColumnRule, DataTemplate
from listrak_relay.domain.run.manifest import Action, FieldType
from listrak_relay.errors import FileRejectedError
from tests.support.files.audience_files import EMAIL, SMS, read_file


def test_rows_carry_the_number_in_e164_and_the_other_columns_in_order(tmp_path: Path) -> None:
    read = read_file(
        tmp_path,
        "Email Address,Phone,Loyalty_Tier,optedOut,First Name,Birthday,Postal Code\n"
        "ana@example.com,(717) 555-0100,Gold,false,Ana,1990-02-28,00501\n"
        "bob@example.com,+1 717 555 0101,Silver,true,Bob,12/31/1999,17601\n",
        SMS,
    )

    assert read.rows == {
        2: (Action.SUBSCRIBE, ["+17175550100", "ana@example.com", "Gold", "Ana", "02/28/1990", "00501"]),
        3: (Action.UNSUBSCRIBE, ["+17175550101"]),
    }
    assert [(c.name, c.role, c.data_type) for c in read.result.columns] == [
        ("Email Address", ColumnRole.EMAIL, FieldType.TEXT),
        ("Loyalty_Tier", ColumnRole.FIELD, FieldType.TEXT),
        ("First Name", ColumnRole.FIRST_NAME, FieldType.TEXT),
        ("Birthday", ColumnRole.BIRTHDAY, FieldType.DATE),
        ("Postal Code", ColumnRole.POSTAL_CODE, FieldType.TEXT),
    ]


def test_every_spelling_of_a_number_is_one_person_of_whom_the_last_row_counts(tmp_path: Path) -> None:
    spellings = [
        "7175550100",
        "1 (717) 555-0100",
        "tel:+1-717-555-0100",
        "\uff17\uff11\uff17 555 0100",
        "717.555.0100",
        " 717 555 0100\t",
        "+17175550100",
    ]

    read = read_file(tmp_path, "phone,opt_in\n" + "".join(f"{text},yes\n" for text in spellings), SMS)

    assert read.values == {8: ["+17175550100"]}
    assert read.duplicates == [(row, 8) for row in range(2, 8)]


def test_rows_without_a_number_that_exists_are_rejected_with_the_row_as_it_was(tmp_path: Path) -> None:
    bad = ["", "  ", "n/a", "555-0100", "(555) 555-0100", "717-555-0100 x5", "1-800-FLOWERS", "1.71756E+10"]
    body = "phone,opt_in\n" + "".join(f"{text},yes\n" for text in bad) + "717-555-0100,perhaps\n"

    read = read_file(tmp_path, body, SMS)

    assert read.reasons == {
        **dict.fromkeys((2, 3), "phone_missing"),
        **dict.fromkeys(range(4, 10), "phone_invalid"),
        10: "opt_status_unreadable",
    }
    assert [reject["record"] for reject in read.rejects] == [*(f"{text},yes" for text in bad), "717-555-0100,perhaps"]
    assert {reject["column"] for reject in read.rejects} == {"phone", "opt_in"}
    details = {int(reject["row"]): reject["detail"] for reject in read.rejects}
    assert "extension" in details[7]
    assert "letters" in details[8]
    assert "spreadsheet" in details[9]
    assert not any(text.strip() and text in details[row] for row, text in enumerate(bad, 2))


def test_a_rejected_row_that_was_not_usual_keeps_its_spelling(tmp_path: Path) -> None:
    read = read_file(tmp_path, "phone,opt_in\ntel:717-555-0100,\n", SMS)

    assert [reject["record"] for reject in read.rejects] == ["tel:717-555-0100,"]


def test_numbers_without_a_country_are_of_the_destinations_region(tmp_path: Path) -> None:
    read = read_file(
        tmp_path,
        "phone,opt_in\n07400 123456,1\n+447400123457,1\n+1 717 555 0100,1\n+353 85 012 3456,1\n417 555 0100,1\n",
        replace(SMS, region="GB"),
    )

    numbers = [fields[0] for fields in read.values.values()]
    assert numbers == ["+447400123456", "+447400123457", "+17175550100", "+353850123456"]
    assert read.reasons == {6: "phone_invalid"}


def test_a_region_of_which_every_number_must_be_checked_is_read_too(tmp_path: Path) -> None:
    read = read_file(tmp_path, "phone,opt_in\n011 15-2345-6789,1\n+54 9 11 2345 6788,1\n", replace(SMS, region="AR"))

    assert [fields[0] for fields in read.values.values()] == ["+5491123456789", "+5491123456788"]


def test_without_an_opt_status_column_nobody_is_texted_and_the_setting_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileRejectedError, match="missing_opt_status: subscribe") as caught:
        read_file(tmp_path, "phone,email_opt_in\n717 555 0100,yes\n", SMS)

    assert caught.value.code == "opt_status_missing"
    assert "sms/vip/people.csv" in str(caught.value)
    assert "texted" in str(caught.value)


@pytest.mark.parametrize("setting", ["subscribe", "update"])
def test_the_destination_may_say_what_a_missing_opt_status_means(tmp_path: Path, setting: str) -> None:
    destination = replace(SMS, missing_opt_status=MissingOptStatus(setting))

    read = read_file(tmp_path, "phone\n717 555 0100\n", destination)

    assert read.rows == {2: (Action(setting), ["+17175550100"])}


def test_consent_to_be_mailed_is_not_read_as_consent_to_be_texted(tmp_path: Path) -> None:
    read = read_file(tmp_path, "phone,email_opt_in,sms_opt_in\n717 555 0100,yes,no\n717 555 0101,no,yes\n", SMS)

    assert (read.rows[2][0], read.rows[3][0]) == (Action.UNSUBSCRIBE, Action.SUBSCRIBE)
    assert read.result.notes["consent"]["columns"] == ["sms_opt_in"]


def test_a_birthday_that_is_no_date_rejects_its_row_but_keeps_nobody_from_leaving(tmp_path: Path) -> None:
    body = "phone,dob,opt_in\n717 555 0100,someday,yes\n717 555 0101,someday,no\n717 555 0102,,yes\n"

    read = read_file(tmp_path, body, SMS)

    assert read.rows == {3: (Action.UNSUBSCRIBE, ["+17175550101"]), 4: (Action.SUBSCRIBE, ["+17175550102", ""])}
    assert read.reasons == {2: "value_not_date"}


def test_a_data_template_names_number_and_birthday(tmp_path: Path) -> None:
    rules = {
        "Handset": ColumnRule(ColumnRole.PHONE),
        "Born": ColumnRule(ColumnRole.BIRTHDAY, type="date", date_format="%d.%m.%Y"),
        "phone": ColumnRule(ColumnRole.IGNORE),
    }

    read = read_file(
        tmp_path,
        "phone,handset,born,opt_in\n1,717 555 0100,28.02.1990,yes\n",
        replace(SMS, data_template=DataTemplate("texts", rules)),
    )

    assert read.rows == {2: (Action.SUBSCRIBE, ["+17175550100", "02/28/1990"])}


def test_in_a_file_for_email_phone_and_names_are_profile_fields(tmp_path: Path) -> None:
    rules = {"Cell": ColumnRule(ColumnRole.PHONE), "Born": ColumnRule(ColumnRole.BIRTHDAY)}

    read = read_file(
        tmp_path,
        "email,cell,first_name,born\nana@example.com,(717) 555-0100,Ana,1990-02-28\n",
        replace(EMAIL, data_template=DataTemplate("both", rules)),
    )

    assert read.values == {2: ["ana@example.com", "(717) 555-0100", "Ana", "02/28/1990"]}
    assert {column.role for column in read.result.columns} == {ColumnRole.FIELD}


def test_chunks_for_sms_keep_to_the_limit_in_rows(tmp_path: Path) -> None:
    rows = "".join(f"717555{number:04d},yes\n" for number in range(25))

    read = read_file(tmp_path, f"phone,opt_in\n{rows}", SMS, sms_chunk_rows=10)

    assert [chunk.rows for chunk in read.result.chunks] == [10, 10, 5]


def test_damaged_rows_are_told_from_sound_ones_by_their_numbers(tmp_path: Path) -> None:
    body = 'phone,name,opt_in\n7175550100,"Ana,yes\n(717) 555-0101,Bob,yes\n7175550102,Cy,yes\n'

    read = read_file(tmp_path, body, SMS)

    assert [fields[0] for fields in read.values.values()] == ["+17175550101", "+17175550102"]
    assert read.reasons == {2: "row_unreadable"}


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ("email,opt_in", "no_phone_column"),
        ("phone,mobile,opt_in", "column_ambiguous"),
        ("phone,zip,postal,opt_in", "column_ambiguous"),
        ("7175550100,yes", "header_missing"),
        ("(717) 555-0100,yes", "header_missing"),
        ("ana@example.com,phone", "header_missing"),
    ],
)
def test_a_header_that_cannot_be_used_is_refused_by_name(tmp_path: Path, header: str, code: str) -> None:
    with pytest.raises(FileRejectedError) as caught:
        read_file(tmp_path, f"{header}\n", SMS)

    assert caught.value.code == code
    assert "717" not in str(caught.value)


def test_an_audience_for_sms_may_have_the_name_of_a_column(tmp_path: Path) -> None:
    read = read_file(tmp_path, "phone,vip,opt_in\n7175550100,1,yes\n", SMS)

    assert read.values == {2: ["+17175550100", "1"]}


def test_many_numbers_stay_beside_their_rows(tmp_path: Path) -> None:
    forms = ("717{}", "+1717{}", "(717) {}", "1 717 {}", "tel:717{}")
    count = 100_000
    rows = "".join(f"{forms[n % 5].format(2_000_000 + n)},{'yes' if n % 3 else 'no'}\n" for n in range(count))

    read = read_file(tmp_path, f"phone,opt_in\n{rows}", SMS)

    assert len(read.rows) == count
    assert all(fields[0] == f"+1717{2_000_000 + row - 2}" for row, (_, fields) in read.rows.items())


def test_accepts_marketing_is_consent_to_mail_beside_a_column_for_texts(tmp_path: Path) -> None:
    body = "Phone,Accepts Marketing,Accepts SMS Marketing\n717 555 0101,no,yes\n717 555 0102,yes,no\n"

    read = read_file(tmp_path, body, SMS)

    assert [action for _, (action, _) in sorted(read.rows.items())] == [Action.SUBSCRIBE, Action.UNSUBSCRIBE]


def test_accepts_marketing_alone_keeps_whoever_says_no_from_being_texted(tmp_path: Path) -> None:
    read = read_file(tmp_path, "Phone,Accepts Marketing\n717 555 0101,no\n", SMS)

    assert [action for action, _ in read.rows.values()] == [Action.UNSUBSCRIBE]
