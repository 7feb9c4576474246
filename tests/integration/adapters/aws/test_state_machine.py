"""Starting the state machine, against the emulator."""

from __future__ import annotations

import json
from typing import Any

import pytest

from listrak_relay.adapters.aws.state_machine import StateMachine
from listrak_relay.errors import ConfigurationError
from tests.support.aws.emulator import Emulator

DEFINITION: dict[str, Any] = {"StartAt": "Done", "States": {"Done": {"Type": "Succeed"}}}


@pytest.fixture
def arn(emulator: Emulator) -> str:
    return emulator.create_state_machine(DEFINITION)


def test_an_execution_is_named_after_its_run_and_told_which_it_is(emulator: Emulator, arn: str) -> None:
    client = emulator.stepfunctions

    StateMachine(arn, client).start("email-0123456789abcdef")

    (started,) = client.list_executions(stateMachineArn=arn)["executions"]
    assert started["name"] == "email-0123456789abcdef"
    told = client.describe_execution(executionArn=started["executionArn"])["input"]
    assert json.loads(told) == {"run_id": "email-0123456789abcdef"}


def test_a_run_is_started_once(emulator: Emulator, arn: str) -> None:
    client = emulator.stepfunctions
    machine = StateMachine(arn, client)

    machine.start("email-0123456789abcdef")
    machine.start("email-0123456789abcdef")

    assert len(client.list_executions(stateMachineArn=arn)["executions"]) == 1


def test_a_state_machine_that_is_not_there_is_a_matter_of_configuration(emulator: Emulator) -> None:
    missing = "arn:aws:states:us-east-1:123456789012:stateMachine:nowhere"

    with pytest.raises(ConfigurationError, match="nowhere"):
        StateMachine(missing, emulator.stepfunctions).start("email-0123456789abcdef")
