"""Listrak Relay as its users see it: drop a file, watch its run, read its report. Works on any stack that is up."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from boto3.dynamodb.types import TypeDeserializer
from botocore.exceptions import ClientError

from listrak_relay.domain.run.runs import DroppedFile
from listrak_relay.domain.run.work_keys import CONFIG_KEY, OPT_OUTS_PREFIX, report_key
from local.aws import Aws
from local.errors import LocalStackError

Report = dict[str, Any]

_read = TypeDeserializer().deserialize
LOOK_AGAIN = 0.1  # seconds between two looks at a run
LOOK_FOR_FAILURES = 1.0  # seconds between two looks into the dead-letter queue

_COUNTERS = ("accepted", "refused", "rejected", "duplicates", "skipped", "dead_lettered")


@dataclass(frozen=True, slots=True)
class StackAddress:
    """Where a stack is found; kept in `stack.json` while one is up. ``listrak``: parameters that name another Listrak
    than its simulator."""

    pid: int
    endpoint: str
    simulator: str
    sftp_folder: str
    drop_bucket: str
    work_bucket: str
    ledger_table: str
    ingest_dead_letter_queue: str
    logs: str
    listrak: dict[str, str] = field(default_factory=dict)

    def save(self, path: Path) -> None:
        path.write_text(json.dumps(asdict(self), indent=2) + "\n")

    @classmethod
    def load(cls, path: Path) -> StackAddress:
        """Raises OSError, ValueError or TypeError: not there, or not of this release."""
        return cls(**json.loads(path.read_text()))


@dataclass(frozen=True, slots=True)
class Dropped:
    """One version of one dropped file and the run that it makes."""

    key: str
    version_id: str
    run_id: str


@dataclass(frozen=True, slots=True)
class Progress:
    """A run as the ledger has it; ``rows_read`` is None until the file is read.

    ``turned_away``: rows that are not sent, being rejected or duplicates. ``rows_ended``: they, and those whose end is
    known. ``waiting_for``: while it is WAITING, a sentence that says for which run. ``trouble``: what kept it at the
    latest try that failed.
    """

    status: str
    rows_read: int | None
    chunks: int
    settled: int
    accepted: int
    turned_away: int
    rows_ended: int
    waiting_for: str = ""
    trouble: str = ""

    @property
    def rows_to_deliver(self) -> int | None:
        return None if self.rows_read is None else self.rows_read - self.turned_away

    @property
    def rows_delivered(self) -> int:
        return self.rows_ended - self.turned_away


class RelayClient:
    """``aws``: clients of the address, where they need more than its endpoint."""

    def __init__(self, address: StackAddress, aws: Aws | None = None) -> None:
        self.address = address
        self.aws = aws or Aws(address.endpoint)

    def drop(self, key: str, content: bytes | Path) -> Dropped:
        """Put a file in the DropBucket under ``<destination>/<audience>/<file>``."""
        bucket, s3 = self.address.drop_bucket, self.aws.s3
        if isinstance(content, bytes):
            version = s3.put_object(Bucket=bucket, Key=key, Body=content)["VersionId"]
        else:
            with content.open("rb") as body:
                version = s3.put_object(Bucket=bucket, Key=key, Body=body)["VersionId"]
        return self.dropped(key, version)

    def dropped(self, key: str, version_id: str | None = None) -> Dropped:
        """The newest version, if none is named."""
        if version_id is None:
            version_id = self.aws.s3.head_object(Bucket=self.address.drop_bucket, Key=key)["VersionId"]
        source = DroppedFile(self.address.drop_bucket, key, version_id, size=0, dropped_at="")
        return Dropped(key, version_id, source.run_id)

    def configure(self, destinations: bytes | Path) -> None:
        """Put `destinations.yaml` in the WorkBucket."""
        body = destinations if isinstance(destinations, bytes) else destinations.read_bytes()
        self.aws.s3.put_object(Bucket=self.address.work_bucket, Key=CONFIG_KEY, Body=body)

    def forget_opt_outs(self) -> None:
        """Forget who said no in earlier files, as a simulator that is emptied forgets its contacts."""
        bucket = self.address.work_bucket
        pages = self.aws.s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=OPT_OUTS_PREFIX)
        for page in pages:
            for found in page.get("Contents", ()):
                self.aws.s3.delete_object(Bucket=bucket, Key=found["Key"])

    def progress(self, run_id: str) -> Progress | None:
        """None if there is no such run yet."""
        found = self.aws.dynamodb.get_item(
            TableName=self.address.ledger_table,
            Key={"pk": {"S": f"RUN#{run_id}"}, "sk": {"S": "RUN"}},
            ConsistentRead=True,
        ).get("Item")
        if found is None:
            return None
        item = {name: _read(value) for name, value in found.items()}
        rows_read = item.get("rows_read")
        return Progress(
            status=item["status"],
            rows_read=None if rows_read is None else int(rows_read),
            chunks=int(item["chunks"]),
            settled=int(item["settled"]),
            accepted=int(item["accepted"]),
            turned_away=int(item["rejected"]) + int(item["duplicates"]),
            rows_ended=sum(int(item[name]) for name in _COUNTERS),
            waiting_for=item.get("waiting_for", ""),
            trouble=item.get("trouble", ""),
        )

    def wait_for_run(
        self,
        dropped: Dropped,
        timeout: float = 60,
        quiet: float = 60,
        watch: Callable[[Progress], None] | None = None,
        check: Callable[[], None] | None = None,
        look_again: float = LOOK_AGAIN,
    ) -> Report:
        """The report of the run, as soon as it is closed.

        ``timeout`` in seconds for all of it, ``quiet`` without any change, ``look_again`` between two looks. ``watch``
        is told of every change; ``check`` is called all the while and may raise.

        Raises:
            LocalStackError: it took too long, or the file could not be ingested at all.
        """
        begun = changed = looked = time.monotonic()
        last: Progress | None = None
        while True:
            if check:
                check()
            now = self.progress(dropped.run_id)
            if now != last and now is not None:
                last, changed = now, time.monotonic()
                if watch:
                    watch(now)
            if now is not None and now.status not in ("INGESTING", "DELIVERING", "WAITING"):
                return self.report(dropped.run_id)
            unread = now is None or now.rows_read is None
            if unread and time.monotonic() - looked > LOOK_FOR_FAILURES:
                looked = time.monotonic()
                self._raise_if_failed(dropped)
            if time.monotonic() - begun > timeout or time.monotonic() - changed > quiet:
                state = f"in {now.status}, {now.settled} of {now.chunks} chunks settled" if now else "not begun"
                raise LocalStackError(
                    f"the run of {dropped.key} is {state} and goes no further; see the logs in {self.address.logs}"
                )
            time.sleep(look_again)

    def report(self, run_id: str) -> Report:
        report: Report = json.loads(self.read(report_key(run_id)))
        return report

    def read(self, key: str) -> bytes:
        """An object of the WorkBucket. Raises FileNotFoundError."""
        try:
            return self.aws.s3.get_object(Bucket=self.address.work_bucket, Key=key)["Body"].read()
        except ClientError as error:
            if error.response.get("Error", {}).get("Code") in ("NoSuchKey", "404"):
                raise FileNotFoundError(key) from error
            raise

    def _raise_if_failed(self, dropped: Dropped) -> None:
        received = self.aws.sqs.receive_message(
            QueueUrl=self.address.ingest_dead_letter_queue, MaxNumberOfMessages=10, VisibilityTimeout=0
        )
        bodies = [json.loads(message["Body"]) for message in received.get("Messages", [])]
        if any(_version(body) == dropped.version_id for body in bodies):
            raise LocalStackError(
                f"{dropped.key} could not be ingested, however often it was tried; see the logs in {self.address.logs}"
            )


def _version(failure: Mapping[str, Any]) -> str | None:
    records = failure.get("requestPayload", {}).get("Records", [])
    return records[0]["s3"]["object"].get("versionId") if records else None
