"""Starts executions of a Step Functions state machine: `ports.ranges.RangeStarter`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from listrak_relay.adapters.aws.errors import aws_errors, error_code

if TYPE_CHECKING:
    from mypy_boto3_stepfunctions import SFNClient


class StateMachine:
    """An execution is named after its run. Step Functions takes a name with the same input once, and answers a repeat
    while the first one runs as if it were the first (API reference, StartExecution)."""

    def __init__(self, arn: str, client: SFNClient) -> None:
        self._arn = arn
        self._client = client

    def start(self, run_id: str) -> None:
        with aws_errors(f"starting {self._arn}"):
            try:
                self._client.start_execution(
                    stateMachineArn=self._arn, name=run_id, input=json.dumps({"run_id": run_id})
                )
            except ClientError as error:
                # It has been at work already, and has ended.
                if error_code(error) != "ExecutionAlreadyExists":
                    raise
