"""Audience files of many kinds, read with DuckDB."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from listrak_relay.domain.destinations.choices import MissingOptStatus, UnsureOptStatus
from listrak_relay.domain.destinations.data_template import ColumnRole, ColumnRule, DataTemplate
from listrak_relay.domain.destinations.destinations import AudienceDestination, EmailDestination
from listrak_relay.domain.destinations.file_rules import FileRules
from listrak_relay.domain.run.manifest import CLEARED, Action, FieldType
from listrak_relay.errors import ConfigurationError, FileRejectedError
from tests.support.files.audience_files import EMAIL, read_file
from tests.support.files.slices import content_of


def refusal(folder: Path, body: str | bytes, destination: AudienceDestination = EMAIL) -> FileRejectedError:
    with pytest.raises(FileRejectedError) as caught:
        read_file(folder, body, destination)
    assert "email/vip/people.csv" in str(caught.value)
    return caught.value


def with_template(**columns: ColumnRule) -> EmailDestination:
    return replace(EMAIL, data_template=DataTemplate("retail", columns))


def test_a_plain_file_becomes_one_chunk_of_normalised_rows(tmp_path: Path) -> None:
    read = read_file(tmp_path, "Email,First Name\nAna@Example.com,Ana\n bob@example.com ,Bob\n")

    (chunk,) = read.result.chunks
    assert content_of(chunk.content) == b"ana@example.com,Ana,on\nbob@example.com,Bob,on\n"
    assert content_of(chunk.row_numbers) == b"2\n3\n"
    assert chunk.chunk_id == "subscribe-0001"


def test_rows_part_by_opt_status_and_rows_that_unsubscribe_carry_the_address_only(tmp_path: Path) -> None:
    read = read_file(
        tmp_path, "email,city,opt_in\na@example.com,Oslo,Yes\nb@example.com,Rome,0\nc@example.com,Bonn, TRUE\n"
    )

    assert read.rows == {
        2: (Action.SUBSCRIBE, ["a@example.com", "Oslo"]),
        3: (Action.UNSUBSCRIBE, ["b@example.com"]),
        4: (Action.SUBSCRIBE, ["c@example.com", "Bonn"]),
    }


def test_an_inverted_column_turns_the_plain_words_round(tmp_path: Path) -> None:
    read = read_file(tmp_path, "email,optedOut\na@example.com,true\nb@example.com,false\nc@example.com,subscribed\n")

    assert [action for action, _ in read.rows.values()] == [Action.SUBSCRIBE, Action.UNSUBSCRIBE]
    assert read.reasons == {4: "opt_status_unreadable"}


def test_a_blank_or_unreadable_opt_status_rejects_the_row(tmp_path: Path) -> None:
    read = read_file(tmp_path, "email,opt_in\na@example.com,\nb@example.com,perhaps\nc@example.com,yes\n")

    assert read.reasons == {2: "opt_status_blank", 3: "opt_status_unreadable"}
    assert read.rejects[1]["column"] == "opt_in"
    assert "perhaps" not in read.rejects[1]["detail"]


@pytest.mark.parametrize(("setting", "action"), [("subscribe", Action.SUBSCRIBE), ("update", Action.UPDATE)])
def test_without_an_opt_status_column_the_destination_decides(tmp_path: Path, setting: str, action: Action) -> None:
    read = read_file(tmp_path, "email\na@example.com\n", replace(EMAIL, missing_opt_status=MissingOptStatus(setting)))

    assert read.rows == {2: (action, ["a@example.com"])}


def test_without_an_opt_status_column_the_destination_may_refuse(tmp_path: Path) -> None:
    error = refusal(tmp_path, "email,city\n", replace(EMAIL, missing_opt_status=MissingOptStatus.REJECT))

    assert error.code == "opt_status_missing"
    assert "missing_opt_status" in str(error)


def test_rows_without_a_valid_email_address_are_rejected_with_the_row_as_it_was(tmp_path: Path) -> None:
    read = read_file(tmp_path, 'email,note\n,"a ""b"""\nnot an address,x\nok@example.com,y\n  ,z\n')

    assert read.reasons == {2: "email_missing", 3: "email_invalid", 5: "email_missing"}
    assert [reject["record"] for reject in read.rejects] == [',"a ""b"""', "not an address,x", "  ,z"]
    assert {reject["outcome"] for reject in read.rejects} == {"rejected"}
    assert all("not an address" not in reject["detail"] for reject in read.rejects)


def test_unusual_addresses_are_checked_in_full_and_found_as_duplicates(tmp_path: Path) -> None:
    read = read_file(
        tmp_path, "email,n\nana@bücher.example.com,1\nANA@xn--bcher-kva.example.com,2\nx!y@example.com,3\na@b.info,4\n"
    )

    assert read.values == {3: ["ana@xn--bcher-kva.example.com", "2"], 4: ["x!y@example.com", "3"], 5: ["a@b.info", "4"]}
    assert read.duplicates == [(2, 3)]


def test_of_rows_with_the_same_address_the_last_one_wins(tmp_path: Path) -> None:
    read = read_file(tmp_path, "email,n\nA@example.com,1\nb@example.com,2\na@EXAMPLE.com,3\n a@example.com,4\n")

    assert read.values == {3: ["b@example.com", "2"], 5: ["a@example.com", "4"]}
    assert read.duplicates == [(2, 5), (4, 5)]


def test_the_last_row_wins_even_if_it_is_rejected_for_another_reason(tmp_path: Path) -> None:
    read = read_file(tmp_path, "email,opt_in\na@example.com,yes\na@example.com,who knows\n")

    assert read.rows == {}
    assert read.duplicates == [(2, 3)]
    assert read.reasons == {3: "opt_status_unreadable"}


def test_types_are_inferred_from_all_values(tmp_path: Path) -> None:
    header = "email,points,zip,born,seen,name,blank,mixed,unreal"
    read = read_file(
        tmp_path,
        f"{header}\n"
        "a@example.com,10.5,12345,1990-02-28,2026-01-31T10:00:00Z,Ana,,1,2026-02-30\n"
        "b@example.com,-3,99999,12/31/1999,,Zoë,,x,2026-02-28\n"
        "c@example.com,,,,2026-02-01,, ,2,\n",
    )

    types = {column.name: (column.data_type, column.longest, column.max_length) for column in read.result.columns}
    assert types == {
        "points": (FieldType.NUMERIC, 4, 20),
        "zip": (FieldType.TEXT, 5, 255),
        "born": (FieldType.DATE, 10, 10),
        "seen": (FieldType.DATE, 20, 10),
        "name": (FieldType.TEXT, 3, 255),
        "blank": (FieldType.TEXT, 0, 255),
        "mixed": (FieldType.TEXT, 1, 255),
        "unreal": (FieldType.TEXT, 10, 255),
    }
    assert read.values[2] == [
        "a@example.com",
        "10.5",
        "12345",
        "1990-02-28",
        "2026-01-31T10:00:00Z",
        "Ana",
        "",
        "1",
        "2026-02-30",
    ]
    assert read.values[3][3] == "12/31/1999"


def test_types_are_inferred_from_delivered_rows_only(tmp_path: Path) -> None:
    read = read_file(
        tmp_path,
        "email,points,opt_in\na@example.com,many,yes\na@example.com,1,yes\nno address,few,yes\nb@example.com,none,no\n",
    )

    assert [column.data_type for column in read.result.columns] == [FieldType.NUMERIC]


def test_values_past_the_sample_decide_the_type_too_if_they_are_more_than_a_few(tmp_path: Path) -> None:
    rows = "".join(f"p{n}@example.com,{n}\n" for n in range(5_000))

    read = read_file(tmp_path, f"email,n\n{rows}last@example.com,x1\n")
    words = read_file(tmp_path, f"email,n\n{rows}" + "".join(f"last{n}@example.com,x{n}\n" for n in range(60)))

    assert read.result.columns[0].data_type is FieldType.NUMERIC
    assert words.result.columns[0].data_type is FieldType.TEXT


def test_a_data_template_fixes_names_types_and_lengths(tmp_path: Path) -> None:
    destination = with_template(
        **{
            "Contact": ColumnRule(ColumnRole.EMAIL),
            "Birth Day": ColumnRule(ColumnRole.FIELD, field="Birthday", type="date", date_format="%d.%m.%Y"),
            "Points": ColumnRule(ColumnRole.FIELD, type="numeric"),
            "Code": ColumnRule(ColumnRole.FIELD, type="text", max_length=12),
            "internal": ColumnRule(ColumnRole.IGNORE),
        }
    )

    read = read_file(
        tmp_path,
        "contact,birth_day,points,code,internal\n"
        "a@example.com,31.01.1990,007,42,x\n"
        "b@example.com,30.02.1990,1,43,x\n"
        "c@example.com,,1.234,44,x\n",
        destination,
    )

    assert read.values == {2: ["a@example.com", "01/31/1990", "007", "42"]}
    assert read.reasons == {3: "value_not_date", 4: "value_not_numeric"}
    assert [reject["column"] for reject in read.rejects] == ["birth_day", "points"]
    assert [(c.name, c.data_type, c.max_length, c.declared) for c in read.result.columns] == [
        ("Birthday", FieldType.DATE, 10, True),
        ("points", FieldType.NUMERIC, 20, True),
        ("code", FieldType.TEXT, 12, True),
    ]


def test_a_word_of_the_template_clears_a_value_and_a_blank_keeps_it(tmp_path: Path) -> None:
    destination = with_template(
        points=ColumnRule(ColumnRole.FIELD, type="numeric", clear_word="CLEAR"),
        day=ColumnRule(ColumnRole.FIELD, clear_word="-"),
    )

    read = read_file(
        tmp_path,
        "email,points,day,opt_in\n"
        "a@example.com,1,2026-01-31,yes\nb@example.com, CLEAR ,,yes\nc@example.com,,-,yes\n"
        "d@example.com,clear,,yes\ne@example.com,CLEAR,-,no\n",
        destination,
    )

    assert read.rows == {
        2: (Action.SUBSCRIBE, ["a@example.com", "1", "01/31/2026"]),
        3: (Action.SUBSCRIBE, ["b@example.com", CLEARED, ""]),
        4: (Action.SUBSCRIBE, ["c@example.com", "", CLEARED]),
        6: (Action.UNSUBSCRIBE, ["e@example.com"]),
    }
    assert read.reasons == {5: "value_not_numeric"}
    assert [(chunk.rows, chunk.clears) for chunk in read.result.chunks] == [(1, False), (2, True), (1, False)]
    assert [column.data_type for column in read.result.columns] == [FieldType.NUMERIC, FieldType.DATE]


def test_a_wrong_value_does_not_keep_a_person_from_leaving(tmp_path: Path) -> None:
    destination = with_template(points=ColumnRule(ColumnRole.FIELD, type="numeric"))

    read = read_file(tmp_path, "email,points,opt_in\na@example.com,many,no\n", destination)

    assert read.rows == {2: (Action.UNSUBSCRIBE, ["a@example.com"])}


def test_a_date_format_that_cannot_be_used_names_column_and_format(tmp_path: Path) -> None:
    destination = with_template(day=ColumnRule(ColumnRole.FIELD, type="date", date_format="%Q"))

    with pytest.raises(ConfigurationError, match=r'"day".*%Q'):
        read_file(tmp_path, "email,day\n", destination)


def test_inner_line_breaks_become_one_space_and_are_counted(tmp_path: Path) -> None:
    read = read_file(tmp_path, 'email,a,b\nx@example.com,"one\r\n\r\ntwo","\nedge\n"\ny@example.com,1,"a\u2028b"\n')

    assert read.values == {2: ["x@example.com", "one two", "edge"], 3: ["y@example.com", "1", "a b"]}
    assert read.result.notes["mended_line_breaks"] == 2


def test_control_characters_become_spaces_and_tabs_stay(tmp_path: Path) -> None:
    read = read_file(tmp_path, "email,a\nx@example.com,one\x07two\x1f\x7fthree\ny@example.com,\ta\tb\t\n")

    assert read.values == {2: ["x@example.com", "one two  three"], 3: ["y@example.com", "a\tb"]}
    assert read.result.notes["replaced_control_characters"] == 1


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("last", [True, False])
def test_delimiters_line_ends_and_a_byte_order_mark_are_found_out(
    tmp_path: Path, delimiter: str, end: str, mark: str, last: bool
) -> None:
    lines = ["email,first name,city", "a@example.com,Ana,Oslo", 'b@example.com,"B, ""b""",']

    read = read_file(tmp_path, mark + end.join(lines).replace(",", delimiter) + (end if last else ""))

    second = ["b@example.com", f'B{delimiter} "b"', ""]
    assert read.values == {2: ["a@example.com", "Ana", "Oslo"], 3: second}


def test_blank_lines_are_numbered_and_are_no_rows(tmp_path: Path) -> None:
    read = read_file(tmp_path, "email,n\n\na@example.com,1\n\n\nb@example.com,2\n\n")

    assert list(read.rows) == [3, 6]
    assert read.result.rows_read == 2


def test_a_file_of_one_column_is_read(tmp_path: Path) -> None:
    read = read_file(tmp_path, "email\na@example.com\n\nb@example.com")

    assert read.values == {2: ["a@example.com"], 4: ["b@example.com"]}


def test_damaged_rows_are_rejected_with_the_raw_line_and_nothing_shifts(tmp_path: Path) -> None:
    body = (
        b"email,first,city\n"
        b"a@example.com,Ana,Oslo\n"
        b"b@example.com,Bob\n"
        b"c@example.com,Cy,Rome,extra\n"
        b"d@example.com,Dee,\n"
        b"e@example.com,Ed,Bonn,\n"
        b'f@example.com,"Fay,Bern\n'
        b"g@example.com,G\xe9,Nice\n"
        b"h@example.com,H\x00,Bath\n"
        b'i@example.com,"I"i,Cork\n'
        b"j@example.com,Jo,Kiel\n"
    )

    read = read_file(tmp_path, body, replace(EMAIL, file=FileRules(max_damaged_percent=100)))

    assert read.values == {
        2: ["a@example.com", "Ana", "Oslo"],
        5: ["d@example.com", "Dee", ""],
        11: ["j@example.com", "Jo", "Kiel"],
    }
    assert read.reasons == {
        3: "row_too_short",
        4: "row_too_long",
        6: "row_too_long",
        7: "row_unreadable",
        8: "row_encoding",
        9: "row_nul",
        10: "row_unreadable",
    }
    assert read.rejects[3]["record"] == 'f@example.com,"Fay,Bern'
    assert read.rejects[4]["record"] == "g@example.com,G\\xe9,Nice"


def test_a_header_alone_gives_no_rows_and_no_chunks(tmp_path: Path) -> None:
    read = read_file(tmp_path, "email,city\n")

    assert (read.result.rows_read, read.result.chunks, read.result.rejects) == (0, (), None)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "file_empty"),
        (b"\n\n", "file_empty"),
        (b"\xef\xbb\xbf", "file_empty"),
        (b"\xff\xfee\x00m\x00", "no_email_column"),
        (b"e\x00m\x00a\x00\n\x00", "no_email_column"),
        (b"ema\x00il,city\n", "encoding_unreadable"),
        (b"email,Stra\xdfe\n", "encoding_unreadable"),
        (b"\x1f\x8b\x08\x00", "file_truncated"),
        (b"PK\x03\x04", "archive_damaged"),
        (b"PAR1", "parquet_unreadable"),
        (b"\xd0\xcf\x11\xe0", "format_unsupported"),
        (b'"email,city\n', "header_unreadable"),
        (b"a@example.com,Oslo\n", "header_missing"),
        (b"name,city\nAna,Oslo\n", "no_email_column"),
        (b"x" * 1_100_000, "header_unreadable"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_by_name(tmp_path: Path, body: bytes, code: str) -> None:
    assert refusal(tmp_path, body).code == code


def test_chunks_keep_to_the_limit_in_bytes(tmp_path: Path) -> None:
    rows = "".join(f"p{n}@example.com,Zoë\n" for n in range(2_000))

    read = read_file(tmp_path, f"email,name\n{rows}", max_chunk_bytes=10_000)

    assert len(read.result.chunks) > 4
    assert all(chunk.content.size <= 10_000 for chunk in read.result.chunks)
    assert [read.values[n][0] for n in range(2, 2_002)] == [f"p{n}@example.com" for n in range(2_000)]


def test_destinations_that_go_one_by_one_get_chunks_of_few_rows(tmp_path: Path) -> None:
    rows = "".join(f"p{n}@example.com\n" for n in range(25))

    read = read_file(tmp_path, f"email\n{rows}", replace(EMAIL, resubscribe=True), one_by_one_rows=10)

    assert [chunk.rows for chunk in read.result.chunks] == [10, 10, 5]


def test_the_same_file_always_gives_the_same_chunks(tmp_path: Path) -> None:
    body = "email,n,opt_in\n" + "".join(f"p{n % 900}@example.com,{n},{n % 3}\n" for n in range(30_000))
    results = []
    for name in ("first", "second"):
        (tmp_path / name).mkdir()
        read = read_file(tmp_path / name, body, max_chunk_bytes=5_000)
        results.append([(c.chunk_id, c.rows, c.sha256, content_of(c.row_numbers)) for c in read.result.chunks])

    assert results[0] == results[1]


def test_many_rows_stay_beside_their_row_numbers(tmp_path: Path) -> None:
    count = 400_000
    body = "email,n,opt_in\n" + "".join(f"p{n}@example.com,{n},{'yes' if n % 2 else 'no'}\n" for n in range(count))

    read = read_file(tmp_path, body, max_chunk_bytes=100_000_000)

    assert len(read.rows) == count
    assert all(fields[0] == f"p{row - 2}@example.com" for row, (_, fields) in read.rows.items())


def test_rows_with_addresses_of_a_rarer_form_stay_in_file_order(tmp_path: Path) -> None:
    forms = ("p{}@example.com", " P{}@example.com ", "p{}@example.tech", "p!{}@example.com", "p{}@bücher.example.com")
    body = "email,n\n" + "".join(f"{forms[n % 5].format(n)},{n}\n" for n in range(20_000))

    read = read_file(tmp_path, body, max_chunk_bytes=100_000_000)

    assert {row: int(fields[1]) for row, fields in read.values.items()} == {n + 2: n for n in range(20_000)}


def test_a_file_of_nothing_but_duplicates_leaves_one_row(tmp_path: Path) -> None:
    read = read_file(tmp_path, "email\n" + "a@example.com\n" * 1_000)

    assert list(read.rows) == [1_001]
    assert read.result.duplicates_dropped == 999


def test_the_notes_tell_what_was_seen_and_hold_no_personal_data(tmp_path: Path) -> None:
    read = read_file(tmp_path, "row_number;email;Opt In;sms consent\n1;a@example.com;yes;no\n")

    notes = read.result.notes
    assert notes["delimiter"] == "semicolon"
    assert notes["opt_status_column"] == "Opt In"
    assert notes["ignored_columns"] == ["row_number"]
    assert notes["consent"]["columns"] == ["Opt In"]
    assert "a@example.com" not in str(notes)


CONSENT_FILES = {
    "shopify": ("Email,Accepts Email Marketing\na@example.com,yes\nb@example.com,no\n", "s u"),
    "braze": ("email,email_subscribe\na@example.com,opted_in\nb@example.com,unsubscribed\n", "s u"),
    "marketing cloud": (
        "Email Address,Status\na@example.com,Active\nb@example.com,Unsubscribed\nc@example.com,Held\n",
        "s u k",
    ),
    "mailchimp": ("Email Address,OPTIN_TIME,UNSUB_TIME\na@example.com,2020-01-01 00:00:00,2026-01-31 10:00:00\n", "u"),
    "mailchimp cleaned": ("Email Address,CLEAN_TIME\na@example.com,2026-01-31 10:00:00\n", "k"),
    "salesforce": ("PersonEmail,Email_Opt_In__c\na@example.com,true\nb@example.com,false\n", "s u"),
    "magento": ("email,subscriber_status\na@example.com,1\nb@example.com,2\nc@example.com,3\n", "s k u"),
    "responsys": (
        (
            "EMAIL_ADDRESS_,EMAIL_PERMISSION_STATUS_,EMAIL_DELIVERABILITY_STATUS_\n"
            "a@example.com,I,D\nb@example.com,O,D\nc@example.com,I,U\n"
        ),
        "s u k",
    ),
    "klaviyo": (
        (
            "Email,Email Marketing Consent\na@example.com,SUBSCRIBED\nb@example.com,NEVER_SUBSCRIBED\n"
            "c@example.com,UNSUBSCRIBED\n"
        ),
        "s k u",
    ),
    "hubspot": ("Email,Unsubscribed from all email\na@example.com,\nb@example.com,true\n", "s u"),
    "dates": ("email,unsubscribed_at\na@example.com,\nb@example.com,2026-01-31\n", "s u"),
    "klaviyo with texts": (
        (
            "Email,Email Marketing Consent,Email Marketing Consent Timestamp,SMS Marketing Consent,Email Suppressions\n"
            "a@example.com,SUBSCRIBED,2026-01-01 10:00:00,UNSUBSCRIBED,\nb@example.com,UNSUBSCRIBED,,SUBSCRIBED,\n"
            "c@example.com,SUBSCRIBED,,,HARD_BOUNCE\n"
        ),
        "s u k",
    ),
    "matrixify": (
        (
            "Email,State,Email Marketing: Status,SMS Marketing: Status\n"
            "a@example.com,disabled,subscribed,unsubscribed\n"
            "b@example.com,enabled,unsubscribed,\nc@example.com,enabled,not_subscribed,subscribed\n"
        ),
        "s u k",
    ),
    "braze with push": (
        (
            "external_id,email,email_subscribe,push_subscribe\n1,a@example.com,opted_in,unsubscribed\n"
            "2,b@example.com,unsubscribed,subscribed\n"
        ),
        "s u",
    ),
    "aweber": (
        (
            "Email,Status,Date Unsubscribed,Unsubscribe Method,Stop Time\na@example.com,Subscribed,,,\n"
            "b@example.com,Unsubscribed,2026-01-01,Link,2026-01-01\n"
        ),
        "s u",
    ),
    "constant contact": (
        (
            "Email address,Email permission status,Confirmed Opt-Out Date,Confirmed Opt-Out Reason\n"
            "a@example.com,Express,,\nb@example.com,Unsubscribed,2026-01-01,Too many\n"
        ),
        "s u",
    ),
    "prestashop": ("email,newsletter,optin,active\na@example.com,1,1,1\nb@example.com,0,0,1\n", "s u"),
    "netsuite": (
        (
            "Email,Global Subscription Status\na@example.com,Soft Opt-In\nb@example.com,Soft Opt-Out\n"
            "c@example.com,Confirmed Opt-Out\n"
        ),
        "s u u",
    ),
    "oracle": ("EMAIL,UNSUBSCRIBED_ON\na@example.com,\nb@example.com,31-JAN-26 10.22.33.000000 AM\n", "s u"),
    "two that contradict": ("email,opt_in,unsubscribed_at\na@example.com,yes,2026-01-31\nb@example.com,yes,\n", "u s"),
}
_SHORT = {"s": Action.SUBSCRIBE, "u": Action.UNSUBSCRIBE, "k": Action.KEEP}


@pytest.mark.parametrize("name", CONSENT_FILES)
def test_exports_of_the_usual_platforms_are_read_with_their_consent(tmp_path: Path, name: str) -> None:
    body, wanted = CONSENT_FILES[name]

    read = read_file(tmp_path, body)

    assert [action for _, (action, _) in sorted(read.rows.items())] == [_SHORT[short] for short in wanted.split()]


@pytest.mark.parametrize(
    "name",
    [
        *("GDPR ok", "Wants news", "Newsletter erwünscht", "email_pref_ok", "legacy-permission-x", "Direct Marketing"),
        *("メルマガ購読", "Согласие на рассылку", "Zgoda na e-mail", "EML_PERM_IND", "Nieuwsbrief"),
    ],
)
def test_a_column_that_may_tell_consent_stops_the_file_with_the_line_to_write(tmp_path: Path, name: str) -> None:
    error = refusal(tmp_path, f"email,{name}\na@example.com,1\nb@example.com,0\n")

    assert error.code == "opt_status_unsure"
    assert f"'{name}: opt_in'" in str(error)
    assert f'whether column "{name}" says who wants to be written to: ' in str(error)


@pytest.mark.parametrize("beside", ["bounced", "_fivetran_deleted"])
def test_a_column_of_whom_nothing_reaches_settles_no_other_one(tmp_path: Path, beside: str) -> None:
    error = refusal(tmp_path, f"email,{beside},active\na@example.com,false,1\nb@example.com,false,0\n")

    assert error.code == "opt_status_unsure"


def test_a_file_of_people_who_left_by_its_name_subscribes_nobody(tmp_path: Path) -> None:
    with pytest.raises(FileRejectedError, match="'Newsletter opt-outs' sounds as if everybody in it wanted") as raised:
        read_file(tmp_path, "email,city\na@example.com,Oslo\n", audience="Newsletter opt-outs")
    told = read_file(tmp_path, "email,opt_in\na@example.com,no\n", audience="Newsletter opt-outs")

    assert raised.value.code == "opt_status_unsure"
    assert [action for action, _ in told.rows.values()] == [Action.UNSUBSCRIBE]


def test_buyers_in_a_file_of_orders_are_not_subscribed(tmp_path: Path) -> None:
    header, row = "OrderNumber,Email,DateEntered,Status", "1,a@example.com,2026-11-01,Shipped"

    assert refusal(tmp_path, f"{header}\n{row}\n").code == "opt_status_unsure"
    asked = read_file(tmp_path, f"{header},opt_in\n{row},yes\n")
    assert [action for action, _ in asked.rows.values()] == [Action.SUBSCRIBE]


def test_a_record_that_its_source_has_deleted_subscribes_nobody(tmp_path: Path) -> None:
    read = read_file(tmp_path, "email,_fivetran_deleted\na@example.com,false\nb@example.com,true\n")

    assert [action for _, (action, _) in sorted(read.rows.items())] == [Action.SUBSCRIBE, Action.KEEP]


def test_words_for_nothing_but_consent_stop_the_file_under_any_name(tmp_path: Path) -> None:
    assert refusal(tmp_path, "email,x17\na@example.com,\nb@example.com,Opted-Out\n").code == "opt_status_unsure"


def test_the_destination_may_take_such_columns_for_profile_fields(tmp_path: Path) -> None:
    lenient = replace(EMAIL, unsure_opt_status=UnsureOptStatus.SUBSCRIBE)

    read = read_file(tmp_path, "email,GDPR ok\na@example.com,1\n", lenient)

    assert [column.name for column in read.result.columns] == ["GDPR ok"]
    assert read.result.notes["consent"]["sentence"].endswith(
        "Not read: column GDPR ok, because destination email has unsure_opt_status: subscribe."
    )


def test_the_template_may_say_what_such_a_column_is(tmp_path: Path) -> None:
    template = DataTemplate("retail", {"GDPR ok": ColumnRule(ColumnRole.OPT_IN)})

    read = read_file(
        tmp_path, "email,GDPR ok\na@example.com,1\nb@example.com,0\n", replace(EMAIL, data_template=template)
    )

    assert [action for action, _ in read.rows.values()] == [Action.SUBSCRIBE, Action.UNSUBSCRIBE]


def test_a_rule_that_gives_a_type_alone_makes_no_profile_field_of_consent(tmp_path: Path) -> None:
    typed = ColumnRule(ColumnRole.FIELD, type="text", by_name=True)
    known, unknown = with_template(opt_in=typed), with_template(**{"GDPR ok": typed})

    read = read_file(tmp_path, "email,opt_in\na@example.com,yes\nb@example.com,no\n", known)
    error = refusal(tmp_path, "email,GDPR ok\na@example.com,1\nb@example.com,0\n", unknown)

    assert [action for _, (action, _) in sorted(read.rows.items())] == [Action.SUBSCRIBE, Action.UNSUBSCRIBE]
    assert error.code == "opt_status_unsure"


def test_the_notes_say_what_consent_was_taken_from(tmp_path: Path) -> None:
    body = "email,opt_in,unsubscribed_at\na@example.com,yes,\nb@example.com,no,\nc@example.com,pending,\n"

    told = read_file(tmp_path, body).result.notes["consent"]

    assert told["columns"] == ["opt_in", "unsubscribed_at"]
    assert (
        told["sentence"] == "Consent: as columns opt_in, unsubscribed_at tell it, 1 yes, 1 no, 1 not asked or not able."
    )


def test_the_notes_say_in_how_many_rows_columns_contradict_each_other(tmp_path: Path) -> None:
    body = "email,opt_in,unsubscribed\na@example.com,yes,1\nb@example.com,no,0\nc@example.com,no,1\n"

    one = read_file(tmp_path, body).result.notes["consent"]
    two = read_file(tmp_path, body + "d@example.com,true,true\n").result.notes["consent"]

    assert one["sentence"] == (
        "Consent: as columns opt_in, unsubscribed tell it, 0 yes, 3 no. "
        "The columns contradict each other in 1 row, which counts as no."
    )
    assert two["sentence"].endswith("The columns contradict each other in 2 rows, which count as no.")


def test_a_day_on_which_somebody_left_does_not_contradict_the_day_on_which_they_came(tmp_path: Path) -> None:
    body = "email,opted_in_at,unsubscribed_at\na@example.com,2025-01-01,2025-06-01\n"

    told = read_file(tmp_path, body).result.notes["consent"]

    assert told["rows"] == {"no": 1}
    assert "contradict" not in told["sentence"]


def test_rows_that_say_nothing_lie_apart_from_those_that_say_yes(tmp_path: Path) -> None:
    body = "email,opted_in_at,unsubscribed_at,Unsubscribed from all email\na@example.com,2025-01-01,,\n"
    body += "b@example.com,2025-01-01,,true\n"

    (tmp_path / "other").mkdir()
    read = read_file(tmp_path, body)
    assumed = read_file(tmp_path / "other", "email,unsubscribed_at\na@example.com,\n")

    assert [(chunk.action, chunk.assumed) for chunk in read.result.chunks] == [
        (Action.SUBSCRIBE, False),
        (Action.UNSUBSCRIBE, False),
    ]
    assert [(chunk.action, chunk.assumed) for chunk in assumed.result.chunks] == [(Action.SUBSCRIBE, True)]


def test_without_a_known_name_the_column_of_addresses_is_proposed(tmp_path: Path) -> None:
    error = refusal(tmp_path, "city,Kontakt X\nBonn,a@example.com\nKiel,b@example.com\n")

    assert error.code == "no_email_column"
    assert "put the line 'Kontakt X: email' under columns" in str(error)


def test_the_first_person_of_a_file_without_header_is_not_told(tmp_path: Path) -> None:
    error = refusal(tmp_path, "Ana,Meier,Bonn\nBo,Lang,Kiel\n")

    assert error.code == "no_email_column"
    assert not {"Ana", "Meier", "Bonn"} & set(re.findall(r"\w+", str(error)))
