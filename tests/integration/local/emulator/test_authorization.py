"""The emulator holds each caller that has a role to the role's policies, and answers a denial as the service does."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local.aws import ACCOUNT, REGION, Aws
from local.emulator.start import start_emulator
from local.permissions.decisions import Decisions
from local.processes import Processes

DENIED = ("AccessDenied", "AccessDeniedException", "AuthorizationError", "403")
BUCKET = "authorized"
QUEUE = f"arn:aws:sqs:{REGION}:{ACCOUNT}:work"
TABLE = f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/ledger"
TOPIC = f"arn:aws:sns:{REGION}:{ACCOUNT}:notices"
KEY = {"pk": {"S": "a"}}


class Emulated:
    def __init__(self, aws: Aws, decisions: Decisions) -> None:
        self.aws = aws
        self.decisions = decisions

    def one_who_may(self, *allowed: dict[str, Any]) -> Aws:
        """With a role of its own."""
        return self.of_role(*allowed)[1]

    def of_role(self, *allowed: dict[str, Any]) -> tuple[str, Aws]:
        """The role's name, and one who has it."""
        name = f"role-{uuid.uuid4().hex[:8]}"
        document = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", **one} for one in allowed]}
        role = self.aws.iam.create_role(RoleName=name, AssumeRolePolicyDocument="{}")["Role"]
        self.aws.iam.put_role_policy(RoleName=name, PolicyName="own", PolicyDocument=json.dumps(document))
        return name, self.aws.of_role(role["Arn"])


@pytest.fixture(scope="module")
def emulated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulated]:
    directory = tmp_path_factory.mktemp("emulator")
    (directory / "logs").mkdir()
    processes = Processes()
    try:
        _, aws, decisions = start_emulator(processes, directory, 0, "http://127.0.0.1:9", 1.0)
        aws.s3.create_bucket(Bucket=BUCKET)
        aws.s3.put_object(Bucket=BUCKET, Key="chunks/one", Body=b"1")
        aws.sqs.create_queue(QueueName="work")
        aws.sns.create_topic(Name="notices")
        aws.secretsmanager.create_secret(Name="stack/email", SecretString="{}")
        aws.dynamodb.create_table(
            TableName="ledger",
            BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
            KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
        )
        yield Emulated(aws, decisions)
    finally:
        processes.end_all()


def code(call: Callable[[], Any]) -> str:
    """Of the error; empty if there is none."""
    try:
        call()
    except ClientError as error:
        return error.response["Error"]["Code"]
    return ""


def queue_url(aws: Aws) -> str:
    return f"{aws.endpoint}/{ACCOUNT}/work"


CALLS: dict[str, tuple[dict[str, Any], Callable[[Aws], Any]]] = {
    "s3": (
        {"Action": "s3:GetObject", "Resource": f"arn:aws:s3:::{BUCKET}/chunks/*"},
        lambda aws: aws.s3.get_object(Bucket=BUCKET, Key="chunks/one"),
    ),
    "s3 without a body": (
        {"Action": "s3:GetObject", "Resource": f"arn:aws:s3:::{BUCKET}/chunks/*"},
        lambda aws: aws.s3.head_object(Bucket=BUCKET, Key="chunks/one"),
    ),
    "sqs": (
        {"Action": "sqs:SendMessage", "Resource": QUEUE},
        lambda aws: aws.sqs.send_message(QueueUrl=queue_url(aws), MessageBody="a"),
    ),
    "dynamodb": (
        {"Action": "dynamodb:GetItem", "Resource": TABLE},
        lambda aws: aws.dynamodb.get_item(TableName="ledger", Key=KEY),
    ),
    "dynamodb's transactions": (
        {"Action": "dynamodb:PutItem", "Resource": TABLE},
        lambda aws: aws.dynamodb.transact_write_items(TransactItems=[{"Put": {"TableName": "ledger", "Item": KEY}}]),
    ),
    "secretsmanager": (
        {
            "Action": "secretsmanager:GetSecretValue",
            "Resource": f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:stack/email-*",
        },
        lambda aws: aws.secretsmanager.get_secret_value(SecretId="stack/email"),
    ),
    "sns": (
        {"Action": "sns:Publish", "Resource": TOPIC},
        lambda aws: aws.sns.publish(TopicArn=TOPIC, Message="a"),
    ),
    "events": (
        {"Action": "events:PutEvents", "Resource": f"arn:aws:events:{REGION}:{ACCOUNT}:event-bus/default"},
        lambda aws: aws.events.put_events(Entries=[{"Source": "a", "DetailType": "b", "Detail": "{}"}]),
    ),
}


@pytest.mark.parametrize("name", CALLS)
def test_a_call_is_taken_with_its_grant_and_denied_without(emulated: Emulated, name: str) -> None:
    grant, call = CALLS[name]
    elsewhere = {**grant, "Resource": grant["Resource"][:-2] + "elsewhere"}

    assert code(lambda: call(emulated.one_who_may(grant))) == ""
    assert code(lambda: call(emulated.one_who_may(elsewhere))) in DENIED


def test_each_decision_is_written_down_with_its_role(emulated: Emulated) -> None:
    role, reader = emulated.of_role(CALLS["s3"][0])
    reader.s3.get_object(Bucket=BUCKET, Key="chunks/one")
    code(lambda: reader.s3.put_object(Bucket=BUCKET, Key="chunks/one", Body=b"2"))

    decided = [(one.action, one.allowed) for one in emulated.decisions.all() if one.role == role]

    assert decided == [("s3:GetObject", True), ("s3:PutObject", False)]
    assert emulated.aws.s3.get_object(Bucket=BUCKET, Key="chunks/one")["Body"].read() == b"1"


def test_that_an_object_is_not_there_is_told_to_those_who_may_list(emulated: Emulated) -> None:
    reading = {"Action": "s3:GetObject", "Resource": f"arn:aws:s3:::{BUCKET}/*"}
    listing = {"Action": "s3:ListBucket", "Resource": f"arn:aws:s3:::{BUCKET}"}

    def look(aws: Aws) -> Any:
        return aws.s3.get_object(Bucket=BUCKET, Key="chunks/missing")

    assert code(lambda: look(emulated.one_who_may(reading, listing))) == "NoSuchKey"
    assert code(lambda: look(emulated.one_who_may(reading))) == "AccessDenied"


def test_a_condition_on_a_listing_counts(emulated: Emulated) -> None:
    condition = {"StringLike": {"s3:prefix": "chunks/*"}}
    lister = emulated.one_who_may(
        {"Action": "s3:ListBucket", "Resource": f"arn:aws:s3:::{BUCKET}", "Condition": condition}
    )

    assert lister.s3.list_objects_v2(Bucket=BUCKET, Prefix="chunks/o")["KeyCount"] == 1
    assert code(lambda: lister.s3.list_objects_v2(Bucket=BUCKET, Prefix="runs/")) == "AccessDenied"


def test_a_call_that_nobody_has_thought_of_is_denied_and_named(emulated: Emulated) -> None:
    role, everything = emulated.of_role({"Action": "*", "Resource": "*"})

    assert code(lambda: everything.s3.get_bucket_acl(Bucket=BUCKET)) == "AccessDenied"

    (decision,) = [one for one in emulated.decisions.denied() if one.role == role]
    assert decision.action == "s3:?"
    assert BUCKET in decision.resource


def test_this_machines_own_user_may_do_anything(emulated: Emulated) -> None:
    before = len(emulated.decisions.all())

    emulated.aws.s3.get_bucket_acl(Bucket=BUCKET)

    assert len(emulated.decisions.all()) == before
