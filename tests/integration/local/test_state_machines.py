"""The real template's state machine on the local stack, with code in its function's place that does what it is told."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from local.errors import LocalStackError
from local.stack import LocalStack, StackOptions
from local.template.source import read_template
from local.triggers.executions import Execution
from local.triggers.triggers import TriggerOptions
from tests.support.paths import SMALL_STACK, TEMPLATE
from tests.support.waiting import eventually

TAKEN_OVER = ("IngestRanges", "IngestRangesMachineLogs", "IngestRangesMachineRole", "IngestRangesMapPolicy")
Call = dict[str, Any]


@dataclass
class Ranges:
    """The state machine and what its function was asked."""

    stack: LocalStack
    machine: str

    def run(self, run_id: str, answers: dict[str, Any], **plan: Any) -> Execution:
        """To its end."""
        self.put(f"runs/{run_id}/plan.json", {"answers": answers, **plan})
        self.start(run_id)
        return self.wait_for(run_id)

    def put(self, key: str, content: Any) -> None:
        self.stack.s3.put_object(Bucket=self.bucket, Key=key, Body=json.dumps(content).encode())

    def start(self, run_id: str) -> None:
        self.stack.aws.stepfunctions.start_execution(
            stateMachineArn=self.machine, name=run_id, input=json.dumps({"run_id": run_id})
        )

    def wait_for(self, run_id: str) -> Execution:
        def ended() -> list[Execution]:
            return [one for one in self.stack.executions() if one.name == run_id and one.status != "RUNNING"]

        return eventually(ended, 30, f"the end of {run_id}")[0]

    def calls(self, run_id: str) -> list[Call]:
        """Those that came to their end or failed as planned, oldest first."""
        listed = self.stack.s3.list_objects_v2(Bucket=self.bucket, Prefix=f"runs/{run_id}/calls/").get("Contents", [])
        return [json.loads(self.stack.client.read(one["Key"])) for one in listed]

    def names(self, run_id: str) -> list[str]:
        return [call["call"] for call in self.calls(run_id)]

    @property
    def bucket(self) -> str:
        return self.stack.client.address.work_bucket


def fault(stack: LocalStack) -> str:
    try:
        stack.check()
    except LocalStackError as error:
        return str(error)
    return ""


@pytest.fixture(scope="module")
def ranges(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ranges]:
    folder = tmp_path_factory.mktemp("template")
    shutil.copytree(SMALL_STACK / "functions", folder / "functions")
    small, real = read_template(SMALL_STACK / "template.yaml"), read_template(TEMPLATE)
    small["Resources"] |= {name: real["Resources"][name] for name in TAKEN_OVER}
    small["Resources"]["IngestRangesFunction"] = {
        "Type": "AWS::Serverless::Function",
        "Properties": {
            "CodeUri": "functions/ranges",
            "Role": {"Fn::GetAtt": ["Role", "Arn"]},
            "Timeout": 20,
        },
    }
    # What the resources taken over follow: settings are words of one parameter, and keys may be the stack's own.
    for section in ("Parameters", "Mappings", "Conditions"):
        small[section] = small.get(section, {}) | real.get(section, {})
    small["Outputs"]["RangesStateMachineArn"] = real["Outputs"]["RangesStateMachineArn"]
    (folder / "template.yaml").write_text(json.dumps(small))
    # A new account has room for two ranges at once.
    options = StackOptions(
        template=folder / "template.yaml",
        parameters={"Concurrency": "new-account"},
        triggers=TriggerOptions(longest_state_retry=0.1),
    )
    with LocalStack(tmp_path_factory.mktemp("local"), options) as stack:
        (machine,) = stack.aws.stepfunctions.list_state_machines()["stateMachines"]
        yield Ranges(stack, machine["stateMachineArn"])


def test_a_run_goes_through_its_ranges_as_its_function_says(ranges: Ranges) -> None:
    ended = ranges.run(
        "whole",
        {
            "cut": [["read", [0, 1, 2]]],
            "join": [["read", [1]], ["write", [0, 2]]],
            "finish": [["write", [2]], ["end", []]],
        },
    )

    assert ended.status == "SUCCEEDED"
    steps = ranges.names("whole")
    assert steps[0] == "cut"
    assert Counter(steps[1:4]) == Counter(["read 0", "read 1", "read 2"])
    assert steps[4:7] == ["join", "read 1", "join"]
    assert Counter(steps[7:9]) == Counter(["write 0", "write 2"])
    assert steps[9:] == ["finish", "write 2", "finish"]


def test_a_range_is_told_its_step_its_run_and_its_number(ranges: Ranges) -> None:
    ranges.run("told", {"cut": [["read", [7]]], "join": [["end", []]]})

    assert [call["event"] for call in ranges.calls("told")] == [
        {"step": "cut", "run_id": "told"},
        {"step": "read", "run_id": "told", "number": 7},
        {"step": "join", "run_id": "told"},
    ]


def test_no_more_ranges_at_once_than_the_parameter_says(ranges: Ranges) -> None:
    ended = ranges.run("at-once", {"cut": [["read", [0, 1, 2, 3, 4]]], "join": [["end", []]]}, together=2)

    assert ended.status == "SUCCEEDED"
    reads = [call for call in ranges.calls("at-once") if "number" in call["event"]]
    assert len(reads) == 5
    assert max(sum(one["started"] <= other["started"] < one["ended"] for one in reads) for other in reads) == 2


@pytest.mark.parametrize("step", ["cut", "read 1", "join", "write 1", "finish"])
def test_what_fails_for_a_while_is_done_in_the_end(ranges: Ranges, step: str) -> None:
    run_id = f"for-a-while-{step.replace(' ', '-')}"
    errors = ["RetryableError", "ValueError", "RetryableError", "ValueError", "RetryableError"]

    ended = ranges.run(
        run_id,
        {"cut": [["read", [1]]], "join": [["write", [1]]], "finish": [["end", []]]},
        failures={step: errors},
    )

    assert ended.status == "SUCCEEDED"
    assert [call["failed"] for call in ranges.calls(run_id) if call["call"] == step] == [*errors, None]
    assert Counter(ranges.names(run_id)) == Counter(
        {"cut": 1, "read 1": 1, "join": 1, "write 1": 1, "finish": 1} | {step: len(errors) + 1}
    )


@pytest.mark.parametrize("step", ["cut", "read 1", "join", "write 1", "finish"])
def test_what_fails_for_good_gives_up_the_run(ranges: Ranges, step: str) -> None:
    run_id = f"for-good-{step.replace(' ', '-')}"

    ended = ranges.run(
        run_id,
        {"cut": [["read", [1]]], "join": [["write", [1]]], "finish": [["end", []]]},
        failures={step: ["ValueError"] * 9},
    )

    assert ended == Execution(run_id, "FAILED", "RunGivenUp", foreseen=True)
    steps = ["cut", "read 1", "join", "write 1", "finish"]
    before = steps[: steps.index(step)]
    assert ranges.names(run_id) == [*before, step, step, step, "give_up"]
    assert ranges.calls(run_id)[-1]["event"] == {"step": "give_up", "run_id": run_id}


def test_an_answer_that_the_state_machine_does_not_know_gives_up_the_run(ranges: Ranges) -> None:
    ended = ranges.run("unknown", {"cut": [["wait", []]]})

    assert (ended.status, ended.error) == ("FAILED", "RunGivenUp")
    assert ranges.names("unknown") == ["cut", "give_up"]


def test_a_list_that_is_not_there_gives_up_the_run(ranges: Ranges) -> None:
    ended = ranges.run("no-list", {"cut": [["read", []]]})

    assert (ended.status, ended.error) == ("FAILED", "RunGivenUp")
    assert ranges.names("no-list") == ["cut", "give_up"]


def test_an_execution_that_ends_without_telling_its_run_is_a_fault_of_the_stack(ranges: Ranges) -> None:
    ranges.stack.check()

    ended = ranges.run("silent", {"cut": [["wait", []]]}, failures={"give_up": ["ValueError"] * 9})

    assert ended == Execution("silent", "FAILED", "ValueError", foreseen=False)
    eventually(lambda: fault(ranges.stack), what="the fault")
    assert "silent ended as FAILED with ValueError" in fault(ranges.stack)
