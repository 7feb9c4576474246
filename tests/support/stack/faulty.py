"""The local stack with the faulty road between its functions and all that is outside."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from local.deploy.deployment import STACK_NAME
from local.relay_client import Dropped, Report
from local.stack import LocalStack, StackOptions
from local.triggers.triggers import TriggerOptions
from tests.support.road.proxy import proxy
from tests.support.road.road import Road
from tests.support.road.sftp import sftp_road
from tests.support.waiting import eventually

DEAD_LETTERS = {
    f"{name}DeadLetterQueue": f"{name}Queue" for name in ("Email", "Sms", "Feed", "Import", "Close", "IngestFailure")
}
"""Logical id of a dead-letter queue → that of the queue to which its messages are returned."""

ROUNDS = 10
"""Of what the sweep and an operator do, an hour each, until all has ended: a file that was never read is given up after
ten."""

_SILENCE_SECONDS = 2
"""For which an answer is waited for."""

_SWEEP_SECONDS = 16 * 60
_AN_HOUR = 3_600.0
_NEAR = 100 * 86_400.0  # a number this near to now, in seconds, is a time
_OPEN = ("INGESTING", "DELIVERING", "WAITING")


class FaultyStack:
    """A stack that is up, and the road on which its functions' calls go."""

    def __init__(self, stack: LocalStack, road: Road) -> None:
        self.stack, self.road = stack, road
        self._table = stack.client.address.ledger_table

    def reports(self, dropped: Sequence[Dropped]) -> dict[str, Report | None]:
        """Drop key → report; None for a run that is not closed, or that there is none of."""
        found: dict[str, Report | None] = {}
        for each in dropped:
            progress = self.stack.client.progress(each.run_id)
            closed = progress is not None and progress.status not in _OPEN
            found[each.key] = self.stack.client.report(each.run_id) if closed else None
        return found

    def to_the_end(self, dropped: Sequence[Dropped]) -> dict[str, Report | None]:
        """As `reports`, when nothing is left to do: the road is mended once all has come to rest, the sweep looks after
        what is open, and an operator returns dead letters, for so many rounds as that takes."""
        self.until_rest(dropped)
        self.road.mend()
        for _ in range(ROUNDS):
            if self._ended(self.reports(dropped)):
                break
            self._pass(_SWEEP_SECONDS, dropped)
            self.stack.run_schedules()
            self.until_rest(dropped)
            self.redrive()
            self.until_rest(dropped)
            self._pass(_AN_HOUR, dropped)
        return self.reports(dropped)

    def until_rest(self, dropped: Sequence[Dropped], seconds: float = 300) -> None:
        """Until no message waits that starts something. The time that the waiting would take is passed over."""
        deadline = time.monotonic() + seconds
        while (wait := self._rest()) != float("inf"):
            assert time.monotonic() < deadline, f"no rest within {seconds:g} s: {self.stack.queues.depths()}"
            self._pass(wait + 0.05, dropped)

    def redrive(self) -> None:
        """By the command of docs/operations.md, for each dead-letter queue."""
        for dead, source in DEAD_LETTERS.items():
            if self.stack.queues.depths()[dead]:
                self.stack.aws.sqs.start_message_move_task(
                    SourceArn=self.stack.queues.arn(dead), DestinationArn=self.stack.queues.arn(source)
                )

    def waiting(self) -> dict[str, int]:
        """Messages in all queues, dead letters included."""
        return {name: number for name, number in self.stack.queues.depths().items() if number}

    def _ended(self, reports: Mapping[str, Report | None]) -> bool:
        """Nothing more can come of any run."""
        return all(report is not None for report in reports.values()) and not self.waiting()

    def _rest(self) -> float:
        """Seconds until the next message, when nothing was at work at two looks in a row."""

        def rests() -> float | None:
            self.stack.check()
            return self.stack.rests_for() and self.stack.rests_for()

        found = eventually(rests, 240, "a rest of all functions")
        assert found
        return found

    def forget(self) -> None:
        """What former runs have left in buckets and ledger, as the rules of their expiry would in time."""
        address = self.stack.client.address
        for bucket in (address.drop_bucket, address.work_bucket):
            pages = self.stack.s3.get_paginator("list_object_versions").paginate(Bucket=bucket)
            for page in pages:
                found = [*page.get("Versions", ()), *page.get("DeleteMarkers", ())]
                for each in found:
                    self.stack.s3.delete_object(Bucket=bucket, Key=each["Key"], VersionId=each["VersionId"])
        for item in self._items():
            self.stack.aws.dynamodb.delete_item(TableName=self._table, Key={"pk": item["pk"], "sk": item["sk"]})

    def _pass(self, seconds: float, dropped: Sequence[Dropped]) -> None:
        """For messages and for the ledger: locks, leases and waits are older by so much."""
        runs = {each.run_id for each in dropped}
        for item in self._items():
            names = item["pk"]["S"] + item["sk"]["S"]
            if names.startswith("LOCK#") or any(run in names for run in runs):
                self._make_older(item, seconds)
        self.stack.pass_time(seconds)

    def _items(self) -> list[dict[str, Any]]:
        pages = self.stack.aws.dynamodb.get_paginator("scan").paginate(TableName=self._table, ConsistentRead=True)
        return [item for page in pages for item in page["Items"]]

    def _make_older(self, item: Mapping[str, Any], seconds: float) -> None:
        now = time.time()
        times = [name for name, value in item.items() if "N" in value and abs(float(value["N"]) - now) < _NEAR]
        if times:
            self.stack.aws.dynamodb.update_item(
                TableName=self._table,
                Key={"pk": item["pk"], "sk": item["sk"]},
                UpdateExpression="SET " + ", ".join(f"#{n} = #{n} - :by" for n, _ in enumerate(times)),
                ExpressionAttributeNames={f"#{n}": name for n, name in enumerate(times)},
                ExpressionAttributeValues={":by": {"N": f"{seconds:.3f}"}},
                # Nothing else writes now, but for a message that a process has just left.
                ConditionExpression="attribute_exists(pk)",
            )


@contextmanager
def faulty_stack(directory: Path) -> Iterator[FaultyStack]:
    """Up until the block ends."""
    road = Road()
    with proxy(road) as before:

        def environment(function: str, variables: Mapping[str, str]) -> dict[str, str]:
            listrak = next((value for name, value in variables.items() if name.startswith("LISTRAK_EMAIL_URL")), "")
            listrak = listrak or variables.get("LISTRAK_SMS_URL", "")
            here = before.before(function, emulator=variables["AWS_ENDPOINT_URL"], simulator=listrak)
            led = {
                name: f"{here}{urlsplit(value).path}"
                for name, value in variables.items()
                if name in ("LISTRAK_AUTH_URL", "LISTRAK_EMAIL_URL", "LISTRAK_SMS_URL")
            }
            # Files of a few rows are to show all ways, and a silent Listrak is not waited for as long as a slow one.
            small = {"SMALL_CHUNK_ROWS": "4", "LARGE_FILE_MB": "0.002", "RANGE_MB": "0.002"}
            return {"AWS_ENDPOINT_URL": here, "LISTRAK_READ_TIMEOUT_SECONDS": str(_SILENCE_SECONDS), **small, **led}

        options = StackOptions(
            parameters={"UnknownOutcomeWaitSeconds": "5", "ImportPollSeconds": "0"},
            triggers=TriggerOptions(crash_visibility=1, hurry=600, schedule_seconds=86_400),
            environment=environment,
            executions_may_fail=True,
        )
        with (
            LocalStack(directory, options) as stack,
            sftp_road(road, "relay_feed", ("127.0.0.1", stack.sftp.port), _SILENCE_SECONDS) as to_sftp,
        ):
            account = replace(stack.sftp, port=to_sftp.port).secret
            stack.aws.secretsmanager.put_secret_value(SecretId=f"{STACK_NAME}/listrak-sftp", SecretString=account)
            yield FaultyStack(stack, road)
