"""Traces: what goes into them, what does not, and what they cost who wants none."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest

from listrak_relay.adapters.aws import tracing
from listrak_relay.settings.shared import tracing_is_on
from tests.support.paths import ROOT
from tests.support.stack.template_values import deployed

PERSON = "ada@example.com"


@pytest.mark.parametrize(("word", "on"), [("Active", True), ("PassThrough", False)])
def test_one_setting_switches_lambda_the_state_machine_and_our_code(word: str, on: bool) -> None:
    stack = deployed(Settings=f"Tracing={word}")

    for function in stack.of_type("AWS::Lambda::Function").values():
        assert function["TracingConfig"] == {"Mode": word}
        assert tracing_is_on(function["Environment"]["Variables"]) == on
    (machine,) = stack.of_type("AWS::StepFunctions::StateMachine").values()
    assert machine["TracingConfiguration"] == {"Enabled": str(on).lower()}


def test_traces_are_off_unless_somebody_wants_them() -> None:
    assert not tracing_is_on({})
    assert not tracing_is_on(deployed().resources["CloseRunFunction"]["Properties"]["Environment"]["Variables"])


def test_nobody_who_wants_no_traces_loads_what_makes_them() -> None:
    program = "import sys, listrak_relay.wiring.tracing as t; h = object(); assert t.traced_if_wanted(h) is h; "
    program += "print([name for name in sys.modules if name.startswith('aws_xray_sdk')])"

    done = subprocess.run(
        [sys.executable, "-c", program],
        env={"PYTHONPATH": str(ROOT / "layers/core/python"), "POWERTOOLS_TRACE_DISABLED": "true"},
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("event", "found"),
    [
        ({"step": "read", "run_id": "email-01", "number": 1}, ["email-01"]),
        ({"Records": [{"body": json.dumps({"run_id": "a"})}, {"body": json.dumps({"run_id": "b"})}]}, ["a", "b"]),
        ({"Records": [{"s3": {"object": {"key": PERSON}}}]}, []),
        ({"Records": [{"body": "no JSON"}, {"body": "[]"}, {"body": '{"run_id": 1}'}, {}]}, []),
        ({"source": "aws.events"}, []),
    ],
)
def test_the_run_is_found_in_every_event_that_names_one(event: dict[str, Any], found: list[str]) -> None:
    assert list(tracing.run_ids(event)) == found
