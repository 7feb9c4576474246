"""What moto's CloudFormation drops of buckets: versioning, lifecycle, ownership, public access block, notifications."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from local.aws import ACCOUNT, REGION
from local.errors import LocalStackError

if TYPE_CHECKING:
    from local.deploy.deployment import Deployment

EVENTS_QUEUE = "local-s3-events"
"""The internal queue on which the emulator puts S3 events, and from which the local stack invokes functions."""


def make_good(deployment: Deployment) -> None:
    policies = {policy["Bucket"]: policy for policy in deployment.of_type("AWS::S3::BucketPolicy").values()}
    for policy in policies.values():
        _check_refusals(policy)
    deployment.aws.sqs.create_queue(QueueName=EVENTS_QUEUE)
    for name, properties in deployment.of_type("AWS::S3::Bucket").items():
        _complete(deployment, deployment.ids[name], properties)


def _complete(deployment: Deployment, bucket: str, properties: dict[str, Any]) -> None:
    s3 = deployment.aws.s3
    if versioning := properties.get("VersioningConfiguration"):
        s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration=versioning)
    if block := properties.get("PublicAccessBlockConfiguration"):
        s3.put_public_access_block(Bucket=bucket, PublicAccessBlockConfiguration=block)
    if ownership := properties.get("OwnershipControls"):
        s3.put_bucket_ownership_controls(Bucket=bucket, OwnershipControls=ownership)
    if lifecycle := properties.get("LifecycleConfiguration"):
        rules = [lifecycle_rule(rule) for rule in lifecycle["Rules"]]
        s3.put_bucket_lifecycle_configuration(Bucket=bucket, LifecycleConfiguration={"Rules": rules})  # type: ignore[typeddict-item] # made from the template
    if notification := properties.get("NotificationConfiguration"):
        queues = [queue_notification(deployment, one) for one in notification["LambdaConfigurations"]]
        s3.put_bucket_notification_configuration(
            Bucket=bucket,
            NotificationConfiguration={"QueueConfigurations": queues},  # type: ignore[typeddict-item] # made from the template
        )


def lifecycle_rule(rule: dict[str, Any]) -> dict[str, Any]:
    """CloudFormation's form of a lifecycle rule as the API's."""
    made: dict[str, Any] = {"ID": rule["Id"], "Status": rule["Status"], "Filter": {"Prefix": rule.get("Prefix", "")}}
    if "ExpirationInDays" in rule:
        made["Expiration"] = {"Days": int(rule["ExpirationInDays"])}
    if "NoncurrentVersionExpiration" in rule:
        made["NoncurrentVersionExpiration"] = {
            "NoncurrentDays": int(rule["NoncurrentVersionExpiration"]["NoncurrentDays"])
        }
    if "AbortIncompleteMultipartUpload" in rule:
        made["AbortIncompleteMultipartUpload"] = {
            "DaysAfterInitiation": int(rule["AbortIncompleteMultipartUpload"]["DaysAfterInitiation"])
        }
    known = {
        "Id",
        "Status",
        "Prefix",
        "ExpirationInDays",
        "NoncurrentVersionExpiration",
        "AbortIncompleteMultipartUpload",
    }
    if unknown := sorted(set(rule) - known):
        raise LocalStackError(
            f"lifecycle rule {rule['Id']} has {', '.join(unknown)}, which local.deploy.buckets cannot set"
        )
    return made


def queue_notification(deployment: Deployment, configuration: dict[str, Any]) -> dict[str, Any]:
    """A function's notification as one to the internal queue, whose id names the function."""
    function = deployment.logical(configuration["Function"].rsplit(":", 1)[-1])
    made: dict[str, Any] = {
        "Id": function,
        "QueueArn": f"arn:aws:sqs:{REGION}:{ACCOUNT}:{EVENTS_QUEUE}",
        "Events": [configuration["Event"]],
    }
    if rules := configuration.get("Filter", {}).get("S3Key", {}).get("Rules"):
        made["Filter"] = {"Key": {"FilterRules": rules}}
    return made


def _check_refusals(policy: dict[str, Any]) -> None:
    """A policy that refuses more than plain HTTP would have effects that the local stack lacks.

    What it allows has none: the emulator holds nobody to policies.
    """
    for statement in policy["PolicyDocument"]["Statement"]:
        refuses_plain_http = statement.get("Condition") == {"Bool": {"aws:SecureTransport": "false"}}
        if statement["Effect"] == "Deny" and not refuses_plain_http:
            raise LocalStackError(
                f"the policy of bucket {policy['Bucket']} refuses more than plain HTTP, "
                "which is all that local.deploy.buckets may leave out"
            )
