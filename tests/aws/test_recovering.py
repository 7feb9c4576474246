"""Dead letters brought back, runs found by the sweep, events that failed: each with the role of the function."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from local.deploy.attributes import physical_name
from local.ministack.stack import MiniStack
from local.relay_client import Dropped
from tests.aws.test_delivering import configure, numbers
from tests.e2e.relay import people
from tests.waiting import eventually

pytestmark = pytest.mark.aws
EVENTS = Path(__file__).parents[2] / "events"

ORDERS = "OrderNumber,Email,DateEntered\n001,a@example.com,2026-11-23T08:00:00Z\n"
TEXTS = "\n".join(["Phone,opt_in", *(f"{number},yes" for number in numbers(3))]) + "\n"
CHANNELS = {
    "email": ("Email", "channel: email", people(5), "ListrakEmailSecret"),
    "sms": ("Sms", "channel: sms", TEXTS, "ListrakSmsSecret"),
    "sftp": ("Feed", "channel: sftp, feed: orders", ORDERS, "ListrakSftpSecret"),
}
"""Begin of a secret's name → its queues, a destination, a file for it, the secret that is right."""

every_channel = pytest.mark.parametrize("channel", CHANNELS)


def move_back(stack: MiniStack, dead_letters: str, queue: str) -> None:
    """What `start-message-move-task` does, which MiniStack has not."""
    sqs, source = stack.aws.sqs, stack.ids[dead_letters]

    def received() -> list[Any]:
        return list(sqs.receive_message(QueueUrl=source, WaitTimeSeconds=1).get("Messages", []))

    for message in eventually(received, 60, "the dead letter"):
        sqs.send_message(QueueUrl=stack.ids[queue], MessageBody=message["Body"])
        sqs.delete_message(QueueUrl=source, ReceiptHandle=message["ReceiptHandle"])


@every_channel
def test_what_was_set_aside_for_wrong_credentials_is_delivered_after_they_are_mended(
    stack: MiniStack, channel: str
) -> None:
    queue, destination, content, right = CHANNELS[channel]
    text = json.loads(stack.listrak.secrets[right])
    wrong = {name: value if name in ("host", "port", "folder", "host_key") else "wrong" for name, value in text.items()}
    secret = f"listrak-relay/{channel}-mended"
    stack.aws.secretsmanager.create_secret(Name=secret, SecretString=json.dumps(wrong))
    configure(stack, f"  shop: {{{destination}, secret: {secret}}}\n")
    dropped = stack.drop(f"shop/{channel}/file.csv", content.encode())
    assert stack.wait_for_run(dropped)["status"] == "FAILED"

    stack.aws.secretsmanager.put_secret_value(SecretId=secret, SecretString=json.dumps(text))
    move_back(stack, f"{queue}DeadLetterQueue", f"{queue}Queue")

    eventually(lambda: run_item(stack, dropped)["status"]["S"] == "COMPLETED", 60, "the run's new end")
    assert stack.client.report(dropped.run_id)["counts"]["dead_lettered"] == 0


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


@every_channel
def test_a_run_whose_messages_were_never_sent_is_dispatched_by_the_sweep(stack: MiniStack, channel: str) -> None:
    queue, destination, content, _ = CHANNELS[channel]
    configure(stack, f"  shop: {{{destination}}}\n")
    with held_up(stack, f"{queue}Queue"):
        dropped = stack.drop(f"shop/{channel}/file.csv", content.encode())
        eventually(lambda: run_item(stack, dropped).get("dispatched", {}).get("BOOL"), 60, "the messages")
        stack.aws.sqs.purge_queue(QueueUrl=stack.ids[f"{queue}Queue"])
        change_run(stack, dropped, dispatched={"BOOL": False}, lease_until={"N": "1"})

        sweep(stack)

    assert stack.wait_for_run(dropped)["status"] == "COMPLETED"


def test_a_run_that_was_not_closed_is_closed_by_the_sweep(stack: MiniStack) -> None:
    with held_up(stack, "CloseQueue"):
        dropped = stack.drop("email/left_open/people.csv", people(5).encode())
        eventually(lambda: run_item(stack, dropped).get("settled", {}).get("N") == "1", 60, "the end of the batch")
        stack.aws.sqs.purge_queue(QueueUrl=stack.ids["CloseQueue"])

        sweep(stack)

    assert stack.wait_for_run(dropped)["status"] == "COMPLETED"


def test_a_run_that_never_ends_is_closed_by_the_sweep_for_what_it_is(stack: MiniStack) -> None:
    with held_up(stack, "EmailQueue"):
        dropped = stack.drop("email/never_ending/people.csv", people(5).encode())
        eventually(lambda: run_item(stack, dropped).get("dispatched", {}).get("BOOL"), 60, "the messages")
        change_run(stack, dropped, opened_at={"N": "1"})

        sweep(stack)

        assert stack.wait_for_run(dropped)["counts"]["dead_lettered"] == 5


def test_a_file_that_was_never_read_is_closed_by_the_sweep(stack: MiniStack) -> None:
    with held_up(stack, "EmailQueue"):
        dropped = stack.drop("email/never_read/people.csv", people(5).encode())
        eventually(lambda: run_item(stack, dropped).get("dispatched", {}).get("BOOL"), 60, "the messages")
        change_run(
            stack, dropped, status={"S": "INGESTING"}, opened_at={"N": "1"}, lease_until={"N": "1"}, rows_read=None
        )
        stack.aws.sqs.purge_queue(QueueUrl=stack.ids["EmailQueue"])

        sweep(stack)

        assert stack.wait_for_run(dropped)["problem_code"] == "never_read"


def test_an_event_that_failed_is_given_to_the_function_by_hand(stack: MiniStack) -> None:
    configure(stack, "  email: {channel: nonsense}\n")
    dropped = stack.drop("email/by_hand/people.csv", people(5).encode())
    assert stack.wait_for_run(dropped)["status"] == "REJECTED"
    stack.client.configure(b"version: 1\n")
    event = json.loads((EVENTS / "ingest_audience_failure.json").read_text())
    stored = event["requestPayload"]["Records"][0]["s3"]
    stored["bucket"]["name"] = stack.client.address.drop_bucket
    again = stack.client.aws.s3.put_object(
        Bucket=stored["bucket"]["name"], Key="nobody/by_hand/people.csv", Body=people(5).encode()
    )["VersionId"]
    stored["object"] |= {"key": "nobody/by_hand/people.csv", "versionId": again}

    name = stack.ids["IngestAudienceFunction"]
    answer = stack.aws.lambda_.invoke(FunctionName=name, Payload=json.dumps(event).encode())

    assert "FunctionError" not in answer, answer["Payload"].read()
