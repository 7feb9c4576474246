"""Asks the emulator after every resource that the template promises."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from local.deploy.buckets import lifecycle_rule
from local.deploy.state_machines import definition, logging_configuration
from local.errors import LocalStackError

if TYPE_CHECKING:
    from local.deploy.deployment import Deployment

Look = Callable[["Deployment", str, Mapping[str, Any]], bool]


def verify(deployment: Deployment) -> None:
    """Raises LocalStackError naming what is missing or not as the template says."""
    faults = []
    for name, resource in deployment.resources.items():
        kind = resource["Type"]
        try:
            there = _LOOKS[kind](deployment, name, resource.get("Properties", {}))
        except (ClientError, KeyError, IndexError) as error:
            faults.append(f"{name} ({kind}): {error}")
        else:
            if not there:
                faults.append(f"{name} ({kind}) is not as the template says")
    if faults:
        raise LocalStackError("the emulated stack is not whole:\n  " + "\n  ".join(faults))


def _bucket(deployment: Deployment, name: str, wanted: Mapping[str, Any]) -> bool:
    s3, bucket = deployment.aws.s3, deployment.ids[name]
    found: dict[str, Callable[[], Any]] = {
        "VersioningConfiguration": lambda: {"Status": s3.get_bucket_versioning(Bucket=bucket)["Status"]},
        "PublicAccessBlockConfiguration": lambda: s3.get_public_access_block(Bucket=bucket)[
            "PublicAccessBlockConfiguration"
        ],
        "OwnershipControls": lambda: s3.get_bucket_ownership_controls(Bucket=bucket)["OwnershipControls"],
        "BucketEncryption": lambda: _algorithms(
            s3.get_bucket_encryption(Bucket=bucket)["ServerSideEncryptionConfiguration"]
        ),
        "LifecycleConfiguration": lambda: _ids(s3.get_bucket_lifecycle_configuration(Bucket=bucket)["Rules"]),
        "NotificationConfiguration": lambda: len(
            s3.get_bucket_notification_configuration(Bucket=bucket)["QueueConfigurations"]
        ),
    }
    expected = dict(wanted)
    if "BucketEncryption" in wanted:
        encryption = wanted["BucketEncryption"]["ServerSideEncryptionConfiguration"]
        expected["BucketEncryption"] = _algorithms({"Rules": _as_api(encryption)})
    if "LifecycleConfiguration" in wanted:
        expected["LifecycleConfiguration"] = _ids(
            [lifecycle_rule(r) for r in wanted["LifecycleConfiguration"]["Rules"]]
        )
    if "NotificationConfiguration" in wanted:
        expected["NotificationConfiguration"] = len(wanted["NotificationConfiguration"]["LambdaConfigurations"])
    return all(found[key]() == value for key, value in expected.items())


def _as_api(rules: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{"ApplyServerSideEncryptionByDefault": rule["ServerSideEncryptionByDefault"]} for rule in rules]


def _algorithms(configuration: Mapping[str, Any]) -> list[str]:
    return [rule["ApplyServerSideEncryptionByDefault"]["SSEAlgorithm"] for rule in configuration["Rules"]]


def _ids(rules: list[Any]) -> list[tuple[str, str]]:
    return sorted((rule["ID"], rule["Status"]) for rule in rules)


def _table(deployment: Deployment, name: str, wanted: Mapping[str, Any]) -> bool:
    dynamodb, table = deployment.aws.dynamodb, deployment.ids[name]
    described = dynamodb.describe_table(TableName=table)["Table"]
    ttl = dynamodb.describe_time_to_live(TableName=table)["TimeToLiveDescription"]
    backups = dynamodb.describe_continuous_backups(TableName=table)["ContinuousBackupsDescription"]
    return (
        described["KeySchema"] == wanted["KeySchema"]
        and [i["IndexName"] for i in described.get("GlobalSecondaryIndexes", [])]
        == [i["IndexName"] for i in wanted.get("GlobalSecondaryIndexes", [])]
        and ("TimeToLiveSpecification" not in wanted or ttl["TimeToLiveStatus"] == "ENABLED")
        and (
            "PointInTimeRecoverySpecification" not in wanted
            or backups["PointInTimeRecoveryDescription"]["PointInTimeRecoveryStatus"] == "ENABLED"
        )
    )


def _queue(deployment: Deployment, name: str, wanted: Mapping[str, Any]) -> bool:
    url = deployment.ids[name]
    attributes: dict[Any, str] = {
        **deployment.aws.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    }
    plain = ("VisibilityTimeout", "MessageRetentionPeriod")
    return all(attributes[key] == str(wanted[key]) for key in plain if key in wanted) and (
        ("RedrivePolicy" in wanted) == ("RedrivePolicy" in attributes)
    )


def _function(deployment: Deployment, name: str, wanted: Mapping[str, Any]) -> bool:
    found = deployment.aws.lambda_.get_function_configuration(FunctionName=deployment.ids[name])
    variables = {key: str(value) for key, value in found.get("Environment", {}).get("Variables", {}).items()}
    same_environment = variables == wanted.get("Environment", {}).get("Variables", {})
    return same_environment and found["Handler"] == wanted["Handler"] and found["Timeout"] == int(wanted["Timeout"])


def _mapping(deployment: Deployment, name: str, wanted: Mapping[str, Any]) -> bool:
    found = deployment.aws.lambda_.get_event_source_mapping(UUID=deployment.ids[name])
    return found["EventSourceArn"] == wanted["EventSourceArn"] and found["State"] == "Enabled"


def _invoke_config(deployment: Deployment, _name: str, wanted: Mapping[str, Any]) -> bool:
    found = deployment.aws.lambda_.get_function_event_invoke_config(FunctionName=wanted["FunctionName"])
    return found["MaximumRetryAttempts"] == int(wanted["MaximumRetryAttempts"])


def _alarm(deployment: Deployment, name: str, wanted: Mapping[str, Any]) -> bool:
    found = deployment.aws.cloudwatch.describe_alarms(AlarmNames=[name])["MetricAlarms"][0]
    return bool(found["Dimensions"] == wanted["Dimensions"] and found["AlarmActions"] == wanted["AlarmActions"])


def _dashboard(deployment: Deployment, _name: str, wanted: Mapping[str, Any]) -> bool:
    found = deployment.aws.cloudwatch.get_dashboard(DashboardName=wanted["DashboardName"])
    return bool(json.loads(found["DashboardBody"])["widgets"])


def _secret(deployment: Deployment, name: str, wanted: Mapping[str, Any]) -> bool:
    found = deployment.aws.secretsmanager.describe_secret(SecretId=deployment.ids[name])
    return bool(found["Name"] == wanted["Name"])


def _topic(deployment: Deployment, name: str, _wanted: Mapping[str, Any]) -> bool:
    return "TopicArn" in deployment.aws.sns.get_topic_attributes(TopicArn=deployment.ids[name])["Attributes"]


def _subscription(deployment: Deployment, _name: str, wanted: Mapping[str, Any]) -> bool:
    found = deployment.aws.sns.list_subscriptions_by_topic(TopicArn=wanted["TopicArn"])["Subscriptions"]
    return any(one["Endpoint"] == wanted["Endpoint"] for one in found)


def _log_group(deployment: Deployment, name: str, wanted: Mapping[str, Any]) -> bool:
    found = deployment.aws.logs.describe_log_groups(logGroupNamePrefix=deployment.ids[name])["logGroups"][0]
    return int(found["retentionInDays"]) == int(wanted["RetentionInDays"])


def _role(deployment: Deployment, name: str, wanted: Mapping[str, Any]) -> bool:
    return all(
        _policy_is_kept(deployment, deployment.ids[name], policy["PolicyName"], policy["PolicyDocument"])
        for policy in wanted.get("Policies", [])
    )


def _role_policy(deployment: Deployment, _name: str, wanted: Mapping[str, Any]) -> bool:
    return all(
        _policy_is_kept(deployment, role, wanted["PolicyName"], wanted["PolicyDocument"]) for role in wanted["Roles"]
    )


def _policy_is_kept(deployment: Deployment, role: str, name: str, document: Mapping[str, Any]) -> bool:
    """As a call of the role would be held to it."""
    return deployment.aws.iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"] == document


def _rule(deployment: Deployment, name: str, wanted: Mapping[str, Any]) -> bool:
    rule = deployment.ids[name]
    found = deployment.aws.events.describe_rule(Name=rule)
    targets = deployment.aws.events.list_targets_by_rule(Rule=rule)["Targets"]
    return found.get("ScheduleExpression") == wanted.get("ScheduleExpression") and [
        target["Arn"] for target in targets
    ] == [target["Arn"] for target in wanted["Targets"]]


def _permission(deployment: Deployment, _name: str, wanted: Mapping[str, Any]) -> bool:
    policy = deployment.aws.lambda_.get_policy(FunctionName=wanted["FunctionName"])["Policy"]
    return str(wanted["Principal"]) in policy


def _layer(deployment: Deployment, name: str, _wanted: Mapping[str, Any]) -> bool:
    found = deployment.aws.lambda_.list_layers()["Layers"]
    return any(name in layer["LayerName"] for layer in found)


def _state_machine(deployment: Deployment, name: str, wanted: Mapping[str, Any]) -> bool:
    found = deployment.aws.stepfunctions.describe_state_machine(stateMachineArn=deployment.ids[name])
    return bool(
        found["definition"] == definition(wanted)
        and found["roleArn"] == wanted["RoleArn"]
        and found["type"] == wanted["StateMachineType"]
        and found["loggingConfiguration"] == logging_configuration(wanted)
    )


def _left_out(_deployment: Deployment, _name: str, _wanted: Mapping[str, Any]) -> bool:
    return True  # see local.deploy.buckets


_LOOKS: dict[str, Look] = {
    "AWS::S3::Bucket": _bucket,
    "AWS::S3::BucketPolicy": _left_out,
    "AWS::DynamoDB::Table": _table,
    "AWS::SQS::Queue": _queue,
    "AWS::SecretsManager::Secret": _secret,
    "AWS::SNS::Topic": _topic,
    "AWS::SNS::Subscription": _subscription,
    "AWS::CloudWatch::Alarm": _alarm,
    "AWS::CloudWatch::Dashboard": _dashboard,
    "AWS::Logs::LogGroup": _log_group,
    "AWS::IAM::Role": _role,
    "AWS::IAM::Policy": _role_policy,
    "AWS::Lambda::Function": _function,
    "AWS::Lambda::EventInvokeConfig": _invoke_config,
    "AWS::Lambda::EventSourceMapping": _mapping,
    "AWS::Lambda::Permission": _permission,
    "AWS::Lambda::LayerVersion": _layer,
    "AWS::Events::Rule": _rule,
    "AWS::StepFunctions::StateMachine": _state_machine,
}
