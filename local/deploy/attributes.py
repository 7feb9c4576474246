"""``Fn::GetAtt`` from the type and physical id of a resource."""

from __future__ import annotations

from local.aws import ACCOUNT, REGION
from local.errors import LocalStackError

_ARNS = {
    "AWS::S3::Bucket": "arn:aws:s3:::{id}",
    "AWS::SQS::Queue": f"arn:aws:sqs:{REGION}:{ACCOUNT}:{{id}}",
    "AWS::DynamoDB::Table": f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/{{id}}",
    "AWS::Lambda::Function": f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{{id}}",
    "AWS::IAM::Role": f"arn:aws:iam::{ACCOUNT}:role/{{id}}",
    "AWS::Logs::LogGroup": f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:{{id}}:*",
    "AWS::CloudWatch::Alarm": f"arn:aws:cloudwatch:{REGION}:{ACCOUNT}:alarm:{{id}}",
    "AWS::KMS::Key": f"arn:aws:kms:{REGION}:{ACCOUNT}:key/{{id}}",
    "AWS::Events::Rule": f"arn:aws:events:{REGION}:{ACCOUNT}:rule/{{id}}",
}


def attribute(kind: str, physical_id: str, name: str) -> str:
    """Raises LocalStackError: this attribute is not known here."""
    if kind == "AWS::SQS::Queue":
        physical_id = physical_name(physical_id)
        if name == "QueueName":
            return physical_id
    if kind == "AWS::StepFunctions::StateMachine" and name == "Name":
        return physical_id.rsplit(":", 1)[-1]
    if name == "Arn" and kind in _ARNS:
        return _ARNS[kind].format(id=physical_id)
    raise LocalStackError(f"the local stack does not know the attribute {name} of {kind}")


def physical_name(address_or_arn: str) -> str:
    """Its last part."""
    return address_or_arn.replace("/", ":").rsplit(":", 1)[-1]
