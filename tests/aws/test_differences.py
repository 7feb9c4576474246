"""What MiniStack does otherwise than AWS is known, and still so: what it has learnt is to be struck out of the list."""

from __future__ import annotations

import io
import json
import re
import uuid
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local.aws import ACCOUNT, REGION, Aws
from local.deploy.attributes import physical_name
from local.ministack.differences import DIFFERENCES, Difference, Handling
from local.ministack.stack import MiniStack
from tests.support.paths import EVENTS
from tests.support.waiting import eventually

pytestmark = pytest.mark.aws

Probe = Callable[[MiniStack], bool]
"""Whether MiniStack, mended as it is here, does as AWS does."""


def as_one_who_may(stack: MiniStack, *allowed: dict[str, str]) -> Aws:
    """With a role of the probe's own."""
    name = f"probe-{uuid.uuid4().hex[:8]}"
    document = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", **one} for one in allowed]}
    trusted = {"Effect": "Allow", "Principal": {"AWS": ACCOUNT}, "Action": "sts:AssumeRole"}
    trust = json.dumps({"Version": "2012-10-17", "Statement": [trusted]})
    role = stack.aws.iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust)["Role"]
    stack.aws.iam.put_role_policy(RoleName=name, PolicyName="probe", PolicyDocument=json.dumps(document))
    return stack.aws.of_role(role["Arn"])


def refused(call: Callable[[], Any], *codes: str) -> bool:
    try:
        call()
    except ClientError as error:
        return error.response["Error"]["Code"] in codes
    return False


def queue_with_a_message(stack: MiniStack, name: str, **attributes: str) -> tuple[str, str]:
    """Its address and a receipt."""
    sqs = stack.aws.sqs
    url = sqs.create_queue(QueueName=name, Attributes=attributes)["QueueUrl"]  # type: ignore[arg-type] # names from here
    sqs.send_message(QueueUrl=url, MessageBody="message")
    received = sqs.receive_message(QueueUrl=url, VisibilityTimeout=60, WaitTimeSeconds=5)
    return url, received["Messages"][0]["ReceiptHandle"]


def function(stack: MiniStack) -> str:
    return stack.ids["CloseRunFunction"]


def arn(queue: str) -> str:
    return f"arn:aws:sqs:{REGION}:{ACCOUNT}:{physical_name(queue)}"


def ranges_of_versions(stack: MiniStack) -> bool:
    bucket, s3 = stack.client.address.work_bucket, stack.aws.s3
    version = s3.put_object(Bucket=bucket, Key="probes/range", Body=b"0123456789")["VersionId"]
    answer = s3.get_object(Bucket=bucket, Key="probes/range", VersionId=version, Range="bytes=3-5")
    past_the_end = refused(
        lambda: s3.get_object(Bucket=bucket, Key="probes/range", VersionId=version, Range="bytes=10-"), "InvalidRange"
    )
    return answer["Body"].read() == b"345" and answer["ContentRange"] == "bytes 3-5/10" and past_the_end


def batches_of_messages(stack: MiniStack) -> bool:
    entries = [{"Id": "1", "MessageBody": "probe"}]
    queue = stack.ids["EmailDeadLetterQueue"]
    sender = as_one_who_may(stack, {"Action": "sqs:SendMessage", "Resource": arn(queue)})
    answer = sender.sqs.send_message_batch(QueueUrl=queue, Entries=entries)  # type: ignore[arg-type] # plain
    return len(answer["Successful"]) == 1


def forbidden_to_look(stack: MiniStack) -> bool:
    bucket = stack.client.address.work_bucket
    reading = {"Action": "s3:GetObject", "Resource": f"arn:aws:s3:::{bucket}/*"}
    listing = {"Action": "s3:ListBucket", "Resource": f"arn:aws:s3:::{bucket}"}
    may_list, may_not = as_one_who_may(stack, reading, listing).s3, as_one_who_may(stack, reading).s3
    return refused(lambda: may_list.get_object(Bucket=bucket, Key="runs/nobody"), "NoSuchKey") and refused(
        lambda: may_not.get_object(Bucket=bucket, Key="runs/nobody"), "AccessDenied"
    )


def packages_of_functions(stack: MiniStack) -> bool:
    event = (EVENTS / "close_run_sweep.json").read_bytes()
    return "FunctionError" not in stack.aws.lambda_.invoke(FunctionName=function(stack), Payload=event)


def disk_of_an_environment(stack: MiniStack) -> bool:
    of_another = Path(stack.client.address.logs).parent / "tmp/listrak-relay-of-another"
    of_another.mkdir()
    name = stack.ids["IngestAudienceFunction"]
    stack.aws.lambda_.invoke(FunctionName=name, Payload=b'{"Event": "s3:TestEvent"}')
    return of_another.exists()


def _is_made(stack: MiniStack, name: str, kind: str, **properties: str) -> bool:
    template = {"Resources": {"One": {"Type": kind, "Properties": properties}}}
    return not refused(
        lambda: stack.aws.cloudformation.create_stack(StackName=name, TemplateBody=json.dumps(template)),
        "ValidationError",
    )


def fixed_addresses(stack: MiniStack) -> bool:
    return _is_made(stack, "address", "AWS::EC2::EIP", Domain="vpc")


def saved_queries(stack: MiniStack) -> bool:
    return _is_made(stack, "query", "AWS::Logs::QueryDefinition", Name="all", QueryString="fields @message")


def moving_messages(stack: MiniStack) -> bool:
    source, destination = arn(stack.ids["EmailDeadLetterQueue"]), arn(stack.ids["EmailQueue"])
    sqs = stack.aws.sqs
    return not refused(
        lambda: sqs.start_message_move_task(SourceArn=source, DestinationArn=destination), "InvalidAction"
    )


def twelve_hours(stack: MiniStack) -> bool:
    url, receipt = queue_with_a_message(stack, "twelve-hours")
    hide = {"QueueUrl": url, "ReceiptHandle": receipt, "VisibilityTimeout": 43_200}
    return refused(lambda: stack.aws.sqs.change_message_visibility(**hide), "InvalidParameterValue")  # type: ignore[arg-type]


def hiding_what_is_visible(stack: MiniStack) -> bool:
    url, receipt = queue_with_a_message(stack, "visible")
    sqs = stack.aws.sqs
    sqs.change_message_visibility(QueueUrl=url, ReceiptHandle=receipt, VisibilityTimeout=0)
    return refused(
        lambda: sqs.change_message_visibility(QueueUrl=url, ReceiptHandle=receipt, VisibilityTimeout=60),
        *("InvalidParameterValue", "MessageNotInflight"),
    )


def loops_by_queues(stack: MiniStack) -> bool:
    """A message keeps no trace of the invocation that sent it, by which its hops could be counted."""
    url = stack.aws.sqs.create_queue(QueueName="traces")["QueueUrl"]
    header = "Root=1-68fd508a-5c512fbe3c512fbe3c512fbe;Lineage=1:68fd508a:16"

    def with_trace(params: dict[str, Any], **_: Any) -> None:
        params["headers"]["X-Amzn-Trace-Id"] = header

    sqs = stack.aws.client("sqs")
    sqs.meta.events.register("before-call.sqs.SendMessage", with_trace)
    sqs.send_message(QueueUrl=url, MessageBody="message")
    received = sqs.receive_message(QueueUrl=url, MessageSystemAttributeNames=["All"], WaitTimeSeconds=5)
    return "AWSTraceHeader" in received["Messages"][0].get("Attributes", {})


def role_of_a_mapping(stack: MiniStack) -> bool:
    url = stack.aws.sqs.create_queue(QueueName="strange", Attributes={"VisibilityTimeout": "1000"})["QueueUrl"]
    return _mapping_refused(stack, url)


def visibility_of_a_mapping(stack: MiniStack) -> bool:
    url = stack.aws.sqs.create_queue(QueueName="short", Attributes={"VisibilityTimeout": "1"})["QueueUrl"]
    return _mapping_refused(stack, url)


def _mapping_refused(stack: MiniStack, url: str) -> bool:
    lambda_ = stack.aws.lambda_
    try:
        made = lambda_.create_event_source_mapping(FunctionName=function(stack), EventSourceArn=arn(url))
    except ClientError as error:
        return error.response["Error"]["Code"] == "InvalidParameterValueException"
    lambda_.delete_event_source_mapping(UUID=made["UUID"])
    return False


def limits_of_functions(stack: MiniStack) -> bool:
    changes: list[dict[str, Any]] = [
        {"MemorySize": 20_000},
        {"Environment": {"Variables": {"LONG": "x" * 5_000}}},
        {"Environment": {"Variables": {"AWS_REGION": "elsewhere"}}},
    ]
    name = stack.ids["MonitorImportFunction"]
    before = stack.aws.lambda_.get_function_configuration(FunctionName=name)
    found = [
        refused(
            lambda change=change: stack.aws.lambda_.update_function_configuration(FunctionName=name, **change),  # type: ignore[misc]
            *("InvalidParameterValueException", "ValidationException"),
        )
        for change in changes
    ]
    stack.aws.lambda_.update_function_configuration(
        FunctionName=name,
        MemorySize=before["MemorySize"],
        Environment={"Variables": before["Environment"]["Variables"]},
    )
    return all(found)


def lifecycle_of_buckets(stack: MiniStack) -> bool:
    bucket = stack.client.address.work_bucket
    return not refused(
        lambda: stack.aws.s3.get_bucket_lifecycle_configuration(Bucket=bucket), "NoSuchLifecycleConfiguration"
    )


def settings_of_tables(stack: MiniStack) -> bool:
    table, dynamodb = stack.client.address.ledger_table, stack.aws.dynamodb
    ttl = dynamodb.describe_time_to_live(TableName=table)["TimeToLiveDescription"]["TimeToLiveStatus"]
    backups = dynamodb.describe_continuous_backups(TableName=table)["ContinuousBackupsDescription"]
    recovery = backups["PointInTimeRecoveryDescription"]["PointInTimeRecoveryStatus"]
    return (ttl, recovery) == ("ENABLED", "ENABLED")


def keys_of_buckets(stack: MiniStack) -> bool:
    encryption = {"ServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": "alias/aws/s3"}}
    properties = {"BucketEncryption": {"ServerSideEncryptionConfiguration": [encryption]}}
    template = {"Resources": {"Bucket": {"Type": "AWS::S3::Bucket", "Properties": properties}}}
    cloudformation = stack.aws.cloudformation
    cloudformation.create_stack(StackName="keyed-bucket", TemplateBody=json.dumps(template))
    cloudformation.get_waiter("stack_create_complete").wait(StackName="keyed-bucket", WaiterConfig={"Delay": 1})
    (made,) = cloudformation.describe_stack_resources(StackName="keyed-bucket")["StackResources"]
    found = stack.aws.s3.get_bucket_encryption(Bucket=made["PhysicalResourceId"])["ServerSideEncryptionConfiguration"]
    return found["Rules"][0]["ApplyServerSideEncryptionByDefault"]["SSEAlgorithm"] == "aws:kms"


def logging_of_state_machines(stack: MiniStack) -> bool:
    machine = stack.aws.stepfunctions.describe_state_machine(stateMachineArn=stack.ids["IngestRanges"])
    return bool(machine.get("loggingConfiguration", {}).get("destinations"))


def failed_messages(stack: MiniStack) -> bool:
    """As long as the queue says: the probe reads that setting, for the wait itself is the reason not to try."""
    url = stack.ids["EmailQueue"]
    found = stack.aws.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["VisibilityTimeout"])["Attributes"]
    return int(found["VisibilityTimeout"]) < 60


def references_of_secrets(stack: MiniStack) -> bool:
    return stack.ids["OptOutKey"].startswith("arn:")


def tries_of_an_event(stack: MiniStack) -> bool:
    """By what the logs say of a function that fails; Lambda tries three times."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("index.py", "def handler(event, context):\n    raise ValueError\n")
    name, role = "always-fails", f"arn:aws:iam::{ACCOUNT}:role/{stack.ids['CloseRunRole']}"
    code = {"ZipFile": packed.getvalue()}
    stack.aws.logs.create_log_group(logGroupName=f"/aws/lambda/{name}")
    stack.aws.lambda_.create_function(
        FunctionName=name,
        Runtime="python3.13",
        Role=role,
        Handler="index.handler",
        Code=code,  # type: ignore[arg-type] # plain
    )
    stack.aws.lambda_.invoke(FunctionName=name, InvocationType="Event", Payload=b"{}")

    def tries() -> list[str]:
        logged = stack.aws.logs.filter_log_events(logGroupName=f"/aws/lambda/{name}")["events"]
        return re.findall(r"START RequestId: (\S+)", "\n".join(event["message"] for event in logged))

    eventually(lambda: len(tries()) == 3, 60, "the third try")
    return len(set(tries())) == 1


PROBES: dict[str, Probe] = {
    probe.__name__: probe
    for probe in (
        *(ranges_of_versions, batches_of_messages, forbidden_to_look, packages_of_functions),
        *(disk_of_an_environment, fixed_addresses, saved_queries),
        *(moving_messages, twelve_hours, hiding_what_is_visible, loops_by_queues, role_of_a_mapping),
        *(visibility_of_a_mapping, limits_of_functions, lifecycle_of_buckets, settings_of_tables),
        keys_of_buckets,
        *(logging_of_state_machines, failed_messages, references_of_secrets, tries_of_an_event),
    )
}


def test_each_difference_has_its_probe() -> None:
    assert sorted(PROBES) == sorted(difference.name for difference in DIFFERENCES)


@pytest.mark.parametrize("difference", DIFFERENCES, ids=lambda one: one.name)
def test_what_is_mended_is_as_on_aws_and_what_is_left_still_is_not(
    ministack: MiniStack, difference: Difference
) -> None:
    as_on_aws = PROBES[difference.name](ministack)

    assert as_on_aws is (difference.handling is Handling.MENDED), difference.note


def test_cloudformation_refuses_what_rules_do_not_take(ministack: MiniStack) -> None:
    """For which moto has no word."""
    rule = {"Assertions": [{"Assert": {"Fn::Equals": [{"Fn::Join": ["", {"Ref": "Names"}]}, ""]}}]}
    template = {
        "Parameters": {"Names": {"Type": "CommaDelimitedList", "Default": ""}},
        "Rules": {"Joined": rule},
        "Resources": {"Queue": {"Type": "AWS::SQS::Queue"}},
    }

    with pytest.raises(ClientError, match=r"not supported in the Rules block of the template: \[Fn::Join\]"):
        ministack.aws.cloudformation.create_stack(StackName="refused", TemplateBody=json.dumps(template))
