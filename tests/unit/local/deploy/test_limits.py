"""What Lambda refuses when a function or a mapping is made."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from local.deploy.deployment import Deployment
from local.deploy.limits import check
from local.errors import LocalStackError
from local.lambda_runtime.account import NEW, USUAL, AccountLimits, Concurrency, account_limits


def deployment(
    function: Mapping[str, Any] | None = None,
    mapping: Mapping[str, Any] | None = None,
    queue: Mapping[str, Any] | None = None,
) -> Deployment:
    resources: dict[str, dict[str, Any]] = {
        "Work": {"Type": "AWS::Lambda::Function", "Properties": {"Timeout": 30, **(function or {})}},
        "Queue": {"Type": "AWS::SQS::Queue", "Properties": {"VisibilityTimeout": 60, **(queue or {})}},
        "Mapping": {
            "Type": "AWS::Lambda::EventSourceMapping",
            "Properties": {"FunctionName": "work", "EventSourceArn": "arn:aws:sqs:r:1:queue", **(mapping or {})},
        },
    }
    aws: Any = None
    return Deployment(aws, Path(), resources, {"Work": "work", "Queue": "http://host/1/queue"}, {})


def refusal(account: AccountLimits = USUAL, **changed: Any) -> str:
    with pytest.raises(LocalStackError) as caught:
        check(deployment(**changed), account)
    return str(caught.value)


def test_what_is_within_all_limits_is_taken() -> None:
    function = {"MemorySize": "3008", "EphemeralStorage": {"Size": "10240"}, "ReservedConcurrentExecutions": "20"}

    check(deployment(function, {"BatchSize": 1}), USUAL)


@pytest.mark.parametrize(
    ("function", "words"),
    [
        ({"MemorySize": "10241"}, "'MemorySize' value failed to satisfy constraint"),
        ({"MemorySize": 127}, "greater than or equal to 128"),
        ({"Timeout": 901}, "less than or equal to 900"),
        ({"EphemeralStorage": {"Size": 10_241}}, "EphemeralStorage"),
        ({"Layers": ["layer"] * 6}, "Cannot reference more than 5 layers"),
        ({"Environment": {"Variables": {"LONG": "x" * 4_100}}}, "exceeded the 4KB limit"),
        ({"Environment": {"Variables": {"AWS_REGION": "here"}}}, "reserved keys.*AWS_REGION"),
        ({"ReservedConcurrentExecutions": "901"}, "below its minimum value of [100]"),
    ],
    ids=["memory", "little memory", "time", "disk", "layers", "environment", "reserved names", "reserved concurrency"],
)
def test_a_function_beyond_a_limit_is_refused_by_its_name(function: dict[str, Any], words: str) -> None:
    said = refusal(function=function, queue={"VisibilityTimeout": 5_400})

    assert all(part in said for part in words.split(".*"))


def test_a_new_account_has_less_memory_and_nothing_to_reserve() -> None:
    check(deployment({"MemorySize": 3_008}), NEW)

    assert "Member must have value less than or equal to 3008" in refusal(NEW, function={"MemorySize": 3_009})
    assert "below its minimum value of [10]" in refusal(NEW, function={"ReservedConcurrentExecutions": 1})


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        (
            {"queue": {"VisibilityTimeout": 29}},
            "Queue visibility timeout: 29 seconds is less than Function timeout: 30",
        ),
        ({"mapping": {"BatchSize": 11}}, "Maximum batch window in seconds must be greater than 0"),
        ({"mapping": {"ScalingConfig": {"MaximumConcurrency": "1"}}}, "greater than or equal to 2"),
    ],
    ids=["visibility", "window", "concurrency"],
)
def test_a_mapping_that_lambda_would_not_make_is_refused(changed: dict[str, Any], words: str) -> None:
    said = refusal(**changed)

    assert "Mapping: " in said
    assert words in said


@pytest.mark.parametrize(
    ("environment", "limits"), [({}, USUAL), ({"NEW_ACCOUNT": "0"}, USUAL), ({"NEW_ACCOUNT": "1"}, NEW)]
)
def test_a_variable_asks_for_the_limits_of_a_new_account(environment: dict[str, str], limits: AccountLimits) -> None:
    assert account_limits(environment) == limits


def test_a_word_that_says_neither_is_refused() -> None:
    with pytest.raises(LocalStackError, match="NEW_ACCOUNT is 'yes'"):
        account_limits({"NEW_ACCOUNT": "yes"})


def test_no_more_invocations_run_at_once_than_the_account_has() -> None:
    concurrency = Concurrency(NEW, {})

    begun = [concurrency.begin("a" if number % 2 else "b") for number in range(11)]

    assert begun == [True] * 10 + [False]
    concurrency.end("a")
    assert concurrency.begin("b")


def test_what_a_function_reserves_is_its_own_and_its_limit() -> None:
    concurrency = Concurrency(AccountLimits(memory_mb=128, concurrency=4, unreserved=1), {"own": 2})

    assert [concurrency.begin("own") for _ in range(3)] == [True, True, False]
    assert [concurrency.begin("other") for _ in range(3)] == [True, True, False]
