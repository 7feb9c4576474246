"""Opt-outs come home: the real function, the simulated Listrak, the bucket that upstream reads."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

from tests.support.paths import EVENTS
from tests.support.stack.relay import MASTER_LIST, Relay
from tests.support.waiting import eventually

CONFIGURATION = """
version: 1
destinations:
  news: {channel: email}
  texts: {channel: sms, missing_opt_status: subscribe}
"""
EVENT = json.loads((EVENTS / "collect_opt_outs.json").read_text())


def collected(relay: Relay) -> dict[str, list[dict[str, str]]]:
    """By the first part of its key: all rows that are there."""
    bucket = relay.stack.function("collect_opt_outs").settings.environment["OPT_OUT_BUCKET"]
    found: dict[str, list[dict[str, str]]] = {}
    for listed in relay.stack.s3.list_objects_v2(Bucket=bucket).get("Contents", []):
        text = relay.stack.s3.get_object(Bucket=bucket, Key=listed["Key"])["Body"].read().decode()
        found.setdefault(listed["Key"].split("/")[0], []).extend(csv.DictReader(io.StringIO(text)))
    return found


def collect(relay: Relay) -> dict[str, Any]:
    outcome = relay.stack.invoke("collect_opt_outs", EVENT)
    assert not outcome.failed, outcome.payload
    return dict(outcome.payload)


def test_who_opted_out_at_listrak_is_in_the_bucket_that_upstream_reads(relay: Relay) -> None:
    relay.configure(CONFIGURATION)
    people = [{"email": "stays@example.com"}, {"email": "link@example.com", "state": "Unsubscribed"}]
    relay.simulator.seed({"lists": [{"list_name": MASTER_LIST, "contacts": people}]})
    relay.simulator.seed({"sms": {"sender_codes": [{"code": "71755", "opt_outs": [{"phone": "12125551001"}]}]}})

    assert collect(relay)["lists"] == 2

    found = collected(relay)
    assert "link@example.com" in {row["email_address"] for row in found["email"]}
    assert "stays@example.com" not in {row["email_address"] for row in found["email"]}
    assert "+12125551001" in {row["phone_number"] for row in found["sms"]}
    assert {row["list"] for rows in found.values() for row in rows} == {MASTER_LIST}


def test_whoever_left_a_phone_list_comes_home_the_next_time(relay: Relay) -> None:
    relay.configure(CONFIGURATION)
    relay.run("Phone,opt_in\n(212) 555-1002,yes\n", "texts")
    collect(relay)
    relay.run("Phone,opt_in\n(212) 555-1002,no\n", "texts")

    collect(relay)

    assert {row["how"] for row in collected(relay)["sms"] if row["phone_number"] == "+12125551002"} == {"LeftList"}


def test_nothing_is_collected_before_its_schedule_is_given(relay: Relay) -> None:
    before = len(relay.stack.invocations)

    relay.stack.run_schedules()

    eventually(lambda: len(relay.stack.invocations) > before, 30, "the sweep")
    assert {one.function for one in relay.stack.invocations[before:]} == {"CloseRunFunction"}
