"""Alarms and the dashboard look at metrics that there are, and every metric of ours is explained."""

from __future__ import annotations

import ast
import json
import re
from typing import Any

import pytest

from listrak_relay.domain.run.runs import RunStatus, Tally
from tests.support.paths import ROOT
from tests.support.stack.template_values import deployed

OURS = "ListrakRelay"
ALARMS = deployed().of_type("AWS::CloudWatch::Alarm")
WATCHED_OF_LAMBDA = {
    "Throttles": {
        *("IngestAudience", "IngestRanges", "DeliverEmail", "DeliverSms", "MonitorImport", "RelayFeed", "CloseRun"),
        "CollectOptOuts",
    },
    "RecursiveInvocationsDropped": {
        *("IngestAudience", "DeliverEmail", "DeliverSms", "MonitorImport", "RelayFeed", "CloseRun")
    },
    "AsyncEventsDropped": {"CloseRun", "CollectOptOuts"},
    "DestinationDeliveryFailures": {"IngestAudience"},
    "Errors": {"CloseRun", "CollectOptOuts"},
}


def emitted() -> set[str]:
    """Names that the adapters give to metrics, those made of a count's or a status's name among them."""
    names = {f"Rows{name.title().replace('_', '')}" for name in ("read", *Tally().as_dict())}
    names |= {
        f"Runs{status.value.title()}" for status in RunStatus if status.final and status is not RunStatus.SET_ASIDE
    }
    for file in ("run_metrics.py", "call_metrics.py"):
        tree = ast.parse((ROOT / "layers/core/python/listrak_relay/adapters/aws" / file).read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "add_metric":
                name = node.args[0]
                names |= {str(name.value)} if isinstance(name, ast.Constant) else set()
    return names


def widgets() -> list[dict[str, Any]]:
    body = json.loads(deployed().resources["Dashboard"]["Properties"]["DashboardBody"])
    return list(body["widgets"])


def test_what_alarms_look_at_is_counted() -> None:
    looked_at = {alarm["MetricName"] for alarm in ALARMS.values() if alarm["Namespace"] == OURS}

    assert looked_at == {
        *("Sweeps", "DropsMissing", "RunsStalled", "RunsUnbalanced", "RunsWithoutRows", "TurnedAwayPercent"),
        *("LongestWaitSeconds", "RunsInTrouble"),
    }
    assert looked_at <= emitted()


def test_an_alarm_on_a_metric_of_ours_has_the_stack_as_its_one_dimension() -> None:
    stack = deployed().resources["CloseRunFunction"]["Properties"]["Environment"]["Variables"][
        "POWERTOOLS_SERVICE_NAME"
    ]

    for name, alarm in ALARMS.items():
        if alarm["Namespace"] == OURS:
            assert alarm["Dimensions"] == [{"Name": "service", "Value": stack}], name


@pytest.mark.parametrize("metric", WATCHED_OF_LAMBDA)
def test_every_function_that_can_go_wrong_in_this_way_is_watched(metric: str) -> None:
    watched = {
        alarm["Dimensions"][0]["Value"].removesuffix("Function")
        for alarm in ALARMS.values()
        if (alarm["Namespace"], alarm["MetricName"]) == ("AWS/Lambda", metric)
    }

    assert watched == WATCHED_OF_LAMBDA[metric]


def test_every_queue_that_is_worked_on_is_watched_for_age_and_loops_and_every_other_for_its_messages() -> None:
    stack = deployed()
    worked_on = {
        mapping["EventSourceArn"].removesuffix(".Arn")
        for mapping in stack.of_type("AWS::Lambda::EventSourceMapping").values()
    }

    def watched(metric: str) -> set[str]:
        alarms = (a for a in ALARMS.values() if (a["Namespace"], a["MetricName"]) == ("AWS/SQS", metric))
        return {alarm["Dimensions"][0]["Value"].removesuffix(".QueueName") for alarm in alarms}

    assert watched("ApproximateAgeOfOldestMessage") == worked_on
    # Lambda alone puts messages there.
    assert watched("NumberOfMessagesSent") == worked_on - {"IngestFailureQueue"}
    assert watched("ApproximateNumberOfMessagesVisible") == set(stack.of_type("AWS::SQS::Queue")) - worked_on


def test_every_alarm_tells_somebody_and_only_the_sweep_rings_when_nothing_is_heard() -> None:
    for name, alarm in ALARMS.items():
        assert alarm["AlarmActions"] == ["NoticeTopic"], name
        expected = "breaching" if name == "SweepMissingAlarm" else "notBreaching"
        assert alarm["TreatMissingData"] == expected, name


def test_the_dashboard_shows_every_alarm() -> None:
    (alarms,) = [widget for widget in widgets() if widget["type"] == "alarm"]

    assert sorted(alarms["properties"]["alarms"]) == sorted(f"{name}.Arn" for name in ALARMS)


def test_the_dashboard_shows_only_metrics_that_there_are() -> None:
    text = json.dumps(widgets())

    searched = set(re.findall(r'MetricName=\\"(\w+)|"ListrakRelay", "(\w+)"', text))
    names = {name for pair in searched for name in pair if name}

    assert {"RowsRead", "ListrakMilliseconds", "ListrakErrors", "RunsFailed", "TurnedAwayPercent"} <= names
    assert names <= emitted()


def test_the_widgets_of_the_dashboard_do_not_lie_on_one_another() -> None:
    taken: set[tuple[int, int]] = set()
    for widget in widgets():
        x, y, width, height = (widget[name] for name in ("x", "y", "width", "height"))
        assert x + width <= 24
        cells = {(column, row) for column in range(x, x + width) for row in range(y, y + height)}
        assert not cells & taken, widget["properties"]["title"]
        taken |= cells


def test_every_metric_is_explained() -> None:
    text = (ROOT / "docs/watching.md").read_text(encoding="utf-8")

    assert [name for name in sorted(emitted()) if f"`{name}`" not in text] == []


def test_the_page_on_costs_counts_what_costs_while_nothing_happens() -> None:
    stack, text = deployed(), (ROOT / "docs/deploying.md").read_text(encoding="utf-8")
    secrets = len(stack.of_type("AWS::SecretsManager::Secret"))
    polled = {one["EventSourceArn"] for one in stack.of_type("AWS::Lambda::EventSourceMapping").values()}

    assert f"{len(ALARMS)} alarms ${len(ALARMS) * 0.10:.2f}, {secrets} secrets ${secrets * 0.40:.2f}" in text
    assert f"polling of {len(polled)} queues" in text


def test_the_notice_of_what_is_over_follows_alarms_that_stand_for_a_state() -> None:
    events = {"RunStalledAlarm", "RunUnbalancedAlarm", "RowsTurnedAwayAlarm", "RunWithoutRowsAlarm"}

    assert {name for name, alarm in ALARMS.items() if "OKActions" not in alarm} == events
