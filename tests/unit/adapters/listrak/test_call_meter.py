"""How long calls to Listrak take and how many get no answer, by route."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listrak_relay.adapters.listrak.answer import Answer
from listrak_relay.adapters.listrak.call import Call
from listrak_relay.adapters.listrak.call_meter import CallMeter
from listrak_relay.adapters.listrak.http import ListrakHttp
from listrak_relay.adapters.listrak.transport import NoAnswerError
from listrak_relay.errors import OutcomeUnknownError
from listrak_relay.ports.measuring import SAMPLE


class Line:
    """`Transport` that gives these answers in turn; an error is raised."""

    def __init__(self, *answers: Answer | Exception) -> None:
        self._answers = iter(answers)

    def send(self, _: object) -> Answer:
        answer = next(self._answers)
        if isinstance(answer, Exception):
            raise answer
        return answer


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
