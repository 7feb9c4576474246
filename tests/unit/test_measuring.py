"""What is counted for alarms and the dashboard, and that upstream can make up no metric."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listrak_relay.adapters.aws.call_metrics import publish_calls
from listrak_relay.adapters.aws.run_metrics import MeasuredAnnouncer, publish_sweep
from listrak_relay.adapters.listrak.answer import Answer
from listrak_relay.adapters.listrak.call_meter import CallMeter
from listrak_relay.adapters.listrak.http import Call, ListrakHttp
from listrak_relay.adapters.listrak.transport import NoAnswerError
from listrak_relay.domain.destinations.expectations import is_missing
from listrak_relay.domain.run.measures import FEWEST_ROWS, had_no_rows, turned_away_percent
from listrak_relay.errors import OutcomeUnknownError
from listrak_relay.ports.measuring import SAMPLE
from tests.reports import a_report


@pytest.fixture(autouse=True)
def powertools(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POWERTOOLS_SERVICE_NAME", "relay")
    monkeypatch.setenv("POWERTOOLS_METRICS_NAMESPACE", "ListrakRelay")


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    """What was written in the embedded metric format, each value alone out of its list."""
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


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
    class Kept(list[str]):
        def write(self, text: str) -> None:
            self.append(text)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.stdout", written := Kept())
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


@given(st.integers(0, 10**9), st.integers(0, 10**9), st.integers(0, 10**9))
def test_the_share_of_rows_turned_away_is_a_share(accepted: int, refused: int, rejected: int) -> None:
    counts = {"read": accepted + refused + rejected, "refused": refused, "rejected": rejected}

    percent = turned_away_percent(counts)

    if counts["read"] < FEWEST_ROWS:
        assert percent is None
    else:
        assert percent is not None
        assert 0 <= percent <= 100
        assert (percent == 0) == (refused + rejected == 0)


def test_a_file_without_rows_is_one_that_was_read() -> None:
    assert had_no_rows({"read": 0}, None)
    assert not had_no_rows({"read": 0}, "file_empty")
    assert not had_no_rows({"read": 1}, None)


def test_a_sweep_counts_itself_and_names_what_did_not_come(capsys: pytest.CaptureFixture[str]) -> None:
    publish_sweep(["orders", "vip"])

    whole, *ones = lines(capsys)
    assert (whole["Sweeps"], whole["DropsMissing"]) == ([1.0], [2.0])
    assert [(one["destination"], one["DropsMissing"]) for one in ones] == [("orders", [1.0]), ("vip", [1.0])]


def test_a_sweep_that_misses_nothing_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    publish_sweep([])

    (whole,) = lines(capsys)
    assert whole["DropsMissing"] == [0.0]


# --- files that do not come -------------------------------------------------------------------------------------------

SIX = time(6, 0)
MORNING = datetime(2027, 1, 15, 6, 0, tzinfo=UTC)


def test_a_file_is_missed_from_its_hour_on_and_no_sooner() -> None:
    yesterday = MORNING - timedelta(days=1, minutes=5)

    assert not is_missing(SIX, yesterday, MORNING - timedelta(seconds=1))
    assert is_missing(SIX, yesterday, MORNING)


def test_a_file_that_came_late_ends_it_and_does_not_stand_for_the_next_one() -> None:
    late = MORNING + timedelta(hours=3)

    assert not is_missing(SIX, late, late)
    assert not is_missing(SIX, late, MORNING + timedelta(hours=23, minutes=59))
    assert is_missing(SIX, late, MORNING + timedelta(days=1))


def test_a_destination_that_never_had_a_file_misses_one() -> None:
    assert is_missing(SIX, None, MORNING)


moments = st.integers(1_577_836_800, 2_208_988_800).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))


@given(st.times(), moments, st.floats(0, 43_200, exclude_max=True))
def test_a_file_of_the_last_half_day_is_never_missed(expected_by: time, now: datetime, age: float) -> None:
    assert not is_missing(expected_by, now - timedelta(seconds=age), now)


@given(st.times(), moments)
def test_a_file_of_a_day_and_a_half_ago_is_always_missed(expected_by: time, now: datetime) -> None:
    assert is_missing(expected_by, now - timedelta(hours=36, seconds=1), now)


# --- calls to Listrak -------------------------------------------------------------------------------------------------


class Line:
    """`Transport` that gives these answers in turn; an error is raised."""

    def __init__(self, *answers: Answer | Exception) -> None:
        self._answers = iter(answers)

    def request(self, *_: object, **__: object) -> Answer:
        answer = next(self._answers)
        if isinstance(answer, Exception):
            raise answer
        return answer

    def upload(self, *_: object, **__: object) -> Answer:
        return self.request()


class Token:
    def current(self, fresh_secret: bool = False) -> str:
        return "made up"

    def forget(self, token: str) -> None:
        pass


def an_answer(status: int, seconds: float) -> Answer:
    return Answer(status, {}, b'{"status": 200}', seconds)


def test_calls_are_timed_by_route_and_those_without_an_answer_counted() -> None:
    meter = CallMeter()
    line = Line(an_answer(429, 9), an_answer(503, 9), an_answer(200, 0.25), NoAnswerError("the line broke"))
    http = ListrakHttp("https://listrak", line, Token(), lambda _: None, meter)  # type: ignore[arg-type]

    http.call(Call("GET", "/Contact/ada@example.com", "GET Contact", repeatable=True))
    with pytest.raises(OutcomeUnknownError):
        http.call(Call("POST", "/Contact", "POST Contact", repeatable=False))

    taken = meter.take()
    assert (taken["GET Contact"].calls, taken["GET Contact"].errors) == (3, 2)
    assert taken["GET Contact"].milliseconds == [250]
    assert (taken["POST Contact"].calls, taken["POST Contact"].errors) == (1, 1)
    assert meter.take() == {}


@given(st.lists(st.one_of(st.none(), st.floats(0, 60)), max_size=400))
def test_a_meter_counts_every_call_and_keeps_a_sample_of_those_that_were_answered(seconds: list[float | None]) -> None:
    meter = CallMeter()

    for one in seconds:
        meter.note("GET Contact", one)

    answered = [one * 1000 for one in seconds if one is not None]
    for found in meter.take().values():
        assert found.calls == len(seconds)
        assert found.errors == len(seconds) - len(answered)
        assert len(found.milliseconds) == min(SAMPLE, len(answered))
        assert set(found.milliseconds) <= set(answered)


def test_a_meter_loses_no_call_of_many_threads() -> None:
    meter = CallMeter()

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda n: meter.note("GET Contact", 0.01 if n % 10 else None), range(4_000)))

    found = meter.take()["GET Contact"]
    assert (found.calls, found.errors, len(found.milliseconds)) == (4_000, 400, SAMPLE)


@pytest.mark.parametrize("calls", [1, SAMPLE - 1, SAMPLE, SAMPLE + 1, 5_000])
def test_the_calls_of_a_route_are_one_line(capsys: pytest.CaptureFixture[str], calls: int) -> None:
    meter = CallMeter()
    for _ in range(calls):
        meter.note("GET Contact", 0.0123)

    publish_calls(meter.take())

    (line,) = lines(capsys)
    assert line["_aws"]["CloudWatchMetrics"][0]["Dimensions"] == [["route", "service"]]
    assert (line["route"], line["ListrakCalls"], line["ListrakErrors"]) == ("GET Contact", [calls], [0.0])
    assert line["ListrakMilliseconds"] == [12.3] * min(calls, SAMPLE)


def test_no_calls_are_no_line(capsys: pytest.CaptureFixture[str]) -> None:
    publish_calls(CallMeter().take())

    assert lines(capsys) == []
