"""Listrak Relay seen from outside by a test: files in; contacts, reports and calls out."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

from local.relay_client import Dropped, Report
from local.stack import LocalStack
from tests.support.paths import EVENTS
from tests.support.waiting import eventually

MASTER_LIST = "Master List"


class Relay:
    """``audience`` is unique to the test, as is the profile field that it becomes."""

    def __init__(self, stack: LocalStack, audience: str) -> None:
        self.stack = stack
        self.simulator = stack.simulator
        self.audience = audience
        # A message that earlier tests left to wait for its day on the shared stack is not this test's work.
        self._left_by_others = stack.queues.depths()

    def configure(self, destinations: str) -> None:
        self.stack.client.configure(destinations.encode())

    def drop(self, content: str | bytes | Path, destination: str = "email", name: str = "people.csv") -> Dropped:
        body = content.encode() if isinstance(content, str) else content
        return self.stack.drop(f"{destination}/{self.audience}/{name}", body)

    def run(self, content: str | bytes | Path, destination: str = "email", name: str = "people.csv") -> Report:
        """Drop, wait for the end, and check what holds for every run."""
        return self.finish(self.drop(content, destination, name))

    def finish(self, dropped: Dropped, timeout: float = 240) -> Report:
        report = self.stack.wait_for_run(dropped, timeout)
        counts = report["counts"]
        assert counts["read"] == sum(number for name, number in counts.items() if name != "read")
        return report

    def contacts(self, list_name: str = MASTER_LIST) -> dict[str, dict[str, Any]]:
        return {contact["email"]: contact for contact in self.simulator.contacts(list_name)}

    def members(self, list_name: str = MASTER_LIST) -> set[str]:
        """Addresses with the audience's mark."""
        return {
            email for email, contact in self.contacts(list_name).items() if contact["values"].get(self.audience) == "on"
        }

    def imports(self, kind_of_file: str = "listrak-relay") -> list[dict[str, Any]]:
        return [job for job in self.simulator.imports(MASTER_LIST) if job["file_name"].startswith(kind_of_file)]

    def calls(self, method: str, path: str) -> int:
        return len(self.simulator.journal(method, path))

    def rejects(self, report: Report) -> list[dict[str, str]]:
        text = self.stack.client.read(report["rejects_key"]).decode()
        return list(csv.DictReader(io.StringIO(text)))

    def event_of(self, dropped: Dropped) -> dict[str, Any]:
        """The S3 event of a dropped file once more, as S3 may send it."""
        sample = json.loads((EVENTS / "ingest_audience.json").read_text())
        record = sample["Records"][0]
        record["s3"]["bucket"]["name"] = self.stack.client.address.drop_bucket
        record["s3"]["object"] |= {"key": dropped.key, "versionId": dropped.version_id}
        return dict(sample)

    def wait_until_quiet(self) -> None:
        """No message of this test is left anywhere and no function works."""
        names = ("ingest_audience", "deliver_email", "deliver_sms", "relay_feed", "monitor_import", "close_run")

        def quiet() -> bool:
            depths = self.stack.queues.depths()
            queues = ("EmailQueue", "SmsQueue", "FeedQueue", "ImportQueue", "CloseQueue")
            waiting = any(depths[name] > self._left_by_others[name] for name in queues)
            return not waiting and not any(self.stack.function(name).running for name in names)

        eventually(quiet, 60, "an end of all work")


def people(count: int, prefix: str = "person", opt_in: str = "yes") -> str:
    rows = (f"{prefix}.{number:05d}@example.com,Ada,{number},{opt_in}" for number in range(1, count + 1))
    return "\n".join(["email,first_name,points,opt_in", *rows]) + "\n"
