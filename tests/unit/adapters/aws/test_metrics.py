"""What is written for CloudWatch to count, and that upstream can make up no metric."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listrak_relay.adapters.aws.call_metrics import publish_calls
from listrak_relay.adapters.aws.run_metrics import MeasuredAnnouncer, publish_sweep
from listrak_relay.ports.measuring import SAMPLE, RouteCalls
from tests.support.runs.reports import a_report


@pytest.fixture(autouse=True)
def powertools(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POWERTOOLS_SERVICE_NAME", "relay")
    monkeypatch.setenv("POWERTOOLS_METRICS_NAMESPACE", "ListrakRelay")


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    """What was written in the embedded metric format, each value alone out of its list."""
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


class Writes(list[str]):
    """A stdout that passes on each write as it comes, as Lambda's does."""

    def write(self, text: str) -> None:
        self.append(text)

    def flush(self) -> None:
        pass


class Silent:
    def announce(self, report: Any) -> None:
        pass


def announced(capsys: pytest.CaptureFixture[str], **changes: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """The line by destination, and the one of the whole stack."""
    MeasuredAnnouncer(Silent(), lambda: ["email", "vip"]).announce(a_report(**changes))
    by_destination, whole = lines(capsys)
    return by_destination, whole


def test_a_closed_run_is_counted_for_its_destination_and_for_the_stack(capsys: pytest.CaptureFixture[str]) -> None:
    by_destination, whole = announced(capsys)

    assert by_destination["_aws"]["CloudWatchMetrics"][0]["Dimensions"] == [["destination", "service"]]
    assert whole["_aws"]["CloudWatchMetrics"][0]["Dimensions"] == [["service"]]
    assert (by_destination["destination"], by_destination["service"], whole["service"]) == ("email", "relay", "relay")
    for line in (by_destination, whole):
        assert (line["RowsRead"], line["RowsDeadLettered"], line["RunsCompleted"]) == ([1000.0], [0.0], [1.0])
    assert (whole["TurnedAwayPercent"], whole["RunsUnbalanced"], whole["RunsWithoutRows"]) == ([0.3], [0.0], [0.0])


@given(st.text(min_size=1).filter(lambda name: name not in {"email", "vip"}))
def test_a_name_that_no_configuration_knows_makes_no_metric(name: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.stdout", written := Writes())
        MeasuredAnnouncer(Silent(), lambda: ["email", "vip"]).announce(a_report(destination=name))

    assert json.loads("".join(written).splitlines()[0])["destination"] == "unknown"


def test_what_alarms_look_at_is_counted(capsys: pytest.CaptureFixture[str]) -> None:
    empty = dict.fromkeys(a_report()["counts"], 0)

    _, stalled = announced(capsys, status="STALLED", balanced=False)
    _, nothing = announced(capsys, counts=empty)
    _, unread = announced(capsys, counts=empty, status="REJECTED", problem_code="file_damaged")

    assert (stalled["RunsStalled"], stalled["RunsUnbalanced"]) == ([1.0], [1.0])
    assert nothing["RunsWithoutRows"] == [1.0]
    assert "TurnedAwayPercent" not in nothing
    assert unread["RunsWithoutRows"] == [0.0]


def test_a_sweep_counts_itself_and_names_what_did_not_come(capsys: pytest.CaptureFixture[str]) -> None:
    publish_sweep(["orders", "vip"], 2, 7_300, 1)

    whole, *ones = lines(capsys)
    assert (whole["Sweeps"], whole["DropsMissing"], whole["RunsWaiting"]) == ([1.0], [2.0], [2.0])
    assert whole["LongestWaitSeconds"] == [7_300.0]
    assert whole["RunsInTrouble"] == [1.0]
    assert [(one["destination"], one["DropsMissing"]) for one in ones] == [("orders", [1.0]), ("vip", [1.0])]


def test_a_sweep_that_misses_nothing_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    publish_sweep([], 0, 0, 0)

    (whole,) = lines(capsys)
    assert whole["DropsMissing"] == [0.0]


@pytest.mark.parametrize("calls", [1, SAMPLE - 1, SAMPLE, SAMPLE + 1, 5_000])
def test_the_calls_of_a_route_are_one_line(capsys: pytest.CaptureFixture[str], calls: int) -> None:
    publish_calls({"GET Contact": RouteCalls(calls, 0, [12.3] * min(calls, SAMPLE))})

    (line,) = lines(capsys)
    assert line["_aws"]["CloudWatchMetrics"][0]["Dimensions"] == [["route", "service"]]
    assert (line["route"], line["ListrakCalls"], line["ListrakErrors"]) == ("GET Contact", [calls], [0.0])
    assert line["ListrakMilliseconds"] == [12.3] * min(calls, SAMPLE)


def test_no_calls_are_no_line(capsys: pytest.CaptureFixture[str]) -> None:
    publish_calls({})

    assert lines(capsys) == []


def test_a_line_is_written_at_once_so_that_no_thread_can_write_into_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdout", written := Writes())

    publish_calls({"POST ListImport": RouteCalls(calls=SAMPLE, errors=0, milliseconds=[1.0] * SAMPLE)})
    MeasuredAnnouncer(Silent(), lambda: ["email"]).announce(a_report(destination="email"))
    publish_sweep(["email"], waiting=1, longest_wait=2.0, troubled=0)

    assert len(written) == 5
    for line in written:
        assert line.endswith("}\n")
        json.loads(line)
