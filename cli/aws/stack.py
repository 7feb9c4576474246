"""A stack: its buckets, queues, functions and runs."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

from cli.aws.answers import answered, said
from cli.errors import CommandError, ExitCode
from listrak_relay.domain.run.work_keys import CONFIG_KEY, RUN_LIST_KEY, report_key

DELIVERIES = {"email": "DeliverEmailFunction", "sms": "DeliverSmsFunction", "feeds": "RelayFeedFunction"}
"""What `pause` can stop → the function that sends it."""
DEAD_LETTERS = tuple(f"{name}DeadLetterQueue" for name in ("Email", "Sms", "Feed", "Import", "Close", "IngestFailure"))
OPEN_RUNS_INDEX = "open_runs"
_MISSING = frozenset({"NoSuchKey", "404", "NoSuchVersion"})


@dataclass(frozen=True, slots=True)
class OpenRun:
    """A run that has not ended, as the ledger has it. ``trouble``: what kept it at a try that failed, the last one at
    ``trouble_at`` (epoch seconds). ``waiting_for``: while it is WAITING, which runs have their turn before it, in words
    that begin with "waits for"."""

    run_id: str
    status: str
    where: str
    key: str
    rows_read: int | None
    rows_ended: int
    problem: str | None
    trouble: str | None = None
    trouble_at: float | None = None
    waiting_for: str = ""

    @property
    def trouble_sentence(self) -> str:
        """Empty for none."""
        if self.trouble is None or self.trouble_at is None:
            return ""
        at = datetime.fromtimestamp(self.trouble_at, UTC)
        return f"Not done at {at:%H:%M} UTC, and tried again: {self.trouble}"


class Stack:
    """Raises CommandError (NOT_ANSWERED) wherever AWS does not answer or says no."""

    def __init__(self, name: str) -> None:
        self.name = name

    def client(self, service: Any) -> Any:
        # Everyone waits for an operator's command with a hand on Ctrl-C.
        config = Config(connect_timeout=5, read_timeout=60, s3={"addressing_style": "path"})
        return boto3.client(service, config=config)

    @cached_property
    def s3(self) -> Any:
        return self.client("s3")

    @cached_property
    def sqs(self) -> Any:
        return self.client("sqs")

    @cached_property
    def outputs(self) -> Mapping[str, str]:
        described = answered(lambda: self.client("cloudformation").describe_stacks(StackName=self.name), self.name)
        return {output["OutputKey"]: output["OutputValue"] for output in described["Stacks"][0].get("Outputs", [])}

    @cached_property
    def resources(self) -> Mapping[str, str]:
        """Logical id → physical id."""
        pages = self.client("cloudformation").get_paginator("list_stack_resources").paginate(StackName=self.name)
        found = answered(lambda: [one for page in pages for one in page["StackResourceSummaries"]], self.name)
        return {one["LogicalResourceId"]: one.get("PhysicalResourceId", "") for one in found}

    @property
    def work_bucket(self) -> str:
        return self.outputs["WorkBucketName"]

    @property
    def drop_bucket(self) -> str:
        return self.outputs["DropBucketName"]

    @property
    def opt_out_bucket(self) -> str:
        return self.outputs["OptOutBucketName"]

    def function_settings(self, logical_id: str) -> Mapping[str, str]:
        """The environment of a function, which holds what the stack's parameters say of Listrak."""
        name = self.resources[logical_id]
        found = answered(lambda: self.client("lambda").get_function_configuration(FunctionName=name), name)
        variables: Mapping[str, str] = found.get("Environment", {}).get("Variables", {})
        return variables

    # --- objects -----------------------------------------------------------------------------------------------------

    def read(self, key: str, bucket: str | None = None) -> bytes:
        """An object; ``bucket``: None for the WorkBucket. Raises FileNotFoundError."""
        place = bucket or self.work_bucket
        try:
            body: bytes = self.s3.get_object(Bucket=place, Key=key)["Body"].read()
        except ClientError as error:
            if error.response.get("Error", {}).get("Code") in _MISSING:
                raise FileNotFoundError(key) from error
            raise CommandError(said(error, f"s3://{place}/{key}"), ExitCode.NOT_ANSWERED) from error
        return body

    def keys(self, bucket: str, prefix: str) -> Iterator[str]:
        pages = self.s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix)
        yield from (found["Key"] for page in pages for found in page.get("Contents", []))

    def configuration(self) -> bytes | None:
        """`config/destinations.yaml`; None: there is none, so the built-in destinations alone are in force."""
        try:
            return self.read(CONFIG_KEY)
        except FileNotFoundError:
            return None

    def put_configuration(self, body: bytes) -> None:
        answered(lambda: self.s3.put_object(Bucket=self.work_bucket, Key=CONFIG_KEY, Body=body), CONFIG_KEY)

    def drop(self, key: str, file: Path) -> str:
        """Put a file in the DropBucket; returns its version."""
        with file.open("rb") as body:
            put = answered(lambda: self.s3.put_object(Bucket=self.drop_bucket, Key=key, Body=body), key)
        return str(put.get("VersionId", "null"))

    def drop_again(self, key: str, version: str | None) -> str:
        """A new version of the same content, which is a new run; returns its version. Raises FileNotFoundError."""
        source = {"Bucket": self.drop_bucket, "Key": key, **({"VersionId": version} if version else {})}
        try:
            self.s3.head_object(**source)
        except ClientError as error:
            if error.response.get("Error", {}).get("Code") not in _MISSING:
                raise CommandError(said(error, f"s3://{self.drop_bucket}/{key}"), ExitCode.NOT_ANSWERED) from error
            raise FileNotFoundError(key) from error
        extra = {"MetadataDirective": "REPLACE"}
        answered(lambda: self.s3.copy(source, self.drop_bucket, key, ExtraArgs=extra), key)
        return str(answered(lambda: self.s3.head_object(Bucket=self.drop_bucket, Key=key), key)["VersionId"])

    def versions(self, key: str) -> list[str]:
        """Ids of the versions that the DropBucket keeps of a file, the latest first."""
        asked = {"Bucket": self.drop_bucket, "Prefix": key}
        found = answered(lambda: self.s3.list_object_versions(**asked), key).get("Versions", [])
        return [str(one["VersionId"]) for one in found if one["Key"] == key]

    # --- runs --------------------------------------------------------------------------------------------------------

    def report(self, run_id: str) -> dict[str, Any]:
        """Raises FileNotFoundError: there is no such run, or it has not ended."""
        report: dict[str, Any] = json.loads(self.read(report_key(run_id)))
        return report

    def closed_runs(self) -> list[dict[str, Any]]:
        """Entries of the list of runs, the newest first."""
        try:
            entries = json.loads(self.read(RUN_LIST_KEY)).values()
        except FileNotFoundError:
            return []
        return sorted(entries, key=lambda entry: str(entry["closed_at"]), reverse=True)

    def open_run(self, run_id: str) -> OpenRun | None:
        item = self._item(run_id)
        return _open_run(item) if item else None

    def open_runs(self) -> list[OpenRun]:
        dynamodb = self.client("dynamodb")
        pages = dynamodb.get_paginator("query").paginate(
            TableName=self.outputs["LedgerTableName"],
            IndexName=OPEN_RUNS_INDEX,
            KeyConditionExpression="#open = :open",
            ExpressionAttributeNames={"#open": "open"},
            ExpressionAttributeValues={":open": {"S": "1"}},
        )
        found = answered(lambda: [item["pk"]["S"] for page in pages for item in page["Items"]], "the ledger")
        runs = [self._item(pk.removeprefix("RUN#")) for pk in found]
        return [_open_run(item) for item in runs if item and "closed_at" not in item]

    def _item(self, run_id: str) -> dict[str, Any] | None:
        asked = {"pk": {"S": f"RUN#{run_id}"}, "sk": {"S": "RUN"}}
        table = self.outputs["LedgerTableName"]
        found = answered(lambda: self.client("dynamodb").get_item(TableName=table, Key=asked), "the ledger")
        item: dict[str, Any] | None = found.get("Item")
        return item


def _open_run(item: Mapping[str, Any]) -> OpenRun:
    def number(name: str) -> int:
        return int(item[name]["N"]) if name in item and "N" in item[name] else 0

    def text(name: str) -> str:
        return str(item.get(name, {}).get("S", ""))

    outcomes = ("accepted", "refused", "rejected", "duplicates", "skipped", "dead_lettered")
    return OpenRun(
        run_id=text("pk").removeprefix("RUN#"),
        status=text("status"),
        where="/".join(filter(None, (text("destination"), text("audience")))),
        key=str(item.get("source", {}).get("M", {}).get("key", {}).get("S", "")),
        rows_read=number("rows_read") if "N" in item.get("rows_read", {}) else None,
        rows_ended=sum(number(name) for name in outcomes),
        problem=text("problem") or None,
        trouble=text("trouble") or None,
        trouble_at=float(item["trouble_at"]["N"]) if "N" in item.get("trouble_at", {}) else None,
        waiting_for=text("waiting_for"),
    )
