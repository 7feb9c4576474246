"""What can be read from any answer of Listrak's, and that nothing else ever is."""

import codecs
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listrak_relay.adapters.listrak.answer import Answer
from listrak_relay.ports.messaging import MAX_POSTPONEMENT_SECONDS


@given(status=st.integers(100, 599), content=st.binary(), retry_after=st.text(), date=st.text())
def test_any_answer_can_be_read(status: int, content: bytes, retry_after: str, date: str) -> None:
    answer = Answer(status, {"Retry-After": retry_after, "Date": date}, content)

    wait = answer.retry_after()

    assert answer.error_code()
    assert answer.json_object() is None or isinstance(answer.json_object(), dict)
    assert wait is None or 0 <= wait <= MAX_POSTPONEMENT_SECONDS
    assert answer.succeeded + answer.refused + answer.failed <= 1


@pytest.mark.parametrize("name", [rb'"a\ud800"', rb'"\uDC00a"', b'"a\xed\xa0\x80"', rb'{"\ud83d": ["\ud83d\ude00"]}'])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be", "utf-32"])
def test_half_a_sign_is_text_that_can_be_kept(name: bytes, encoding: str) -> None:
    text = (b'{"status": 200, "data": ' + name + b"}").decode("utf-8", "surrogatepass")
    content = text.encode(encoding.removesuffix("-sig"), "surrogatepass")

    found = Answer(200, {}, codecs.BOM_UTF8 + content if encoding == "utf-8-sig" else content).json_object()

    assert found
    assert "?" in json.dumps(found, ensure_ascii=False).encode().decode()


def test_the_words_of_a_refusal_come_without_what_was_sent() -> None:
    message = "The value Last of ada.b@example.com and 17175550100 (Lovelace) is too long for emailAddress, Jane"
    answer = Answer(400, {}, json.dumps({"error": "ERROR_X", "message": message}).encode())

    sent = ("/List/1/Contact", {"x": "1"}, {"values": [{"id": 7, "value": "Ada last"}]})

    assert answer.words(sent) == "The value … of … and … is too long for emailAddress, …"
    assert answer.words(None) == "The value Last of … and … is too long for emailAddress, …"
    assert Answer(400, {}, b"<html>").words(None) == ""


@pytest.mark.parametrize("code", ["ERROR_INVALID_PARAMETER", "invalid_client", "ERROR_HTTP_2"])
def test_an_error_code_is_told(code: str) -> None:
    assert Answer(400, {}, json.dumps({"error": code}).encode()).error_code() == code


@pytest.mark.parametrize(
    "said",
    [
        "ada@example.com",
        "Ada",
        "7175559636",
        "ERROR_ ada@example.com",
        "ERROR_OF_ADA@EXAMPLE.COM",
        "_" * 3,
        "A_" + "B" * 500,
        "ERROR_É",
        "ERROR_X\n",
        17,
        None,
        ["ERROR_X"],
    ],
)
def test_what_is_no_error_code_is_kept_back(said: object) -> None:
    assert Answer(400, {}, json.dumps({"error": said}).encode()).error_code() == "HTTP 400"


@pytest.mark.usefixtures("no_garbage")
@pytest.mark.parametrize("content", [b"", b"null", b"[]", b'"x"', b"{", b"\xff\xfe\x00", b"[" * 200_000])
def test_what_is_no_json_object_is_nothing(content: bytes) -> None:
    assert Answer(200, {}, content).json_object() is None


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_json_may_come_in_any_unicode_encoding(encoding: str) -> None:
    assert Answer(200, {}, '{"listName": "Bücher"}'.encode(encoding)).json_object() == {"listName": "Bücher"}


@pytest.mark.parametrize(
    ("retry_after", "seconds"),
    [
        ("0", 0),
        (" 30 ", 30),
        ("86400", MAX_POSTPONEMENT_SECONDS),
        ("Fri, 15 Jan 2027 08:01:30 GMT", 90),
        ("Fri, 15 Jan 2027 07:00:00 GMT", 0),
        ("Fri, 15 Jan 2027 08:01:30", None),
        ("Fri, 15 Jan 99999999999999999999 08:00:00 GMT", None),
        ("-1", None),
        ("٣", None),
        ("", None),
    ],
)
def test_the_wait_asked_for_is_read_as_seconds_or_as_a_date(retry_after: str, seconds: float | None) -> None:
    answer = Answer(429, {"Retry-After": retry_after, "Date": "Fri, 15 Jan 2027 08:00:00 GMT"}, b"")

    assert answer.retry_after() == seconds
