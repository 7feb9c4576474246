"""What IAM is asked about a request: actions, the resources they are about, and condition keys.

https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, unquote
from xml.etree import ElementTree

from moto.secretsmanager.models import secretsmanager_backends

from local.aws import ACCOUNT, REGION
from local.lambda_runtime.invoke_api import PATH, function_name

Fields = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Question:
    """May this be done? ``resource``: an ARN. ``context``: condition keys."""

    action: str
    resource: str
    context: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Request:
    """``service``: as it is signed for. ``path`` without its query, decoded; ``query`` with empty values; ``body``:
    empty for what is stored."""

    service: str
    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes


class UnknownCallError(Exception):
    """No action is known for this request; the message names it."""


def questions(request: Request) -> list[Question]:
    """Raises UnknownCallError."""
    asked = list(_SERVICES.get(request.service, _unknown)(request))
    if not asked:
        raise UnknownCallError(f"{request.service}: {request.method} {request.path}")
    return asked


def key_of(request: Request) -> tuple[str, str]:
    """Bucket and key of a request to S3; the key is empty for one about the bucket."""
    bucket, _, key = request.path.lstrip("/").partition("/")
    return bucket, key


def _unknown(request: Request) -> Iterator[Question]:
    raise UnknownCallError(f"a call of {request.service}")


# --- S3 --------------------------------------------------------------------------------------------------------------


def _s3(request: Request) -> Iterator[Question]:
    bucket, key = key_of(request)
    return _object(request, bucket, key) if key else _bucket(request, bucket)


def _object(request: Request, bucket: str, key: str) -> Iterator[Question]:
    resource = f"arn:aws:s3:::{bucket}/{key}"
    match request.method:
        case "GET" | "HEAD" if "uploadId" in request.query:
            yield Question("s3:ListMultipartUploadParts", resource)
        case "GET" | "HEAD":
            versioned = "Version" if request.query.get("versionId") else ""
            yield Question(f"s3:GetObject{versioned}", resource)
            if "attributes" in request.query:
                yield Question(f"s3:GetObject{versioned}Attributes", resource)
        case "PUT" | "POST":
            yield Question("s3:PutObject", resource)
            if source := request.headers.get("x-amz-copy-source"):
                path, _, version = unquote(source).lstrip("/").partition("?versionId=")
                yield Question(f"s3:GetObject{'Version' if version else ''}", f"arn:aws:s3:::{path}")
        case "DELETE" if "uploadId" in request.query:
            yield Question("s3:AbortMultipartUpload", resource)
        case "DELETE":
            yield Question(f"s3:DeleteObject{'Version' if request.query.get('versionId') else ''}", resource)


_OTHER_BUCKET_CALLS = re.compile(
    "accelerate|acl|analytics|cors|encryption|intelligent-tiering|inventory|lifecycle|location|logging|metrics|"
    "notification|object-lock|ownershipControls|policy|policyStatus|publicAccessBlock|replication|requestPayment|"
    "tagging|uploads|versioning|website"
)


def _bucket(request: Request, bucket: str) -> Iterator[Question]:
    resource = f"arn:aws:s3:::{bucket}"
    if any(_OTHER_BUCKET_CALLS.fullmatch(name) for name in request.query):
        return
    match request.method:
        case "GET" if "versions" in request.query:
            yield Question("s3:ListBucketVersions", resource, _prefix(request))
        case "GET" | "HEAD":
            yield Question("s3:ListBucket", resource, _prefix(request))
        case "POST" if "delete" in request.query:
            for node in ElementTree.fromstring(request.body).iter():  # noqa: S314 # of our own functions
                if node.tag.rpartition("}")[2] == "Key":
                    yield Question("s3:DeleteObject", f"{resource}/{node.text}")


def _prefix(request: Request) -> dict[str, str]:
    return {"s3:prefix": request.query["prefix"]} if "prefix" in request.query else {}


# --- services that name their operation in a header ------------------------------------------------------------------


def _operation(request: Request) -> tuple[str, Fields]:
    return request.headers.get("x-amz-target", "").rpartition(".")[2], json.loads(request.body or b"{}")


def _dynamodb(request: Request) -> Iterator[Question]:
    """A transaction is allowed by the actions of its parts; there is none of its own."""
    operation, fields = _operation(request)
    for part in fields.get("TransactItems", []):
        ((kind, item),) = part.items()
        yield Question(f"dynamodb:{_TRANSACTED[kind]}", _table(item), {ENCLOSING: operation})
    for table in fields.get("RequestItems", {}):
        yield Question(f"dynamodb:{operation}", _table({"TableName": table}))
    if "TableName" in fields:
        yield Question(f"dynamodb:{operation}", _table(fields))


ENCLOSING = "dynamodb:EnclosingOperation"
"""Condition key of a part of a transaction."""

_TRANSACTED = {
    "Put": "PutItem",
    "Update": "UpdateItem",
    "Delete": "DeleteItem",
    "Get": "GetItem",
    "ConditionCheck": "ConditionCheckItem",
}


def _table(fields: Fields) -> str:
    name: str = fields["TableName"]
    arn = name if name.startswith("arn:") else f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/{name}"
    return f"{arn}/index/{fields['IndexName']}" if "IndexName" in fields else arn


def _sqs(request: Request) -> Iterator[Question]:
    """A batch call is allowed by the action of the single one."""
    operation, fields = _operation(request)
    name = fields.get("QueueName") or fields.get("QueueUrl", "").rpartition("/")[2]
    yield Question(f"sqs:{operation.removesuffix('Batch')}", f"arn:aws:sqs:{REGION}:{ACCOUNT}:{name}")


def _secretsmanager(request: Request) -> Iterator[Question]:
    """The ARN of a secret ends in six letters that its name has not; one that does not exist has none."""
    operation, fields = _operation(request)
    named: str = fields["SecretId"]
    kept = secretsmanager_backends[ACCOUNT][REGION].secrets
    arn = kept[named].arn if named in kept else f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:{named}"
    yield Question(f"secretsmanager:{operation}", named if named.startswith("arn:") else arn)


def _events(request: Request) -> Iterator[Question]:
    operation, fields = _operation(request)
    for entry in fields.get("Entries", []):
        bus = entry.get("EventBusName", "default")
        arn = bus if bus.startswith("arn:") else f"arn:aws:events:{REGION}:{ACCOUNT}:event-bus/{bus}"
        yield Question(f"events:{operation}", arn)


def _states(request: Request) -> Iterator[Question]:
    operation, fields = _operation(request)
    yield Question(f"states:{operation}", fields.get("executionArn") or fields["stateMachineArn"])


# --- the rest --------------------------------------------------------------------------------------------------------


def _sns(request: Request) -> Iterator[Question]:
    fields = {name: values[0] for name, values in parse_qs(request.body.decode()).items()}
    yield Question(f"sns:{fields['Action']}", fields["TopicArn"])


def _lambda(request: Request) -> Iterator[Question]:
    if request.method == "POST" and (found := PATH.fullmatch(request.path)):
        name = function_name(found["function"])
        yield Question("lambda:InvokeFunction", f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{name}")


_SERVICES: dict[str, Callable[[Request], Iterator[Question]]] = {
    "dynamodb": _dynamodb,
    "events": _events,
    "lambda": _lambda,
    "s3": _s3,
    "secretsmanager": _secretsmanager,
    "sns": _sns,
    "sqs": _sqs,
    "states": _states,
}
