"""What IAM is asked about a request that reaches the emulator."""

from __future__ import annotations

import json
from typing import Any

import pytest

from local.emulator.requests import Question, Request, UnknownCallError, questions


def request(service: str, method: str, path: str, query: dict[str, str] | None = None, **more: Any) -> Request:
    body = more.pop("body", b"")
    return Request(service, method, path, query or {}, more, body)


def operation(service: str, name: str, **fields: Any) -> list[Question]:
    headers = {"x-amz-target": f"Prefix.{name}"}
    return questions(Request(service, "POST", "/", {}, headers, json.dumps(fields).encode()))


@pytest.mark.parametrize(
    ("method", "path", "query", "action", "resource"),
    [
        ("GET", "/bucket/a/b c", {}, "s3:GetObject", "bucket/a/b c"),
        ("HEAD", "/bucket/a", {}, "s3:GetObject", "bucket/a"),
        ("GET", "/bucket/a", {"versionId": "1"}, "s3:GetObjectVersion", "bucket/a"),
        ("GET", "/bucket/a", {"uploadId": "1"}, "s3:ListMultipartUploadParts", "bucket/a"),
        ("PUT", "/bucket/a", {}, "s3:PutObject", "bucket/a"),
        ("PUT", "/bucket/a", {"partNumber": "1", "uploadId": "1"}, "s3:PutObject", "bucket/a"),
        ("POST", "/bucket/a", {"uploads": ""}, "s3:PutObject", "bucket/a"),
        ("DELETE", "/bucket/a", {"uploadId": "1"}, "s3:AbortMultipartUpload", "bucket/a"),
        ("DELETE", "/bucket/a", {}, "s3:DeleteObject", "bucket/a"),
        ("DELETE", "/bucket/a", {"versionId": "1"}, "s3:DeleteObjectVersion", "bucket/a"),
        ("GET", "/bucket", {"list-type": "2"}, "s3:ListBucket", "bucket"),
        ("HEAD", "/bucket", {}, "s3:ListBucket", "bucket"),
        ("GET", "/bucket", {"versions": ""}, "s3:ListBucketVersions", "bucket"),
    ],
)
def test_calls_of_s3(method: str, path: str, query: dict[str, str], action: str, resource: str) -> None:
    (question,) = questions(request("s3", method, path, query))

    assert (question.action, question.resource) == (action, f"arn:aws:s3:::{resource}")


def test_a_listing_tells_its_prefix() -> None:
    (question,) = questions(request("s3", "GET", "/bucket", {"list-type": "2", "prefix": "runs/"}))

    assert question.context == {"s3:prefix": "runs/"}


def test_a_copy_reads_its_source_too() -> None:
    headers = {"x-amz-copy-source": "/other/a%20b?versionId=1"}

    asked = questions(Request("s3", "PUT", "/bucket/a", {}, headers, b""))

    assert [(one.action, one.resource) for one in asked] == [
        ("s3:PutObject", "arn:aws:s3:::bucket/a"),
        ("s3:GetObjectVersion", "arn:aws:s3:::other/a b"),
    ]


def test_attributes_are_asked_for_beside_the_object() -> None:
    asked = questions(request("s3", "GET", "/bucket/a", {"attributes": "", "versionId": "1"}))

    assert [one.action for one in asked] == ["s3:GetObjectVersion", "s3:GetObjectVersionAttributes"]


def test_each_object_of_a_deletion_is_asked_about() -> None:
    body = b'<Delete xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Object><Key>a</Key></Object><Object><Key>b</Key></Object></Delete>'

    asked = questions(request("s3", "POST", "/bucket", {"delete": ""}, body=body))

    assert [one.resource for one in asked] == ["arn:aws:s3:::bucket/a", "arn:aws:s3:::bucket/b"]


TABLE = "arn:aws:dynamodb:us-east-1:123456789012:table/ledger"


def test_a_query_of_an_index_is_about_the_index() -> None:
    assert operation("dynamodb", "Query", TableName="ledger") == [Question("dynamodb:Query", TABLE)]
    assert operation("dynamodb", "Query", TableName="ledger", IndexName="open") == [
        Question("dynamodb:Query", f"{TABLE}/index/open")
    ]


def test_a_transaction_is_the_sum_of_its_parts() -> None:
    parts = [{"Put": {"TableName": "ledger"}}, {"Update": {"TableName": "ledger"}}, {"Delete": {"TableName": "ledger"}}]

    asked = operation("dynamodb", "TransactWriteItems", TransactItems=parts)

    within = {"dynamodb:EnclosingOperation": "TransactWriteItems"}
    assert asked == [Question(f"dynamodb:{name}Item", TABLE, within) for name in ("Put", "Update", "Delete")]


@pytest.mark.parametrize("name", ["SendMessage", "SendMessageBatch"])
def test_a_batch_is_asked_about_as_the_single_call(name: str) -> None:
    asked = operation("sqs", name, QueueUrl="http://127.0.0.1/123456789012/work")

    assert asked == [Question("sqs:SendMessage", "arn:aws:sqs:us-east-1:123456789012:work")]


def test_each_event_is_asked_about_on_its_own_bus() -> None:
    asked = operation("events", "PutEvents", Entries=[{}, {"EventBusName": "other"}])

    assert [one.resource.rpartition(":")[2] for one in asked] == ["event-bus/default", "event-bus/other"]


def test_a_secret_that_is_not_there_is_asked_about_by_its_name() -> None:
    asked = operation("secretsmanager", "GetSecretValue", SecretId="nobody/knows")

    assert asked == [
        Question("secretsmanager:GetSecretValue", "arn:aws:secretsmanager:us-east-1:123456789012:secret:nobody/knows")
    ]


def test_the_rest_of_the_services() -> None:
    machine = "arn:aws:states:us-east-1:123456789012:stateMachine:m"
    invoke = request("lambda", "POST", "/2015-03-31/functions/arn%3Aaws%3Alambda%3Ar%3A1%3Afunction%3Af/invocations")
    publish = request("sns", "POST", "/", body=b"Action=Publish&TopicArn=arn%3Aaws%3Asns%3Ar%3A1%3At")

    assert operation("states", "StartExecution", stateMachineArn=machine) == [
        Question("states:StartExecution", machine)
    ]
    assert questions(invoke) == [Question("lambda:InvokeFunction", "arn:aws:lambda:us-east-1:123456789012:function:f")]
    assert questions(publish) == [Question("sns:Publish", "arn:aws:sns:r:1:t")]


@pytest.mark.parametrize(
    "unknown",
    [
        request("s3", "GET", "/bucket", {"acl": ""}),
        request("s3", "PUT", "/bucket", {}),
        request("lambda", "GET", "/2015-03-31/functions/f"),
        request("kinesis", "POST", "/"),
    ],
    ids=["bucket's acl", "new bucket", "look at a function", "service"],
)
def test_a_call_whose_action_is_not_known_is_not_let_through(unknown: Request) -> None:
    with pytest.raises(UnknownCallError):
        questions(unknown)
