"""Files that are turned away as a whole, and runs in which nobody is delivered: each says so loudly."""

from __future__ import annotations

import pytest

from tests.support.stack.relay import Relay


@pytest.mark.parametrize(
    ("content", "code", "words"),
    [
        (b"\n", "file_empty", "empty"),
        (b"name,city\nAda,Turin\n", "no_email_column", "name"),
        (b"email,E-Mail\na@example.com,b@example.com\n", None, "email"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00", None, ""),
    ],
    ids=["empty", "no email column", "two email columns", "no text at all"],
)
def test_a_file_that_cannot_be_used_is_rejected_and_changes_nothing(
    relay: Relay, content: bytes, code: str | None, words: str
) -> None:
    report = relay.run(content)

    assert report["status"] == "REJECTED"
    assert report["balanced"]
    assert report["attention"]
    assert words in report["problem"]
    if code:
        assert report["problem_code"] == code
    assert relay.calls("POST", "/email/") == 0


@pytest.mark.parametrize(
    "content",
    ["email,opt_in\n", "email,opt_in\nnobody,yes\n,yes\nx@example.com,perhaps\n"],
    ids=["header only", "all rejected"],
)
def test_a_run_that_delivers_nobody_asks_for_attention(relay: Relay, content: str) -> None:
    report = relay.run(content)

    assert report["balanced"]
    assert report["counts"]["accepted"] == 0
    assert report["attention"]
    assert not relay.imports()


def test_a_destination_that_does_not_exist_is_named_with_those_that_do(relay: Relay) -> None:
    report = relay.run("email\na@example.com\n", destination="emial")

    assert report["status"] == "REJECTED"
    assert "email" in report["problem"]


def test_a_configuration_with_a_fault_rejects_the_file_and_says_where(relay: Relay) -> None:
    relay.configure("version: 1\ndestinations:\n  vip: {channel: email, mode: mirorr}\n")

    report = relay.run("email\na@example.com\n", destination="vip")

    assert report["status"] == "REJECTED"
    assert "line 3" in report["problem"]
