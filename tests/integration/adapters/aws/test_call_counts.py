"""Calls of boto3's clients are counted in what AWS charges for."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError

from listrak_relay.adapters.aws.call_counts import CallCounter
from tests.support.aws.emulator import Emulator


def test_calls_are_counted_by_service_and_kind(emulator: Emulator) -> None:
    counter = CallCounter()
    s3, sqs, dynamodb = (counter.watch(emulator.client(name)) for name in ("s3", "sqs", "dynamodb"))
    bucket, queue, table = emulator.create_bucket(), emulator.create_queue(), emulator.create_ledger_table()
    key = {"pk": {"S": "RUN#1"}, "sk": {"S": "RUN"}}

    s3.put_object(Bucket=bucket, Key="a", Body=b"x")
    s3.get_object(Bucket=bucket, Key="a")
    s3.list_objects_v2(Bucket=bucket)
    s3.delete_object(Bucket=bucket, Key="a")
    sqs.send_message(QueueUrl=queue, MessageBody="x")
    dynamodb.put_item(TableName=table, Item=key)
    dynamodb.get_item(TableName=table, Key=key)
    dynamodb.transact_write_items(TransactItems=[{"Put": {"TableName": table, "Item": key}}])

    taken = counter.take()
    assert (taken["s3_writes"], taken["s3_reads"], taken["sqs_requests"]) == (2, 1, 1)
    assert taken["write_units"] >= 2
    assert taken["read_units"] >= 0.5
    assert counter.take() == {}


def test_a_write_whose_condition_does_not_hold_is_charged_too(emulator: Emulator) -> None:
    counter = CallCounter()
    dynamodb, table = counter.watch(emulator.client("dynamodb")), emulator.create_ledger_table()
    item = {"pk": {"S": "RUN#1"}, "sk": {"S": "RUN"}}

    with pytest.raises(ClientError):
        dynamodb.put_item(TableName=table, Item=item, ConditionExpression="attribute_exists(pk)")

    assert counter.take() == {"write_units": 1}


def test_other_services_are_left_alone(emulator: Emulator) -> None:
    counter = CallCounter()

    counter.watch(emulator.client("events")).list_rules()

    assert counter.take() == {}
