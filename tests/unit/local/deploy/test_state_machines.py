"""State machines on the local stack: what a deployed definition becomes, and what is refused."""

from __future__ import annotations

import json
from typing import Any

import pytest

from local.deploy.state_machines import check, definition, foreseen_errors, logging_configuration
from local.errors import LocalStackError
from local.lambda_runtime.invoke_api import function_name

END: dict[str, Any] = {"Type": "Succeed"}
INVOKE = "arn:aws:states:::lambda:invoke"


def faults_of(**states: dict[str, Any]) -> str:
    with pytest.raises(LocalStackError) as caught:
        check("Machine", json.dumps({"StartAt": next(iter(states)), "States": states}))
    return str(caught.value).removeprefix("the local stack cannot run the state machine Machine: ")


def test_substitutions_are_made_in_the_definition() -> None:
    properties = {"DefinitionString": '{"a": "${One}-${Two}"}', "DefinitionSubstitutions": {"One": "1", "Two": 2}}

    assert definition(properties) == '{"a": "1-2"}'


def test_a_substitution_that_is_not_declared_is_named() -> None:
    with pytest.raises(LocalStackError, match=r"\$\{Two\}"):
        definition({"DefinitionString": "${One}${Two}", "DefinitionSubstitutions": {"One": "1"}})


def test_a_definition_that_can_be_run_is_taken() -> None:
    reader = {"Resource": "arn:aws-cn:states:::s3:getObject"}
    task = {"Type": "Task", "Resource": INVOKE, "Retry": [], "End": True}
    each = {"Type": "Map", "ItemReader": reader, "ItemProcessor": {"StartAt": "Each", "States": {"Each": task}}}

    check("Machine", json.dumps({"StartAt": "All", "States": {"All": {**each, "Next": "End"}, "End": END}}))


@pytest.mark.parametrize(
    ("state", "fault"),
    [
        ({"Type": "Wait", "Seconds": 1}, "Odd is a state of type Wait"),
        ({"Type": "Task", "Resource": INVOKE, "HeartbeatSeconds": 1}, "Odd has HeartbeatSeconds"),
        ({"Type": "Map", "ToleratedFailurePercentage": 5}, "Odd has ToleratedFailurePercentage"),
        (
            {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage"},
            "Odd calls arn:aws:states:::sqs:sendMessage",
        ),
        (
            {"Type": "Map", "ItemReader": {"Resource": "arn:aws:states:::s3:listObjectsV2"}},
            "Odd calls arn:aws:states:::s3:listObjectsV2",
        ),
    ],
)
def test_what_would_run_otherwise_than_on_aws_is_named(state: dict[str, Any], fault: str) -> None:
    assert faults_of(Odd=state, End=END) == fault
    assert faults_of(Outer={"Type": "Map", "ItemProcessor": {"StartAt": "Odd", "States": {"Odd": state}}}) == fault


def test_logging_is_converted_to_the_names_of_the_api() -> None:
    destination = {"CloudWatchLogsLogGroup": {"LogGroupArn": "arn"}}
    properties = {
        "LoggingConfiguration": {"Level": "ERROR", "IncludeExecutionData": False, "Destinations": [destination]}
    }

    assert logging_configuration(properties) == {
        "level": "ERROR",
        "includeExecutionData": False,
        "destinations": [{"cloudWatchLogsLogGroup": {"logGroupArn": "arn"}}],
    }
    assert logging_configuration({}) == {"level": "OFF"}


def test_errors_of_fail_states_are_foreseen() -> None:
    states = {"Bad": {"Type": "Fail", "Error": "Bad"}, "Worse": {"Type": "Fail", "Error": "Worse"}, "End": END}

    assert foreseen_errors(json.dumps({"States": states})) == {"Bad", "Worse"}


@pytest.mark.parametrize(
    "spelling",
    ["ingest-1", "ingest-1:live", "arn:aws:lambda:us-east-1:1:function:ingest-1", "arn%3Aaws%3Afunction%3Aingest-1"],
)
def test_a_function_is_known_by_its_name_and_by_its_arn(spelling: str) -> None:
    assert function_name(spelling) == "ingest-1"
