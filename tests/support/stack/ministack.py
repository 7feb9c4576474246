"""The stack in the second emulator as tests use it: files in, reports out, and a hand in its ledger and queues."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from local.deploy.attributes import physical_name
from local.ministack.stack import MiniStack
from local.relay_client import Dropped, Report
from tests.support.paths import EVENTS
from tests.support.stack.relay import MASTER_LIST, people
from tests.support.waiting import eventually


def run(stack: MiniStack, key: str, content: bytes | str | Path, status: str = "COMPLETED") -> Report:
    """Drop a file, wait for its report, and check what holds for every run."""
    report = stack.wait_for_run(stack.drop(key, content.encode() if isinstance(content, str) else content))
    counts = report["counts"]
    assert counts["read"] == sum(number for name, number in counts.items() if name != "read")
    assert report["status"] == status, (report["problem_code"], report["problem"], report["reasons"])
    return report


def configure(stack: MiniStack, destinations: str) -> None:
    stack.client.configure(f"version: 1\ndestinations:\n{destinations}".encode())


def status(stack: MiniStack, dropped: Dropped) -> str | None:
    progress = stack.client.progress(dropped.run_id)
    return progress.status if progress else None


def members(stack: MiniStack, audience: str) -> set[str]:
    return {one["email"] for one in stack.simulator.contacts(MASTER_LIST) if one["values"].get(audience) == "on"}


def numbers(count: int) -> list[str]:
    # Numbers that a phone company could give out; 555-01xx never is, which a check of validity knows.
    return [f"(212) 555-{number:04}" for number in range(1_000, 1_000 + count)]


LARGE = 40_000


def large(first: str, rest: str, rows: list[str]) -> str:
    """More than `LargeFileMb`, which is 1 here."""
    return "\n".join([f"{first},{rest}", *rows]) + "\n"


ORDERS = "OrderNumber,Email,DateEntered\n001,a@example.com,2026-11-23T08:00:00Z\n"
TEXTS = "\n".join(["Phone,opt_in", *(f"{number},yes" for number in numbers(3))]) + "\n"
CHANNELS = {
    "email": ("Email", "channel: email", people(5), "ListrakEmailSecret"),
    "sms": ("Sms", "channel: sms", TEXTS, "ListrakSmsSecret"),
    "sftp": ("Feed", "channel: sftp, feed: orders", ORDERS, "ListrakSftpSecret"),
}
"""Begin of a secret's name → its queues, a destination, a file for it, the secret that is right."""


def move_back(stack: MiniStack, dead_letters: str, queue: str) -> None:
    """What `start-message-move-task` does, which MiniStack has not."""
    sqs, source = stack.aws.sqs, stack.ids[dead_letters]

    def received() -> list[Any]:
        return list(sqs.receive_message(QueueUrl=source, WaitTimeSeconds=1).get("Messages", []))

    for message in eventually(received, 60, "the dead letter"):
        sqs.send_message(QueueUrl=stack.ids[queue], MessageBody=message["Body"])
        sqs.delete_message(QueueUrl=source, ReceiptHandle=message["ReceiptHandle"])


def run_item(stack: MiniStack, dropped: Dropped) -> dict[str, Any]:
    key = {"pk": {"S": f"RUN#{dropped.run_id}"}, "sk": {"S": "RUN"}}
    table = stack.client.address.ledger_table
    return dict(stack.aws.dynamodb.get_item(TableName=table, Key=key, ConsistentRead=True).get("Item", {}))


def change_run(stack: MiniStack, dropped: Dropped, **values: dict[str, Any] | None) -> None:
    """As if a function had died, or time had passed. None takes an attribute away."""
    item = {name: value for name, value in {**run_item(stack, dropped), **values}.items() if value}
    stack.aws.dynamodb.put_item(TableName=stack.client.address.ledger_table, Item=item)


@contextmanager
def held_up(stack: MiniStack, *queues: str) -> Iterator[None]:
    """Their messages wait."""
    arns = {f":{physical_name(stack.ids[queue])}" for queue in queues}
    lambda_ = stack.aws.lambda_
    mappings = [
        one["UUID"]
        for one in lambda_.list_event_source_mappings()["EventSourceMappings"]
        if any(one["EventSourceArn"].endswith(arn) for arn in arns)
    ]
    assert len(mappings) == len(queues)
    for mapping in mappings:
        lambda_.update_event_source_mapping(UUID=mapping, Enabled=False)
    try:
        yield
    finally:
        for mapping in mappings:
            lambda_.update_event_source_mapping(UUID=mapping, Enabled=True)


def sweep(stack: MiniStack) -> None:
    event = (EVENTS / "close_run_sweep.json").read_bytes()
    answer = stack.aws.lambda_.invoke(FunctionName=stack.ids["CloseRunFunction"], Payload=event)
    assert "FunctionError" not in answer, answer["Payload"].read()
