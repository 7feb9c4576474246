"""`make env`: what `sam local invoke --env-vars` needs of a deployed stack.

Uses the AWS credentials and region of whoever calls it.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import boto3

from cli.aws.answers import SILENCES, said

if TYPE_CHECKING:
    from mypy_boto3_cloudformation import CloudFormationClient
    from mypy_boto3_lambda import LambdaClient

EXAMPLE = Path(__file__).parents[1] / "events/env.json"
"""Names the variables, with made-up values."""


def main() -> int:
    parser = argparse.ArgumentParser(prog="make env", description="Write what a function needs on this machine.")
    parser.add_argument("--stack", default="listrak-relay", help="name of the deployed stack (listrak-relay)")
    parser.add_argument("--output", type=Path, required=True, help="the file for --env-vars")
    options = parser.parse_args()
    try:
        found = variables(options.stack, boto3.client("cloudformation"), boto3.client("lambda"))
    except SILENCES as error:
        print(f"error: {said(error, options.stack)}", file=sys.stderr)
        return 1
    options.output.parent.mkdir(parents=True, exist_ok=True)
    options.output.write_text(json.dumps({"Parameters": found}, indent=2) + "\n", encoding="utf-8")
    print(f"wrote {options.output}, with the addresses of stack {options.stack}")
    return 0


def variables(stack: str, cloudformation: CloudFormationClient, lambda_: LambdaClient) -> dict[str, str]:
    """The variables of `EXAMPLE` as the functions of ``stack`` have them.

    Raises what botocore does: there is no such stack, or it may not be looked at.
    """
    wanted = json.loads(EXAMPLE.read_text(encoding="utf-8"))["Parameters"]
    found: dict[str, str] = {}
    for page in cloudformation.get_paginator("list_stack_resources").paginate(StackName=stack):
        for resource in page["StackResourceSummaries"]:
            if resource["ResourceType"] == "AWS::Lambda::Function":
                settings = lambda_.get_function_configuration(FunctionName=resource["PhysicalResourceId"])
                found |= settings["Environment"]["Variables"]
    return {name: found[name] for name in wanted if name in found}


if __name__ == "__main__":
    sys.exit(main())
