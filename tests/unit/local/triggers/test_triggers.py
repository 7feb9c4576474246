"""Which messages stay on the queue, how often a schedule fires, what a file of one's own may be called."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from local.commands.run import drop_key
from local.errors import LocalStackError
from local.lambda_runtime.worker import Outcome
from local.results import read_turned_away
from local.sample_files import sample_files
from local.triggers.schedule import rate_seconds
from local.triggers.sqs_poller import failures
from tests.support.paths import SAMPLES

MESSAGES: Any = [{"MessageId": "a"}, {"MessageId": "b"}]


def outcome(payload: Any, *, failed: bool = False) -> Outcome:
    return Outcome(payload, failed=failed, seconds=0.1, alive=True)


@pytest.mark.parametrize(
    ("payload", "stay"),
    [
        (None, set()),
        ({}, set()),
        ({"batchItemFailures": []}, set()),
        ({"batchItemFailures": None}, set()),
        ({"batchItemFailures": [{"itemIdentifier": "b"}]}, {"b"}),
        ({"batchItemFailures": [{"itemIdentifier": "stranger"}]}, {"a", "b"}),
        ({"batchItemFailures": [{"itemIdentifier": ""}]}, {"a", "b"}),
        ({"batchItemFailures": [{"itemIdentifier": None}]}, {"a", "b"}),
        ({"batchItemFailures": [{"other": "a"}]}, {"a", "b"}),
        ({"batchItemFailures": ["a"]}, {"a", "b"}),
        ({"batchItemFailures": "a"}, {"a", "b"}),
        ("done", {"a", "b"}),
    ],
)
def test_messages_that_stay_on_the_queue(payload: Any, stay: set[str]) -> None:
    assert failures(outcome(payload), MESSAGES, partial_failures=True) == stay


def test_an_error_keeps_the_whole_batch() -> None:
    assert failures(outcome({"errorType": "ValueError"}, failed=True), MESSAGES, partial_failures=False) == {"a", "b"}


def test_without_partial_failures_a_result_never_keeps_a_message() -> None:
    payload = {"batchItemFailures": [{"itemIdentifier": "a"}]}

    assert failures(outcome(payload), MESSAGES, partial_failures=False) == set()


@pytest.mark.parametrize(
    ("expression", "seconds"), [("rate(1 minute)", 60), ("rate(15 minutes)", 900), ("rate(2 hours)", 7_200)]
)
def test_a_rate_is_read(expression: str, seconds: float) -> None:
    assert rate_seconds(expression) == seconds


def test_a_schedule_that_is_no_rate_is_refused() -> None:
    with pytest.raises(LocalStackError, match="rate"):
        rate_seconds("cron(0 12 * * ? *)")


@pytest.mark.parametrize(
    ("destination", "audience"), [("", "vip"), ("email", " "), ("email/x", "vip"), ("email", "a/b")]
)
def test_a_destination_or_audience_that_would_make_another_key_is_refused(destination: str, audience: str) -> None:
    with pytest.raises(LocalStackError):
        drop_key(destination, audience, "people.csv")


def test_rows_turned_away_are_grouped_by_reason_without_the_rows_themselves(tmp_path: Path) -> None:
    lines = [f"{row},rejected,email_invalid,email,correct it,secret@@example" for row in range(2, 32)]
    rejects = tmp_path / "rejects.csv"
    rejects.write_text("\n".join(["row,outcome,reason,column,detail,record", "40,refused,banned,,,x", *lines]) + "\n")

    invalid, banned = read_turned_away(rejects)

    assert (invalid.count, invalid.reason, invalid.rows[:2]) == (30, "email_invalid", ["2", "3"])
    assert (banned.count, banned.outcome) == (1, "refused")
    assert "secret" not in repr(invalid)


def test_the_sample_files_are_what_their_generator_writes() -> None:
    for name, content in sample_files().items():
        assert (SAMPLES / name).read_bytes() == content, f"{name}: write them anew with python -m local.sample_files"
