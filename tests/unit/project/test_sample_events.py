"""`events/`: each way into a function has an event, and `env.json` names all that a function has of its stack."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from typing import Any

import pytest

from listrak_relay.messages import from_json, to_json
from tests.support.paths import EVENTS
from tests.support.stack.template_values import SOURCE, Deployed, deployed

FILES = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in sorted(EVENTS.glob("*.json"))}
QUEUED = {
    path: record
    for path, event in FILES.items()
    for record in event.get("Records", [])
    if record.get("eventSource") == "aws:sqs"
}
FUNCTIONS = {
    name: one["Properties"]["CodeUri"].removeprefix("functions/")
    for name, one in SOURCE["Resources"].items()
    if one["Type"] == "AWS::Serverless::Function"
}
"""Logical id → folder."""


def test_the_variables_are_those_that_name_resources_of_the_stack() -> None:
    stack = deployed()
    named = {
        name
        for function in stack.of_type("AWS::Lambda::Function").values()
        for name, value in function["Environment"]["Variables"].items()
        if value in stack.resources
    }

    assert named
    assert set(FILES["env"]["Parameters"]) == named


def triggers(stack: Deployed) -> Iterator[tuple[str, str]]:
    """Function's folder → a word for what starts it there, as `started_by` says it of an event."""
    for mapping in stack.of_type("AWS::Lambda::EventSourceMapping").values():
        yield FUNCTIONS[mapping["FunctionName"]], mapping["EventSourceArn"].removesuffix(".Arn")
    for name, rule in stack.of_type("AWS::Events::Rule").items():
        for target in rule["Targets"]:
            function = FUNCTIONS[target["Arn"].removesuffix(".Arn")]
            yield function, name if "ScheduleExpression" in rule else "aws.s3"
    for bucket in stack.of_type("AWS::S3::Bucket").values():
        for one in bucket.get("NotificationConfiguration", {}).get("LambdaConfigurations", []):
            yield FUNCTIONS[one["Function"].removesuffix(".Arn")], "aws:s3"
    for step in steps_in(stack.resources["IngestRanges"]["Properties"]["DefinitionString"]):
        yield "ingest_ranges", step


def steps_in(definition: Any) -> set[str]:
    """Of the state machine, by what its states give to the function."""
    found: set[str] = set()
    if isinstance(definition, dict):
        found |= {definition["step"]} if isinstance(definition.get("step"), str) else set()
        found = found.union(*map(steps_in, definition.values()))
    elif isinstance(definition, list):
        found = found.union(*map(steps_in, definition))
    elif isinstance(definition, str) and definition.startswith("{"):
        found = steps_in(json.loads(definition))
    return found


def started_by(event: dict[str, Any]) -> str:
    if "Records" in event:
        record = event["Records"][0]
        queue = record.get("eventSourceARN", "").rpartition(":")[2].removeprefix("listrak-relay-")
        return str(queue.removesuffix("-EXAMPLE") or record.get("eventSource") or record["EventSource"])
    if event.get("detail-type") == "Scheduled Event":
        return str(event["resources"][0].rpartition("/listrak-relay-")[2].removesuffix("-EXAMPLE"))
    return str(event.get("step") or event.get("source"))


@pytest.mark.parametrize("bucket", ["", "our-drops"])
def test_whatever_starts_a_function_has_an_event(bucket: str) -> None:
    wanted = set(triggers(deployed(DropBucketName=bucket)))
    there = {(function, started_by(event)) for function in FUNCTIONS.values() for event in events_of(function)}

    assert {function for function, _ in wanted} == set(FUNCTIONS.values())
    assert sorted(wanted - there) == []


def events_of(function: str) -> list[dict[str, Any]]:
    return [event for name, event in FILES.items() if name.startswith(function)]


@pytest.mark.parametrize("name", QUEUED)
def test_a_message_is_whole(name: str) -> None:
    record = QUEUED[name]

    assert record["md5OfBody"] == hashlib.md5(record["body"].encode(), usedforsecurity=False).hexdigest()


@pytest.mark.parametrize("name", [name for name in QUEUED if not name.startswith("ingest_")])
def test_a_message_is_as_this_release_writes_it(name: str) -> None:
    body = QUEUED[name]["body"]

    assert to_json(from_json(body)) == body
