"""What is said of a file, when it is rejected or when it is read, tells nobody's data, in whatever form."""

from __future__ import annotations

import ast
import base64
import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import quote, quote_plus

import pytest

from listrak_relay.adapters.duckdb.audience_reader import DuckDbAudienceReader
from listrak_relay.adapters.duckdb.feed_reader import DuckDbFeedReader
from listrak_relay.adapters.duckdb.sessions import Sessions
from listrak_relay.adapters.duckdb.writing.chunk_files import ChunkSizes
from listrak_relay.domain.destinations.choices import MissingOptStatus
from listrak_relay.domain.destinations.data_template import ColumnRole, ColumnRule, DataTemplate
from listrak_relay.domain.destinations.destinations import (
    Destination,
    EmailDestination,
    FeedDestination,
    SmsDestination,
)
from listrak_relay.domain.destinations.feed_settings import Feed, default_settings
from listrak_relay.domain.destinations.file_rules import FileFormat, FileRules
from listrak_relay.domain.run.drop_keys import parse_drop_key
from listrak_relay.domain.run.runs import DroppedFile
from listrak_relay.errors import FileRejectedError
from listrak_relay.ports.reading import IngestedAudience, LocalFile
from tests.support.files.audience_files import LIMITS
from tests.support.paths import CORE

ADDRESS, PHONE, NAME, BORN = "ana.canary@example.com", "+1 717 555 0142", "Anastasia Canary", "1987-06-05"
PERSON = f"{ADDRESS},{PHONE},{NAME},{BORN}"

EMAIL, SMS = EmailDestination("email"), SmsDestination("sms", missing_opt_status=MissingOptStatus.SUBSCRIBE)
ORDERS = FeedDestination("orders", feed=default_settings(Feed.ORDERS))
CUSTOMERS = FeedDestination("customers", feed=default_settings(Feed.CUSTOMERS))
CONTACTS = FeedDestination("lists", feed=default_settings(Feed.CONTACT_LIST))
OWN_CHECK = DataTemplate("retail", {"email": ColumnRule(ColumnRole.EMAIL), "shoe": ColumnRule(ColumnRole.FIELD)})


def forms(text: str) -> Iterator[str]:
    """A text as it may lie within another: as it is, for an address in the web, in Base64 wherever it begins, in hex,
    hashed."""
    yield from (text, quote(text, safe=""), quote_plus(text), text.replace(" ", ""), text.replace("-", ""))
    for variant in {text, text.lower()}:
        data = variant.encode()
        yield data.hex()
        for kind in ("md5", "sha1", "sha256"):
            yield hashlib.new(kind, data).hexdigest()
        for before in range(3):
            whole = base64.b64encode(b"\0" * before + data).decode()
            yield whole[4 * (before > 0) : len(whole) // 4 * 4 - 4]


CANARIES = {
    form.casefold() for text in (ADDRESS, PHONE, NAME, BORN, "7175550142", "17175550142") for form in forms(text)
}


def told_in(text: str) -> list[str]:
    return [canary for canary in CANARIES if canary in text.casefold()]


@dataclass(frozen=True)
class Case:
    """``code``: of the rejection, None if the file is read. ``body``: with somebody's data where it can be."""

    code: str | None
    body: str | bytes
    destination: Destination = EMAIL
    more: tuple[str, ...] = ()
    audience: str = "vip"


def rows(header: str, *lines: str) -> str:
    return "\n".join([header, *lines]) + "\n"


UNUSUAL = f"email,{NAME},{ADDRESS.partition('@')[2]},{PHONE}"
CASES = {
    "first row is a person with an address": Case("header_missing", rows(PERSON, PERSON)),
    "first row is a person with a number": Case("header_missing", rows(f"{PHONE},{NAME}", PERSON), SMS),
    "first row is a person by name alone": Case("no_email_column", rows(f"{NAME},Lititz,{BORN}", f"{NAME},York,x")),
    "first row is a person for a text": Case("no_phone_column", rows(f"{NAME},Lititz,York", f"{NAME},York,x"), SMS),
    "a hole in a row of data": Case("header_empty_name", rows(f"{NAME},,{BORN},Lititz", PERSON)),
    "two persons of one name in the first row": Case("header_duplicate", rows(f"{NAME},{NAME},{BORN}", PERSON)),
    "an address twice among names": Case("header_missing", rows(f"email,{ADDRESS},{ADDRESS}", PERSON)),
    "a number twice among names": Case("header_duplicate", rows(f"email,city,{PHONE},{PHONE}", PERSON)),
    "a day twice among names": Case("header_duplicate", rows(f"email,city,{BORN},{BORN}", PERSON)),
    "names that are data": Case("too_many_columns", rows("email," + ",".join(f"{NAME} {n}" for n in range(3_000)))),
    "a template's column is not there": Case(
        "template_column_missing", rows(f"email,{NAME},{BORN}", PERSON), replace(EMAIL, data_template=OWN_CHECK)
    ),
    "two columns of addresses": Case("column_ambiguous", rows(f"email,Email Address,{BORN},{NAME}", PERSON)),
    "two columns of one field": Case(
        "column_ambiguous",
        rows(f"email,{BORN},shoe", PERSON),
        replace(
            EMAIL,
            data_template=DataTemplate(
                "retail",
                {BORN: ColumnRule(ColumnRole.FIELD, "Size"), "shoe": ColumnRule(ColumnRole.FIELD, "Size")},
            ),
        ),
    ),
    "an audience that is a number": Case("column_names_audience", rows(f"email,{PHONE}", PERSON), audience=PHONE),
    "an audience that is a day": Case("column_names_audience", rows(f"email,{BORN}", PERSON), audience=BORN),
    "a doubtful column with data": Case(
        "opt_status_unsure",
        rows(f"email,Newsletter {BORN},happy to hear", f"{ADDRESS},{NAME},yes", f"x@e.co,{PHONE},no"),
    ),
    "no consent column": Case(
        "opt_status_missing", rows(UNUSUAL, PERSON), replace(EMAIL, missing_opt_status=MissingOptStatus.REJECT)
    ),
    "parts with other columns": Case("parts_differ", rows("email,city", PERSON), more=(rows(f"email,{BORN}", PERSON),)),
    "a part whose first row is a person": Case(
        "parts_differ", rows("email,city", PERSON), more=(rows(f"x,{NAME}", "y,z"),)
    ),
    "rows that are no objects": Case(
        "json_unreadable",
        f'["{ADDRESS}", "{NAME}"]\n["{PHONE}"]\n',
        replace(EMAIL, file=FileRules(format=FileFormat.JSON)),
    ),
    "keys that are data": Case("no_email_column", json.dumps({NAME: PHONE, BORN: "x", "shoe": 3}) + "\n"),
    "an array that is not closed": Case(
        "file_truncated",
        f'[{{"email": "{ADDRESS}", "name": "{NAME}"}},',
        replace(EMAIL, file=FileRules(format=FileFormat.JSON)),
    ),
    "an open quote in the first row": Case("header_unreadable", f'email,"{NAME}\n{PERSON}\n'),
    "a first row that is no text": Case("encoding_unreadable", f"email,{NAME}\0,\x01\n".encode() + b"\xff\xfe\0\0\n"),
    "another code page": Case(
        "encoding_unknown",
        rows("email,name,city", *(f"{ADDRESS},{NAME},\u041c\u043e\u0441\u043a\u0432\u0430" for _ in range(20))).encode(
            "cp1251"
        ),
    ),
    "rows with holes": Case(
        "file_damaged", rows("email,name", *[f"{ADDRESS},{NAME},{PHONE},x"] * 50, "a@example.com,b")
    ),
    "only a row of somebody's": Case(None, rows("email,city", f"{ADDRESS},Lititz")),
    "names that are data and are read": Case(None, rows(f"email,city,{PHONE},{BORN}", f"{ADDRESS},x,{PHONE},{NAME}")),
    "a feed without its key": Case("feed_key_missing", rows(f"{NAME},{BORN},total", PERSON), ORDERS),
    "a feed with a name twice": Case("column_ambiguous", rows(f"email,Email Address,{BORN}", PERSON), CONTACTS),
    "a feed whose first row is a person": Case("header_missing", rows(PERSON, PERSON), CUSTOMERS),
    "a feed with columns that are data": Case(
        None, rows(f"customernumber,email,{BORN},{PHONE}", f"1,{ADDRESS},x,{PHONE}"), CUSTOMERS
    ),
    "a contact list that says who wants mail": Case(
        "opt_status_not_carried", rows(f"email,opt_in,{BORN}", f"{ADDRESS},yes,{NAME}"), CONTACTS
    ),
}
OF_NO_CONTENT = {
    "archive_bomb": "of sizes",
    "archive_damaged": "of bytes",
    "archive_encrypted": "of bytes",
    "archive_method": "of bytes",
    "archive_nested": "of bytes",
    "archive_too_many": "a number",
    "archive_unsafe": "of names of members, which are not repeated",
    "audience_invalid": "below",
    "drop_key_invalid": "below",
    "file_changed": "of sizes",
    "file_empty": "there is nothing",
    "file_gone": "of the key",
    "file_too_large": "of sizes",
    "file_unreadable": "a number",
    "format_unsupported": "of the first bytes, which are not repeated",
    "line_too_long": "a number",
    "marker_without_parts": "of the key",
    "mirror_without_marker": "of the key",
    "parquet_unreadable": "the library's words are not repeated",
    "pgp_unreadable": "of the secret",
    "quotes_unreadable": "a number",
    "rows_unbalanced": "numbers",
    "too_many_rejected": "of reason codes",
    "workbook_formulas": "the name of the sheet and nothing of its cells",
    "workbook_unreadable": "the library's words are not repeated",
}
"""Rejections whose sentence has no place for what a file holds."""


def read(case: Case, folder: Path) -> IngestedAudience:
    files = []
    for number, body in enumerate([case.body, *case.more]):
        path = folder / f"{number}.dropped"
        path.write_bytes(body.encode() if isinstance(body, str) else body)
        files.append(LocalFile(f"drop/{number}.csv", path))
    source = DroppedFile("drop", "drop/0.csv", "v1", 1, "2026-11-29T08:00:00Z")
    sessions = Sessions(memory_limit_mb=256, threads=2, limits=LIMITS)
    if isinstance(case.destination, FeedDestination):
        return DuckDbFeedReader(sessions).read(files, source, case.destination, folder / "out")
    sizes = ChunkSizes(max_bytes=1_000_000, one_by_one_rows=1_000, sms_rows=1_000)
    reader = DuckDbAudienceReader(sessions, sizes)
    return reader.read(files, source, case.destination, case.audience, folder / "out")


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if case.code])
def test_a_rejection_tells_nobodys_data(name: str, tmp_path: Path) -> None:
    case = CASES[name]

    with pytest.raises(FileRejectedError) as caught:
        read(case, tmp_path)

    assert caught.value.code == case.code, caught.value
    assert told_in(str(caught.value)) == [], caught.value


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if not case.code])
def test_notes_of_a_file_that_is_read_tell_nobodys_data(name: str, tmp_path: Path) -> None:
    result = read(CASES[name], tmp_path)

    notes = json.dumps([result.notes, result.reasons], default=str)
    assert told_in(notes) == [], notes


@pytest.mark.parametrize(
    "key",
    [f"email/{ADDRESS}", f"email/{quote(ADDRESS)}", f"email/{ADDRESS}{'x' * 100}/file.csv", f"email/{PHONE}\n1/f.csv"],
)
def test_a_key_that_cannot_be_used_tells_nobodys_data(key: str) -> None:
    with pytest.raises(FileRejectedError) as caught:
        parse_drop_key(key)

    assert told_in(str(caught.value)) == []


def rejections() -> Iterator[str]:
    """Every code of a rejected file that is written out where it is raised, or in a constant of that name."""
    constants: dict[str, str] = {}
    raised: list[ast.expr] = []
    for file in (CORE / "listrak_relay").rglob("*.py"):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        for node in tree.body:
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant):
                constants |= {t.id: str(node.value.value) for t in node.targets if isinstance(t, ast.Name)}
        raised += [
            call.args[0]
            for call in ast.walk(tree)
            if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "FileRejectedError" and call.args
        ]
    for code in raised:
        if isinstance(code, ast.Constant):
            yield str(code.value)
        name = code.attr if isinstance(code, ast.Attribute) else getattr(code, "id", "")
        if name.isupper():
            yield constants[name]


def test_every_rejection_there_is_has_a_case_or_no_place_for_data() -> None:
    tried = {case.code for case in CASES.values()}

    assert set(rejections()) - tried == set(OF_NO_CONTENT)
