"""What an operator sees of a stack at work and of files that do not come; and a bucket that is not the stack's."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from samtranslator.yaml_helper import yaml_parse

from listrak_relay.domain.run.runs import DroppedFile
from local.deploy.deployment import STACK_NAME
from local.relay_client import Dropped
from tests.support.paths import EVENTS, ROOT
from tests.support.stack.relay import Relay, people
from tests.support.waiting import eventually


def written_to(log: Path) -> list[str]:
    """Its lines, without one that is being written."""
    whole, _, _ = log.read_text(encoding="utf-8", errors="replace").rpartition("\n")
    return whole.splitlines()


def metrics(relay: Relay, function: str) -> Iterator[dict[str, Any]]:
    """Lines of a function's log in the embedded metric format."""
    for line in written_to(Path(relay.stack.client.address.logs) / f"{function}.log"):
        start = line.find('{"_aws"')
        if start >= 0:
            yield json.loads(line[start:])


def test_calls_to_listrak_and_closed_runs_are_measured(relay: Relay) -> None:
    relay.run(people(120))

    routes = {line["route"]: line for line in metrics(relay, "DeliverEmailFunction") if "route" in line}
    assert "POST ListImport" in routes
    assert routes["POST ListImport"]["ListrakCalls"][0] >= 1
    assert routes["POST ListImport"]["ListrakMilliseconds"][0] > 0
    closed = [line for line in metrics(relay, "CloseRunFunction") if "RowsRead" in line]
    assert {line.get("destination") for line in closed} >= {"email", None}
    assert {line["service"] for line in closed} == {"listrak-relay"}


WORDS_OF_QUERIES = {
    *("fields", "filter", "sort", "stats", "in", "like", "by", "as", "and", "asc", "desc"),
    *("ispresent", "count", "latest", "sum", "max", "pct"),
}


def fields_of(query: str) -> set[str]:
    """That it takes from the lines of functions; those with an at sign are Logs Insights' own."""
    plain = re.sub(r"#.*|\"[^\"]*\"|'[^']*'|/[^/|]*(?:\|[^/|]+)+/|@\w+", "", query)
    made = set(re.findall(r"\bas (\w+)", plain))
    return set(re.findall(r"\b[A-Za-z_][\w.]*", plain)) - WORDS_OF_QUERIES - made - {"SOURCE"}


def fields_in(line: Any, name: str = "") -> Iterator[str]:
    """As Logs Insights names them:
    https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_AnalyzeLogData-discoverable-fields.html"""
    if isinstance(line, (dict, list)):
        for key, value in line.items() if isinstance(line, dict) else enumerate(line):
            yield from fields_in(value, f"{name}.{key}" if name else str(key))
    else:
        yield name


def test_saved_queries_and_the_dashboard_ask_for_fields_that_the_lines_have(relay: Relay) -> None:
    relay.run(people(60))
    saved = yaml_parse((ROOT / "watching/saved-queries.yaml").read_text(encoding="utf-8"))["Resources"].values()
    body = relay.stack.aws.cloudwatch.get_dashboard(DashboardName="listrak-relay-us-east-1")["DashboardBody"]
    queries = [one["Properties"]["QueryString"] for one in saved]
    queries += [one["properties"]["query"] for one in json.loads(body)["widgets"] if one["type"] == "log"]

    asked = set().union(*map(fields_of, queries))

    logs = Path(relay.stack.client.address.logs).glob("*Function.log")
    written = [line[line.find("{") :] for log in logs for line in written_to(log)]
    there = {field for line in written if line.startswith("{") for field in fields_in(json.loads(line))}
    assert {"function_name", "level", "message", "destination", "RowsRead.0"} <= asked
    assert sorted(asked - there) == []


def test_the_simulators_pages_show_the_report_of_each_run(relay: Relay) -> None:
    report = relay.run(people(60))
    pages = httpx.Client(base_url=relay.stack.simulator.url, trust_env=False, follow_redirects=True)

    with pages:
        eventually(lambda: report["run_id"] in pages.get("/folders/Runs/").text, what="the list of runs names it")
        page = pages.get(f"/folders/Runs/{report['run_id']}/report.html")

    assert "All 60 rows were delivered" in page.text
    assert page.headers["content-security-policy"].startswith("sandbox")


def test_a_destination_that_got_no_file_by_its_hour_is_named_until_one_comes(relay: Relay) -> None:
    passed = datetime.now(UTC).strftime("%H:%M")
    name = f"late-{uuid.uuid4().hex[:8]}"
    relay.configure(f'version: 1\ndestinations:\n  {name}: {{channel: email, expected_by: "{passed}"}}\n')
    sweep = json.loads((EVENTS / "close_run_sweep.json").read_text())
    relay.stack.function("close_run").forget_warm_processes()  # so that the new configuration is read at once

    before = relay.stack.invoke("close_run", sweep)
    relay.run(people(60), destination=name)
    after = relay.stack.invoke("close_run", sweep)

    assert before.payload["missing"] == [name]
    assert after.payload["missing"] == []


def test_a_run_that_nobody_can_read_ends_no_sweep(relay: Relay) -> None:
    table, key = relay.stack.client.address.ledger_table, {"pk": {"S": "RUN#unreadable"}, "sk": {"S": "RUN"}}
    relay.stack.aws.dynamodb.put_item(TableName=table, Item=key | {"open": {"S": "1"}, "opened_at": {"N": "1"}})
    sweep = json.loads((EVENTS / "close_run_sweep.json").read_text())

    outcome = relay.stack.invoke("close_run", sweep)
    relay.stack.aws.dynamodb.delete_item(TableName=table, Key=key)

    assert outcome.payload["errorType"] == "SweepFailedError"
    assert outcome.payload["errorMessage"] == "runs that could not be looked after: unreadable"
    assert not relay.stack.invoke("close_run", sweep).failed


def let_read(relay: Relay, bucket: str) -> None:
    """As a stack does whose `DropBucketName` it is."""
    described = relay.stack.aws.cloudformation.describe_stack_resource(
        StackName=STACK_NAME, LogicalResourceId="IngestAudienceRole"
    )
    statement = {
        "Effect": "Allow",
        "Action": ["s3:GetObject", "s3:GetObjectVersion", "s3:ListBucket"],
        "Resource": [f"arn:aws:s3:::{bucket}", f"arn:aws:s3:::{bucket}/*"],
    }
    relay.stack.aws.iam.put_role_policy(
        RoleName=described["StackResourceDetail"]["PhysicalResourceId"],
        PolicyName=f"read-{bucket}",
        PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [statement]}),
    )


@pytest.mark.parametrize("versioned", [True, False])
def test_a_file_in_a_bucket_of_ones_own_is_delivered(relay: Relay, versioned: bool) -> None:
    bucket, key = f"own-{uuid.uuid4().hex}", f"email/{relay.audience}/a+b %41.csv"
    let_read(relay, bucket)
    s3 = relay.stack.s3
    s3.create_bucket(Bucket=bucket)
    if versioned:
        s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    content = people(60).encode()
    put = s3.put_object(Bucket=bucket, Key=key, Body=content)
    event = json.loads((EVENTS / "ingest_audience_eventbridge.json").read_text())
    etag = put["ETag"].strip('"')
    found = {"key": key, "size": len(content), "etag": etag} | ({"version-id": put["VersionId"]} if versioned else {})
    event["detail"] |= {"bucket": {"name": bucket}, "object": found}

    outcome = relay.stack.invoke("ingest_audience", event)

    version = put["VersionId"] if versioned else f"etag:{etag}"
    run_id = DroppedFile(bucket, key, version, 0, "").run_id
    assert outcome.payload == {run_id: "ingested"}
    assert relay.finish(Dropped(key, version, run_id))["counts"]["accepted"] == 60
