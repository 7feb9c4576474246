"""MiniStack's server, with what it does otherwise than AWS mended where a function would notice, and every decision of
its IAM written down.

Runs in an environment of its own, by file and not as a module of this package: MiniStack pins versions of libraries that
the project has in others. `local.ministack.start` starts it; `local.ministack.differences` lists what is mended here and
what is left.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import socket
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

LOOPBACK = "127.0.0.1"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--ready-file", type=Path, required=True, help="gets the address when it serves")
    parser.add_argument("--decisions", type=Path, required=True, help="gets a line of JSON for each decision of IAM")
    parser.add_argument("--certificate", type=Path, required=True, help="PEM, of the address")
    parser.add_argument("--key", type=Path, required=True, help="PEM, of the certificate")
    parser.add_argument("--python", required=True, help="interpreter of the functions")
    arguments = parser.parse_args()

    listening = socket.create_server((LOOPBACK, 0))
    endpoint = f"https://{LOOPBACK}:{listening.getsockname()[1]}"
    # MiniStack reads these when it is imported, and gives those for the SDK to the functions.
    os.environ |= {
        "AUTH": "true",
        "GATEWAY_PORT": str(listening.getsockname()[1]),
        "MINISTACK_HOST": LOOPBACK,
        "USE_SSL": "1",
        "MINISTACK_SSL_CERT": str(arguments.certificate),
        "MINISTACK_SSL_KEY": str(arguments.key),
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_CA_BUNDLE": str(arguments.certificate),
    }
    _run_functions_with(arguments.python)
    _name_batches_as_aws_does()
    _read_ranges_of_versions()
    _take_numbers_from_parameters()
    _write_down_decisions(arguments.decisions)
    asyncio.run(_serve(listening, arguments, endpoint))


async def _serve(listening: socket.socket, arguments: argparse.Namespace, endpoint: str) -> None:
    from hypercorn.asyncio import serve
    from hypercorn.config import Config
    from ministack.app import app

    config = Config()
    config.bind = [f"fd://{listening.fileno()}"]
    config.certfile, config.keyfile = str(arguments.certificate), str(arguments.key)
    config.keep_alive_timeout = 75
    config.loglevel = "WARNING"
    # The socket listens already: whoever connects from now on waits in its queue until the server is up.
    written = arguments.ready_file.with_suffix(".part")
    written.write_text(f"{endpoint}\n")
    written.replace(arguments.ready_file)
    await serve(app, config)


def _run_functions_with(python: str) -> None:
    """The environment's own interpreter has none of the libraries of the layers."""
    from ministack.core import lambda_runtime

    detect = lambda_runtime._detect_runtime_binary

    def binary(runtime: str) -> tuple[str, str]:
        _, script = detect(runtime)
        return python, script

    lambda_runtime._detect_runtime_binary = binary


def _name_batches_as_aws_does() -> None:
    """There are no actions of the batch calls: each is allowed by the action of the single one.

    https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-api-permissions-reference.html
    """
    from ministack.core import iam_actions

    extract = iam_actions.extract_iam_action

    def extract_iam_action(service: str, *request: Any) -> str | None:
        action: str | None = extract(service, *request)
        return action.removesuffix("Batch") if service == "sqs" and action else action

    iam_actions.extract_iam_action = extract_iam_action


def _read_ranges_of_versions() -> None:
    """MiniStack gives the whole object where a version is named, whichever range is asked for."""
    from ministack.services import s3

    get = s3._get_object

    def get_object(bucket: str, key: str, headers: dict[str, str], query: dict[str, Any] | None = None) -> Any:
        status, answered, body = get(bucket, key, headers, query)
        asked = headers.get("range")
        if status != 200 or not asked or not s3._qp(query or {}, "versionId", ""):
            return status, answered, body
        found = s3._parse_range(asked, len(body))
        if found is None:
            error = s3._xml_body(s3._range_error_xml(bucket, key))
            return 416, {"Content-Type": "application/xml", "Content-Range": f"bytes */{len(body)}"}, error
        first, last = found
        answered["Content-Range"] = f"bytes {first}-{last}/{len(body)}"
        answered["Content-Length"] = str(last - first + 1)
        return 206, {n: v for n, v in answered.items() if "checksum" not in n.lower()}, body[first : last + 1]

    s3._get_object = get_object


def _take_numbers_from_parameters() -> None:
    """CloudFormation gives a parameter of type Number as text, which MiniStack compares with a number."""
    from ministack.services import lambda_svc

    concurrency = lambda_svc._sqs_esm_concurrency

    def sqs_esm_concurrency(mapping: dict[str, Any], *more: Any) -> int:
        scaling = mapping.get("ScalingConfig") or {}
        numbers = {name: int(value) for name, value in scaling.items()}
        allowed: int = concurrency({**mapping, "ScalingConfig": numbers}, *more)
        return allowed

    lambda_svc._sqs_esm_concurrency = sqs_esm_concurrency


def _write_down_decisions(path: Path) -> None:
    """One line for each: who asked, for which action on what, and what was decided. The caller that MiniStack takes for
    the account itself is left out, as are calls without an action."""
    from ministack.core import iam_evaluator
    from ministack.core.responses import get_account_id

    enforce: Callable[..., Any] = iam_evaluator.enforce
    lock = threading.Lock()
    written = path.open("a", encoding="utf-8")

    def enforced(access_key: str, action: str, service: str, region: str, resource_arn: str = "*", **more: Any) -> Any:
        denied = enforce(access_key, action, service, region, resource_arn=resource_arn, **more)
        principal = iam_evaluator.resolve_principal(access_key or "", get_account_id())
        if getattr(principal, "policies", None) is None and not denied:
            return denied
        decision = {
            "principal": getattr(principal, "arn", ""),
            "action": action,
            "resource": resource_arn,
            "allowed": not denied,
            "reason": getattr(denied, "reason", "") or getattr(denied, "message", "") if denied else "",
        }
        with lock:
            written.write(json.dumps(decision) + "\n")
            written.flush()
        return denied

    iam_evaluator.enforce = enforced


if __name__ == "__main__":
    main()
