"""The small templates beside the real one: made by CloudFormation, and their roles held to what they are for."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local.aws import ACCOUNT, Aws
from local.ministack.stack import MiniStack
from tests.support.paths import ROOT

pytestmark = pytest.mark.aws

PLATFORMS = ("any", "amperity", "snowflake", "redshift", "databricks")
KEY = "club/vip/people.csv"


def made(stack: MiniStack, template: Path, name: str, **parameters: str) -> dict[str, str]:
    """Outputs."""
    cloudformation = stack.aws.cloudformation
    cloudformation.create_stack(
        StackName=name,
        TemplateBody=template.read_text(encoding="utf-8"),
        Parameters=[{"ParameterKey": key, "ParameterValue": value} for key, value in parameters.items()],
        Capabilities=["CAPABILITY_NAMED_IAM"],
    )
    cloudformation.get_waiter("stack_create_complete").wait(StackName=name, WaiterConfig={"Delay": 1})
    outputs = cloudformation.describe_stacks(StackName=name)["Stacks"][0].get("Outputs", [])
    return {one["OutputKey"]: one["OutputValue"] for one in outputs}


def may(call: Any) -> bool:
    try:
        call()
    except ClientError as error:
        if error.response["Error"]["Code"] != "AccessDenied":
            raise
        return False
    return True


@pytest.fixture(params=PLATFORMS)
def producer(stack: MiniStack, request: pytest.FixtureRequest) -> tuple[str, Aws]:
    """A platform that may drop files for the destination ``club``, in the role that was made for it."""
    stack.client.configure(b"version: 1\ndestinations:\n  club: {channel: email}\n")
    outputs = made(
        stack,
        ROOT / "policies/drop-access.yaml",
        f"drop-club-{request.param}",
        DropBucketName=stack.client.address.drop_bucket,
        Destination="club",
        Platform=request.param,
        TrustedPrincipalArns=f"arn:aws:iam::{ACCOUNT}:root",
    )
    return request.param, stack.aws.of_role(outputs["DropRoleArn"])


def test_a_producer_drops_files_for_its_destination_and_sees_nothing_of_others(
    stack: MiniStack, producer: tuple[str, Aws]
) -> None:
    platform, aws = producer
    bucket, s3 = stack.client.address.drop_bucket, aws.s3
    stack.aws.s3.put_object(Bucket=bucket, Key="other/vip/people.csv", Body=b"")

    assert may(lambda: s3.put_object(Bucket=bucket, Key=KEY, Body=b""))
    assert not may(lambda: s3.put_object(Bucket=bucket, Key="other/vip/people.csv", Body=b""))
    assert not may(lambda: s3.put_object(Bucket=bucket, Key="clubs/vip/people.csv", Body=b""))
    assert not may(lambda: s3.get_object(Bucket=bucket, Key="other/vip/people.csv"))
    assert not may(lambda: s3.list_objects_v2(Bucket=bucket, Prefix="other/"))
    assert not may(lambda: s3.list_objects_v2(Bucket=bucket))
    assert not may(lambda: s3.list_objects_v2(Bucket=stack.client.address.work_bucket))
    assert may(lambda: s3.list_objects_v2(Bucket=bucket, Prefix="club/")) == (platform != "any")
    reads = platform in ("snowflake", "redshift", "databricks")
    assert may(lambda: s3.get_object(Bucket=bucket, Key=KEY)) == reads
    assert may(lambda: s3.delete_object(Bucket=bucket, Key=KEY)) == (platform in ("snowflake", "databricks"))


def test_a_reader_of_opt_outs_reads_those_below_its_prefix(stack: MiniStack) -> None:
    bucket = stack.ids["OptOutBucket"]
    for channel in ("email", "sms"):
        stack.aws.s3.put_object(Bucket=bucket, Key=f"{channel}/list-1/2026-11-29.csv", Body=b"")
    outputs = made(
        stack,
        ROOT / "policies/opt-out-access.yaml",
        "read-opt-outs",
        OptOutBucketName=bucket,
        Prefix="email/",
        TrustedPrincipalArns=f"arn:aws:iam::{ACCOUNT}:root",
    )
    s3 = stack.aws.of_role(outputs["ReadRoleArn"]).s3

    assert may(lambda: s3.get_object(Bucket=bucket, Key="email/list-1/2026-11-29.csv"))
    assert may(lambda: s3.list_objects_v2(Bucket=bucket, Prefix="email/"))
    assert not may(lambda: s3.get_object(Bucket=bucket, Key="sms/list-1/2026-11-29.csv"))
    assert not may(lambda: s3.list_objects_v2(Bucket=bucket, Prefix="sms/"))
    assert not may(lambda: s3.put_object(Bucket=bucket, Key="email/list-1/2026-11-29.csv", Body=b""))
