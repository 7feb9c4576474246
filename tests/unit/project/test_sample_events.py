"""`events/`: each way into a function has an event, and `env.json` names all that a function has of its stack."""

from __future__ import annotations

import json

from tests.support.paths import EVENTS
from tests.support.stack.template_values import SOURCE, deployed


def test_the_variables_are_those_that_name_resources_of_the_stack() -> None:
    stack = deployed()
    named = {
        name
        for function in stack.of_type("AWS::Lambda::Function").values()
        for name, value in function["Environment"]["Variables"].items()
        if value in stack.resources
    }

    assert named
    assert set(json.loads((EVENTS / "env.json").read_text(encoding="utf-8"))["Parameters"]) == named


def test_every_function_has_an_event() -> None:
    resources = SOURCE["Resources"].values()
    functions = [one["Properties"]["CodeUri"] for one in resources if one["Type"] == "AWS::Serverless::Function"]

    assert functions
    assert [uri for uri in functions if not list(EVENTS.glob(f"{uri.removeprefix('functions/')}*.json"))] == []
