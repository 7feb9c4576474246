"""Calls of KMS that a service makes as whoever calls it: reading and writing what a customer's key encrypts.

No emulator makes them, so they follow from the calls that were made and the keys of what those were about.
https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html
https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html
https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from local.aws import REGION
from local.deploy.attributes import physical_name
from local.permissions.decisions import Decision
from local.permissions.policy import Statement, allowed_by
from local.template.source import Document

READING, WRITING = ("kms:Decrypt",), ("kms:GenerateDataKey", "kms:Decrypt")
IMPLIED = {
    "s3:GetObject": READING,
    "s3:GetObjectVersion": READING,
    "s3:PutObject": WRITING,
    "sqs:ReceiveMessage": READING,
    "sqs:SendMessage": WRITING,
    "sns:Publish": WRITING,
    "secretsmanager:GetSecretValue": READING,
}
"""Parts of an upload are put together with kms:Decrypt, a message is encrypted under a key that may have to be read."""


KINDS = {
    "AWS::S3::Bucket": lambda wanted: wanted["BucketEncryption"]["ServerSideEncryptionConfiguration"][0][
        "ServerSideEncryptionByDefault"
    ].get("KMSMasterKeyID"),
    "AWS::SQS::Queue": lambda wanted: wanted.get("KmsMasterKeyId"),
    "AWS::SNS::Topic": lambda wanted: wanted.get("KmsMasterKeyId"),
    "AWS::SecretsManager::Secret": lambda wanted: wanted.get("KmsKeyId"),
}
"""Type → the key in its properties. A table needs none of whoever reads it: DynamoDB has grants of its own."""


def keys_in_use(resources: Mapping[str, Document], ids: Mapping[str, str]) -> dict[str, str]:
    """Name of a bucket, queue, topic or secret → ARN of the customer's key that encrypts it.

    ``resources``: resolved, by logical id.
    """
    found = {
        physical_name(ids[name]): KINDS[resource["Type"]](resource["Properties"])
        for name, resource in resources.items()
        if resource["Type"] in KINDS
    }
    return {name: key for name, key in found.items() if key}


def key_decisions(
    decisions: Iterable[Decision], keys: Mapping[str, str], policies: Mapping[str, Iterable[Statement]]
) -> Iterator[Decision]:
    """Whether what followed from the calls that were made was allowed. ``policies``: by the role's name."""
    asked = {
        (decision.role, action, key, decision.action.partition(":")[0])
        for decision in decisions
        if decision.allowed and decision.role in policies
        for name, key in keys.items()
        if name in decision.resource
        for action in IMPLIED.get(decision.action, ())
    }
    for role, action, key, service in sorted(asked):
        context = {"kms:ViaService": f"{service}.{REGION}.amazonaws.com"}
        allowed = bool(allowed_by(policies[role], action, key, context))
        yield Decision(role, action, key, allowed, context)
