"""The state machine that reads a large file in ranges, as the template defines it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

import listrak_relay.errors
from listrak_relay.use_cases.sweep_runs import INGEST_GRACE_SECONDS
from local.deploy.state_machines import check, definition
from local.template.source import read_template, translate
from tests.support.paths import TEMPLATE
from tests.support.stack.template_values import deployed

States = dict[str, dict[str, Any]]

LAMBDA_TIMEOUT = 900
OF_LAMBDA = {"Function": "arn:aws:lambda:us-east-1:123456789012:function:ingest-ranges"}
GIVING_UP = "GiveUp"
NEXT_STEPS = {"read": "Read", "write": "Write", "end": "Done"}
"""The word that a step answers, and the state that it leads to."""


@pytest.fixture(scope="module")
def template() -> dict[str, Any]:
    return read_template(TEMPLATE)


@pytest.fixture(scope="module")
def resources(template: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = template["Resources"]
    return found


@pytest.fixture(scope="module")
def machine(resources: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = resources["IngestRanges"]["Properties"]["Definition"]
    return found


@pytest.fixture(scope="module")
def states(machine: dict[str, Any]) -> States:
    found: States = machine["States"]
    return found


def inner(state: dict[str, Any]) -> States:
    """The states that a map goes through for each item."""
    found: States = state["ItemProcessor"]["States"]
    return found


def of_type(states: States, *kinds: str) -> States:
    return {name: state for name, state in states.items() if state["Type"] in kinds}


def tasks(states: States) -> Iterator[tuple[str, dict[str, Any]]]:
    """Also those in maps."""
    yield from of_type(states, "Task").items()
    for state in of_type(states, "Map").values():
        yield from tasks(inner(state))


def followers(state: dict[str, Any]) -> set[str]:
    branches = [*state.get("Catch", []), *state.get("Choices", [])]
    named = [state.get("Next"), state.get("Default"), *(branch["Next"] for branch in branches)]
    return {name for name in named if name}


def statements(resource: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """By their Sid, of a policy or of a role's own policies."""
    properties = resource["Properties"]
    documents = [policy["PolicyDocument"] for policy in properties.get("Policies", [properties])]
    # What is there under a condition alone has no Sid here.
    return {one["Sid"]: one for document in documents for one in document["Statement"] if "Sid" in one}


def test_the_linter_finds_no_fault_in_the_definition_that_is_deployed() -> None:
    from cfnlint.api import ManualArgs, lint  # noqa: PLC0415 - all who collect tests would wait seconds for it

    properties = translate(read_template(TEMPLATE), "us-east-1")["Resources"]["IngestRanges"]["Properties"]
    text = "\n".join(properties["DefinitionString"]["Fn::Join"][1])
    values = {"Partition": "aws", "Function": OF_LAMBDA["Function"], "WorkBucket": "work", "RangeConcurrency": "20"}
    assert set(properties["DefinitionSubstitutions"]) == set(values)
    deployed = definition({"DefinitionString": text, "DefinitionSubstitutions": values})
    alone = {"RoleArn": "arn:aws:iam::123456789012:role/machine", "DefinitionString": deployed}

    found = lint(
        json.dumps({"Resources": {"Machine": {"Type": "AWS::StepFunctions::StateMachine", "Properties": alone}}}),
        config=ManualArgs(regions=["us-east-1"]),
    )

    assert [str(fault) for fault in found] == []
    check("IngestRanges", deployed)


def test_every_state_that_is_named_is_there_and_every_state_is_reached(machine: dict[str, Any], states: States) -> None:
    reached, to_visit = set(), {machine["StartAt"]}
    while to_visit:
        name = to_visit.pop()
        reached.add(name)
        to_visit |= followers(states[name]) - reached

    assert reached == set(states)


def test_every_way_ends_in_success_or_in_failure(states: States) -> None:
    last = {name: state["Type"] for name, state in states.items() if not followers(state)}

    assert last == {"Done": "Succeed", "GivenUp": "Fail"}


def test_whatever_goes_on_failing_gives_up_the_run_and_fails_the_execution(states: States) -> None:
    working = of_type(states, "Task", "Map")

    assert set(working) > {GIVING_UP}
    for name, state in working.items():
        if name != GIVING_UP:
            assert [(one["ErrorEquals"], one["Next"]) for one in state["Catch"]] == [(["States.ALL"], GIVING_UP)], name
            # The run's id must be there to give it up.
            assert state["Catch"][0]["ResultPath"] == "$.failure", name
    assert followers(states[GIVING_UP]) == {"GivenUp"}


def test_every_task_tries_again_first_what_passes_and_then_everything(states: States) -> None:
    for name, state in tasks(states):
        passing, rest = state["Retry"]
        assert rest["ErrorEquals"] == ["States.ALL"], name
        assert rest["MaxAttempts"] == 2, name
        assert passing["JitterStrategy"] == "FULL", name
        waits = [
            min(passing["IntervalSeconds"] * passing["BackoffRate"] ** attempt, passing["MaxDelaySeconds"])
            for attempt in range(passing["MaxAttempts"])
        ]
        assert 180 <= sum(waits) / 2 <= 900, name  # half of them, by full jitter on average


def test_the_errors_that_are_tried_again_longest_are_lambdas_and_our_own(states: States) -> None:
    own = {name for name in vars(listrak_relay.errors) if name.endswith("Error")}
    for name, state in tasks(states):
        named = set(state["Retry"][0]["ErrorEquals"])
        ours = {error for error in named if not error.startswith("Lambda.")}
        assert {"Lambda.ServiceException", "Lambda.TooManyRequestsException"} <= named, name
        assert ours <= own, name
        # Step Functions knows no families: each kind is named.
        assert ours == {
            error
            for error in own
            if issubclass(getattr(listrak_relay.errors, error), listrak_relay.errors.RetryableError)
        }, name


def test_a_list_that_cannot_be_read_is_tried_again_but_never_the_whole_map(states: States) -> None:
    for state in of_type(states, "Map").values():
        assert [one["ErrorEquals"] for one in state["Retry"]] == [["States.ItemReaderFailed"]]


@pytest.mark.parametrize(("name", "step"), [("Read", "read"), ("Write", "write")])
def test_ranges_are_gone_through_by_a_distributed_map_over_a_list_in_the_work_bucket(
    resources: dict[str, Any], states: States, name: str, step: str
) -> None:
    state = states[name]

    assert state["ItemProcessor"]["ProcessorConfig"] == {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}
    assert state["ItemReader"] == {
        "Resource": "arn:${Partition}:states:::s3:getObject",
        "ReaderConfig": {"InputType": "JSON"},
        "Parameters": {"Bucket": "${WorkBucket}", "Key.$": "$.answer.todo"},
    }
    assert state["ItemSelector"] == {"step": step, "run_id.$": "$.run_id", "number.$": "$$.Map.Item.Value"}
    assert resources["IngestRanges"]["Properties"]["DefinitionSubstitutions"]["WorkBucket"] == {"Ref": "WorkBucket"}
    assert not [field for field in state if field.startswith("ToleratedFailure")]


def test_as_many_ranges_at_once_as_the_parameter_says(template: dict[str, Any], states: States) -> None:
    substituted = template["Resources"]["IngestRanges"]["Properties"]["DefinitionSubstitutions"]
    assert deployed(Settings="RangeConcurrency=7").resolver.resolve(substituted["RangeConcurrency"]) == "7"
    assert states["Prepare"]["Parameters"]["concurrency.$"] == "States.MathAdd(${RangeConcurrency}, 0)"
    for state in of_type(states, "Map").values():
        assert state["MaxConcurrencyPath"] == "$.concurrency"
        assert "MaxConcurrency" not in state


def test_every_step_answers_what_is_next_and_each_answer_has_a_state(states: States) -> None:
    choice = states["WhatNext"]
    for name in ("Cut", "Join", "Finish"):
        assert states[name]["Next"] == "WhatNext"
        assert states[name]["ResultSelector"] == {"next.$": "$.Payload.next", "todo.$": "$.Payload.todo"}
        assert states[name]["ResultPath"] == "$.answer"

    assert {one["StringEquals"]: one["Next"] for one in choice["Choices"]} == NEXT_STEPS
    assert {one["Variable"] for one in choice["Choices"]} == {"$.answer.next"}
    assert (states["Read"]["Next"], states["Write"]["Next"]) == ("Join", "Finish")


def test_an_answer_that_is_not_known_gives_up_the_run(states: States) -> None:
    assert states["WhatNext"]["Default"] == GIVING_UP


def test_each_step_is_told_its_name_and_its_run(states: States) -> None:
    told = {name: state["Parameters"]["Payload"] for name, state in of_type(states, "Task").items()}

    assert told == {
        name: {"step": step, "run_id.$": "$.run_id"}
        for name, step in {"Cut": "cut", "Join": "join", "Finish": "finish", GIVING_UP: "give_up"}.items()
    }
    for state in of_type(states, "Map").values():
        assert [one["Parameters"]["Payload.$"] for one in inner(state).values()] == ["$"]
        assert [one["ResultSelector"] for one in inner(state).values()] == [{}]


def test_a_task_outlasts_its_function_and_the_whole_is_over_before_the_run_counts_as_never_read(
    resources: dict[str, Any], machine: dict[str, Any], states: States
) -> None:
    assert resources["IngestRangesFunction"]["Properties"]["Timeout"] == LAMBDA_TIMEOUT
    for name, state in tasks(states):
        assert LAMBDA_TIMEOUT < state["TimeoutSeconds"] <= LAMBDA_TIMEOUT + 60, name
    assert machine["TimeoutSeconds"] < INGEST_GRACE_SECONDS


def test_the_state_machine_may_invoke_just_the_function_that_it_names(
    resources: dict[str, Any], states: States
) -> None:
    role = resources["IngestRanges"]["Properties"]["Role"]
    function = {"Fn::GetAtt": ["IngestRangesFunction", "Arn"]}
    assert role == {"Fn::GetAtt": ["IngestRangesMachineRole", "Arn"]}
    assert resources["IngestRanges"]["Properties"]["DefinitionSubstitutions"]["Function"] == function
    for name, state in tasks(states):
        assert state["Resource"] == "arn:${Partition}:states:::lambda:invoke", name
        assert state["Parameters"]["FunctionName"] == "${Function}", name

    steps = statements(resources["IngestRangesMachineRole"])["Steps"]
    assert (steps["Action"], steps["Resource"]) == ("lambda:InvokeFunction", function)


def test_the_state_machine_may_read_its_lists_and_start_and_follow_its_ranges(resources: dict[str, Any]) -> None:
    lists = statements(resources["IngestRangesMachineRole"])["ReadLists"]
    maps = statements(resources["IngestRangesMapPolicy"])

    assert (lists["Action"], lists["Resource"]) == ("s3:GetObject", {"Fn::Sub": "${WorkBucket.Arn}/runs/*"})
    assert resources["IngestRangesMapPolicy"]["Properties"]["Roles"] == [{"Ref": "IngestRangesMachineRole"}]
    assert (maps["StartRanges"]["Action"], maps["StartRanges"]["Resource"]) == (
        "states:StartExecution",
        {"Ref": "IngestRanges"},
    )
    assert maps["FollowRanges"]["Action"] == ["states:DescribeExecution", "states:StopExecution"]
    followed = [resource["Fn::Sub"].partition(":execution:")[2] for resource in maps["FollowRanges"]["Resource"]]
    assert followed == ["${IngestRanges.Name}:*", "${IngestRanges.Name}/*"]  # its own, and those of a map


def test_ingest_may_start_the_state_machine_that_it_is_told_of(resources: dict[str, Any]) -> None:
    variables = resources["IngestAudienceFunction"]["Properties"]["Environment"]["Variables"]
    start = statements(resources["IngestAudienceRole"])["StartRanges"]

    assert variables["RANGES_STATE_MACHINE_ARN"] == {"Ref": "IngestRanges"}
    assert (start["Action"], start["Resource"]) == ("states:StartExecution", {"Ref": "IngestRanges"})


def test_a_range_has_the_settings_and_the_room_of_ingest(resources: dict[str, Any]) -> None:
    ingest = resources["IngestAudienceFunction"]["Properties"]
    ranges = resources["IngestRangesFunction"]["Properties"]
    own, not_shared = {"RANGE_MB"}, {"LARGE_FILE_MB", "RANGES_STATE_MACHINE_ARN", "FEED_QUEUE_URL"}

    for name in ("MemorySize", "EphemeralStorage", "Layers", "Timeout"):
        assert ranges[name] == ingest[name]
    variables = ranges["Environment"]["Variables"]
    assert {name: value for name, value in variables.items() if name not in own} == {
        name: value for name, value in ingest["Environment"]["Variables"].items() if name not in not_shared
    }


def test_no_row_gets_into_the_log_of_the_state_machine(resources: dict[str, Any]) -> None:
    logging = resources["IngestRanges"]["Properties"]["Logging"]

    assert (logging["Level"], logging["IncludeExecutionData"]) == ("ERROR", False)
    assert "RetentionInDays" in resources["IngestRangesMachineLogs"]["Properties"]


def test_each_bad_end_of_an_execution_has_its_alarm(resources: dict[str, Any]) -> None:
    alarms = [one["Properties"] for one in resources.values() if one["Type"] == "AWS::CloudWatch::Alarm"]
    of_machine = {one["MetricName"]: one for one in alarms if one.get("Namespace") == "AWS/States"}

    assert set(of_machine) == {"ExecutionsFailed", "ExecutionsTimedOut", "ExecutionsAborted"}
    for alarm in of_machine.values():
        assert alarm["Dimensions"] == [{"Name": "StateMachineArn", "Value": {"Ref": "IngestRanges"}}]
        assert alarm["AlarmActions"] == [{"Ref": "NoticeTopic"}]


def test_every_parameter_has_its_place_among_the_questions_of_the_console(template: dict[str, Any]) -> None:
    groups = template["Metadata"]["AWS::CloudFormation::Interface"]["ParameterGroups"]
    named = [name for group in groups for name in group["Parameters"]]

    assert sorted(named) == sorted(template["Parameters"])


def test_only_declared_substitutions_stand_in_the_definition(resources: dict[str, Any]) -> None:
    properties = resources["IngestRanges"]["Properties"]

    used = set(re.findall(r"\$\{(\w+)\}", json.dumps(properties["Definition"])))

    assert used == set(properties["DefinitionSubstitutions"])
