"""What MiniStack does otherwise than AWS, mended where a function would notice, and a record of what its IAM decides.

`local.ministack.differences` lists what is mended here and what is left. Imported in MiniStack's own environment only.
"""

from __future__ import annotations

import socket
from http import HTTPStatus
from pathlib import Path
from typing import Any

from hypercorn.asyncio import serve as serve_hypercorn
from hypercorn.config import Config
from ministack.app import app
from ministack.core import iam_actions, iam_evaluator, lambda_runtime
from ministack.core.responses import get_account_id
from ministack.services import s3

from local.permissions.decisions import Decision, DecisionFile

READING = ("s3:GetObject", "s3:GetObjectVersion")


def install(python: str, decisions: Path) -> None:
    """``python``: interpreter of the functions. Raises AttributeError: MiniStack has changed."""
    written_down = _written_down(iam_evaluator.enforce, DecisionFile(decisions))
    for owner, name, own in (
        (lambda_runtime, "_detect_runtime_binary", _as_environments(python, lambda_runtime._detect_runtime_binary)),
        (iam_actions, "extract_iam_action", _without_batches(iam_actions.extract_iam_action)),
        (s3, "_get_object", _with_ranges_of_versions(s3._get_object)),
        (iam_evaluator, "enforce", _forbidding_to_look(written_down)),
    ):
        setattr(owner, name, own)


async def serve(listening: socket.socket, certificate: Path, key: Path) -> None:
    config = Config()
    config.bind = [f"fd://{listening.fileno()}"]
    config.certfile, config.keyfile = str(certificate), str(key)
    config.keep_alive_timeout = 75
    config.loglevel = "WARNING"
    await serve_hypercorn(app, config)


def _as_environments(python: str, detect: Any) -> Any:
    """MiniStack's own interpreter has none of the packages of the layers, and all its processes have one disk."""
    own_disk = "import tempfile; tempfile.tempdir = tempfile.mkdtemp(prefix='environment-')\n"

    def detect_runtime_binary(runtime: str) -> tuple[str, str]:
        _, script = detect(runtime)
        return python, own_disk + script

    return detect_runtime_binary


def _without_batches(extract: Any) -> Any:
    """IAM knows no actions of SQS's batch calls: each is allowed by the action of the single one.

    https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-api-permissions-reference.html
    """

    def extract_iam_action(service: str, *request: Any) -> str | None:
        action: str | None = extract(service, *request)
        return action.removesuffix("Batch") if service == "sqs" and action else action

    return extract_iam_action


def _with_ranges_of_versions(get: Any) -> Any:
    """MiniStack gives the whole object where a version is named, whichever range is asked for."""

    def get_object(bucket: str, key: str, headers: dict[str, str], query: dict[str, Any] | None = None) -> Any:
        status, answered, body = get(bucket, key, headers, query)
        asked = headers.get("range")
        if status != HTTPStatus.OK or not asked or not s3._qp(query or {}, "versionId", ""):
            return status, answered, body
        found = s3._parse_range(asked, len(body))
        if found is None:
            error = s3._xml_body(s3._range_error_xml(bucket, key))
            return 416, {"Content-Type": "application/xml", "Content-Range": f"bytes */{len(body)}"}, error
        first, last = found
        part = {name: value for name, value in answered.items() if "checksum" not in name.lower()}
        part |= {"Content-Range": f"bytes {first}-{last}/{len(body)}", "Content-Length": str(last - first + 1)}
        return 206, part, body[first : last + 1]

    return get_object


def _forbidding_to_look(enforce: Any) -> Any:
    """Whether an object is there, S3 tells only those who may list its bucket; to others it is forbidden.

    https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
    """

    def enforced(access_key: str, action: str, service: str, region: str, resource_arn: str = "*", **more: Any) -> Any:
        denied = enforce(access_key, action, service, region, resource_arn=resource_arn, **more)
        bucket, _, key = resource_arn.removeprefix("arn:aws:s3:::").partition("/")
        if denied or action not in READING:
            return denied
        kept = s3._ensure_bucket(bucket)
        if kept is None or key in kept["objects"]:
            return None
        prefix = {"s3:prefix": key}
        return enforce(
            access_key, "s3:ListBucket", service, region, resource_arn=f"arn:aws:s3:::{bucket}", service_context=prefix
        )

    return enforced


def _written_down(enforce: Any, decisions: DecisionFile) -> Any:
    """Calls of the account itself, who may do anything, are left out."""

    def enforced(access_key: str, action: str, service: str, region: str, resource_arn: str = "*", **more: Any) -> Any:
        denied = enforce(access_key, action, service, region, resource_arn=resource_arn, **more)
        principal = iam_evaluator.resolve_principal(access_key or "", get_account_id())
        arn = getattr(principal, "arn", "")
        if denied or ":assumed-role/" in arn:
            role = arn.split("/")[1] if "/" in arn else arn or "somebody unknown"
            decisions.add(Decision(role, action, resource_arn, allowed=not denied))
        return denied

    return enforced
