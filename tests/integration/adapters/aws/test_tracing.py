"""What reaches X-Ray of an invocation, as its daemon receives it."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from typing import Any

from tests.support.paths import ROOT

PERSON = "ada@example.com"
HANDLER = """
import sys
from botocore.exceptions import ConnectionError as NoConnection
from listrak_relay.adapters.aws.clients import client
from listrak_relay.wiring.tracing import traced_if_wanted
from tests.support.aws.lambda_context import Context

def handler(event, context):
    try:
        client("s3").list_buckets()
    except NoConnection:
        pass
    if event["fail"]:
        raise ValueError(sys.argv[1])
    return {"who": sys.argv[1]}

traced = traced_if_wanted(handler)
traced({"run_id": "email-01", "fail": False}, Context())
try:
    traced({"run_id": "email-02", "fail": True}, Context())
except ValueError:
    print("raised")
"""


def test_a_trace_names_run_and_aws_calls_and_neither_answers_nor_the_text_of_errors() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as daemon:
        daemon.bind(("127.0.0.1", 0))
        daemon.setblocking(False)
        address = f"127.0.0.1:{daemon.getsockname()[1]}"
        done = subprocess.run(
            [sys.executable, "-c", HANDLER, PERSON],
            env={
                "PATH": os.environ["PATH"],
                "PYTHONPATH": os.pathsep.join((str(ROOT / "layers/core/python"), str(ROOT))),
                "AWS_XRAY_DAEMON_ADDRESS": address,
                "AWS_XRAY_CONTEXT_MISSING": "IGNORE_ERROR",
                "AWS_DEFAULT_REGION": "us-east-1",
                "AWS_ACCESS_KEY_ID": "made-up",
                "AWS_SECRET_ACCESS_KEY": "made-up",
                "AWS_ENDPOINT_URL": "http://127.0.0.1:9",
                "AWS_MAX_ATTEMPTS": "1",
                "LAMBDA_TASK_ROOT": str(ROOT),
                "POWERTOOLS_SERVICE_NAME": "relay",
                "POWERTOOLS_TRACE_DISABLED": "false",
                "_X_AMZN_TRACE_ID": "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1",
            },
            capture_output=True,
            text=True,
            check=False,
        )
        segments = list(received(daemon))

    assert (done.returncode, done.stdout.strip()) == (0, "raised"), done.stderr
    told = json.dumps(segments)
    assert "ValueError" in told
    assert {found["annotations"]["run_id"] for found in segments if "annotations" in found} == {"email-01", "email-02"}
    assert "s3" in told.lower()
    assert PERSON not in told


def received(daemon: socket.socket) -> list[dict[str, Any]]:
    """Every segment that has come: a line that says the form, and the segment."""
    found: list[dict[str, Any]] = []
    while True:
        try:
            datagram = daemon.recv(65_535)
        except BlockingIOError:
            return found
        found.append(json.loads(datagram.partition(b"\n")[2]))
