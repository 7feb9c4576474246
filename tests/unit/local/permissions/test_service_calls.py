"""What AWS does in the names of roles, by the settings of the resources, and what a customer's key is asked for."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from local.deploy.deployment import Deployment
from local.errors import LocalStackError
from local.permissions.decisions import Decision, DecisionFile, Decisions
from local.permissions.keys import key_decisions, keys_in_use
from local.permissions.policy import statements
from local.permissions.roles import check_service_calls
from local.permissions.service_calls import service_calls

ROLE = "arn:aws:iam::123456789012:role/work"
QUEUE = "arn:aws:sqs:us-east-1:123456789012:orders"
FAILURES = "arn:aws:sqs:us-east-1:123456789012:failures"
MACHINE = "arn:aws:states:us-east-1:123456789012:stateMachine:reading"
LOGS = "arn:aws:logs:us-east-1:123456789012:log-group:group:log-stream:one"


def deployment(*allowed: dict[str, Any], **more: dict[str, Any]) -> Deployment:
    document = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", **one} for one in allowed]}
    resources: dict[str, dict[str, Any]] = {
        "Role": {
            "Type": "AWS::IAM::Role",
            "Properties": {"Policies": [{"PolicyName": "own", "PolicyDocument": document}]},
        },
        "Work": {"Type": "AWS::Lambda::Function", "Properties": {"Role": ROLE}},
        **more,
    }
    aws: Any = None
    return Deployment(aws, Path(), resources, {"Role": "work", "Work": "work-function", "Machine": MACHINE}, {})


def asked(**more: dict[str, Any]) -> set[tuple[str, str]]:
    return {(call.action, call.resource) for call in service_calls(deployment(**more)) if call.role == "work"}


MAPPING = {
    "Type": "AWS::Lambda::EventSourceMapping",
    "Properties": {"FunctionName": "work-function", "EventSourceArn": QUEUE},
}


def test_a_mapping_polls_its_queue_as_the_function() -> None:
    assert asked(Mapping=MAPPING) == {
        (f"sqs:{name}", QUEUE) for name in ("ReceiveMessage", "DeleteMessage", "GetQueueAttributes")
    }


def test_logs_are_written_as_the_function() -> None:
    work = {"Type": "AWS::Lambda::Function", "Properties": {"Role": ROLE, "LoggingConfig": {"LogGroup": "group"}}}

    assert asked(Work=work) == {("logs:CreateLogStream", LOGS), ("logs:PutLogEvents", LOGS)}


def test_what_failed_is_sent_on_as_the_function() -> None:
    properties = {"FunctionName": "work-function", "DestinationConfig": {"OnFailure": {"Destination": FAILURES}}}

    assert asked(Config={"Type": "AWS::Lambda::EventInvokeConfig", "Properties": properties}) == {
        ("sqs:SendMessage", FAILURES)
    }


def test_a_map_starts_follows_and_stops_executions_of_its_own_machine() -> None:
    item = {"StartAt": "One", "States": {"One": {"Type": "Succeed"}}}
    definition = {"StartAt": "All", "States": {"All": {"Type": "Map", "ItemProcessor": item, "End": True}}}
    properties = {"RoleArn": ROLE, "DefinitionString": json.dumps(definition)}

    found = asked(Machine={"Type": "AWS::StepFunctions::StateMachine", "Properties": properties})

    assert ("states:StartExecution", MACHINE) in found
    executions = MACHINE.replace("stateMachine", "execution")
    assert {(f"states:{name}", f"{executions}/All:one") for name in ("DescribeExecution", "StopExecution")} < found


def test_a_role_that_does_not_allow_it_is_refused_before_anything_runs(tmp_path: Path) -> None:
    polling = {"Action": ["sqs:ReceiveMessage", "sqs:DeleteMessage"], "Resource": QUEUE}

    with (
        DecisionFile(tmp_path / "decisions.jsonl") as written,
        pytest.raises(LocalStackError, match=r"Mapping: the role work .* sqs:GetQueueAttributes"),
    ):
        check_service_calls(deployment(polling, Mapping=MAPPING), written)


def test_what_is_allowed_is_written_down_as_used(tmp_path: Path) -> None:
    file = tmp_path / "decisions.jsonl"

    with DecisionFile(file) as written:
        check_service_calls(deployment({"Action": "sqs:*", "Resource": QUEUE}, Mapping=MAPPING), written)

    assert {one.action for one in Decisions(file).all() if one.allowed} == {
        *("sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes")
    }


KEY = "arn:aws:kms:us-east-1:123456789012:key/one"


def test_keys_are_those_of_the_properties() -> None:
    encryption = [{"ServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": KEY}}]
    plain = [{"ServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}]
    resources: dict[str, Any] = {
        "Bucket": {
            "Type": "AWS::S3::Bucket",
            "Properties": {"BucketEncryption": {"ServerSideEncryptionConfiguration": encryption}},
        },
        "Plain": {
            "Type": "AWS::S3::Bucket",
            "Properties": {"BucketEncryption": {"ServerSideEncryptionConfiguration": plain}},
        },
        "Queue": {"Type": "AWS::SQS::Queue", "Properties": {"KmsMasterKeyId": KEY}},
        "Function": {"Type": "AWS::Lambda::Function", "Properties": {}},
    }
    ids = {"Bucket": "stack-bucket", "Plain": "stack-plain", "Queue": "https://host/1/stack-queue", "Function": "f"}

    assert keys_in_use(resources, ids) == {"stack-bucket": KEY, "stack-queue": KEY}


def test_reading_and_writing_what_is_encrypted_asks_for_the_key() -> None:
    via_s3 = {"StringEquals": {"kms:ViaService": "s3.us-east-1.amazonaws.com"}}
    policy = {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Action": "kms:Decrypt", "Resource": KEY, "Condition": via_s3}],
    }
    made = [
        Decision("work", "s3:PutObject", "arn:aws:s3:::stack-bucket/a", allowed=True),
        Decision("work", "sqs:ReceiveMessage", "arn:aws:sqs:us-east-1:1:stack-queue", allowed=True),
        Decision("work", "s3:GetObject", "arn:aws:s3:::stack-plain/a", allowed=True),
        Decision("work", "s3:GetObject", "arn:aws:s3:::stack-bucket/b", allowed=False),
        Decision("work", "s3:ListBucket", "arn:aws:s3:::stack-bucket", allowed=True),
    ]
    keys = {"stack-bucket": KEY, "stack-queue": KEY}

    decided = list(key_decisions(made, keys, {"work": statements("own", policy)}))

    assert [(one.action, one.context["kms:ViaService"].split(".")[0], one.allowed) for one in decided] == [
        ("kms:Decrypt", "s3", True),
        ("kms:Decrypt", "sqs", False),
        ("kms:GenerateDataKey", "s3", False),
    ]
