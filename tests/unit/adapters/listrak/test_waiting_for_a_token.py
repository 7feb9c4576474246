"""Many threads that wait for one token while none is given."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from itertools import count
from threading import Barrier, Event

import pytest

from listrak_relay.adapters.listrak.answer import Answer
from listrak_relay.adapters.listrak.token import ATTEMPTS, ListrakToken
from listrak_relay.adapters.listrak.transport import Request
from listrak_relay.errors import RetryableError
from listrak_relay.ports.secrets import Credentials
from tests.support.fakes import FakeClock
from tests.support.waiting import LEAST_SECONDS

THREADS = 8


class Refusing:
    """`Transport`: no token for anybody."""

    def __init__(self) -> None:
        self.asked = 0

    def send(self, request: Request) -> Answer:
        self.asked += 1
        return Answer(500, {}, b"{}")


def test_threads_that_wait_for_one_token_do_not_try_one_after_the_other() -> None:
    transport, together, all_want_one = Refusing(), Barrier(THREADS), Event()
    begun = count(1)

    def pause(_: float) -> None:
        """Until the others are there, who then find the first one trying."""
        all_want_one.wait(LEAST_SECONDS)

    url, pair = "https://listrak.example/OAuth2/Token", Credentials("id", "secret")
    token = ListrakToken(transport, url, lambda _: pair, FakeClock(), pause)

    def work(_: int) -> None:
        together.wait(LEAST_SECONDS)
        if next(begun) == THREADS:
            all_want_one.set()
        with pytest.raises(RetryableError, match="token: "):
            token.current()

    with ThreadPoolExecutor(THREADS) as threads:
        list(threads.map(work, range(THREADS)))

    assert transport.asked < THREADS * ATTEMPTS
