"""Dead letters brought back, runs found by the sweep, events that failed: each with the role of the function."""

from __future__ import annotations

import json

import pytest

from local.ministack.stack import MiniStack
from tests.support.paths import EVENTS
from tests.support.stack.ministack import CHANNELS, change_run, configure, held_up, move_back, run_item, sweep
from tests.support.stack.relay import people
from tests.support.waiting import eventually

pytestmark = pytest.mark.aws

every_channel = pytest.mark.parametrize("channel", CHANNELS)


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


def test_an_event_that_failed_is_taken_again_from_the_queue_of_failures(stack: MiniStack) -> None:
    dropped = stack.drop("email/failed_before/people.csv", people(5).encode())
    assert stack.wait_for_run(dropped)["status"] == "COMPLETED"
    event = json.loads((EVENTS / "ingest_audience_failure.json").read_text())
    stored = event["requestPayload"]["Records"][0]["s3"]
    stored["bucket"]["name"] = stack.client.address.drop_bucket
    stored["object"] |= {"key": dropped.key, "versionId": dropped.version_id}
    key = {"pk": {"S": f"RUN#{dropped.run_id}"}, "sk": {"S": "RUN"}}
    stack.aws.dynamodb.delete_item(TableName=stack.client.address.ledger_table, Key=key)  # as if it was never opened

    stack.aws.sqs.send_message(QueueUrl=stack.ids["IngestFailureQueue"], MessageBody=json.dumps(event))

    eventually(lambda: run_item(stack, dropped).get("closed_at"), 60, "the end of the run")
    assert run_item(stack, dropped)["rows_read"]["N"] == "5"
