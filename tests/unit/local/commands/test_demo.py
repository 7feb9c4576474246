"""The sample files of `make demo`, side by side."""

from __future__ import annotations

import threading

import pytest

from local.commands.demo import Check, side_by_side
from local.errors import LocalStackError

LONGEST = 20.0  # seconds that a work may go on unless it is ended


def test_what_is_done_comes_in_the_order_of_the_items() -> None:
    assert side_by_side((3, 1, 2), lambda item, _check: item * 10) == [30, 10, 20]


@pytest.mark.parametrize("ending", [KeyboardInterrupt, LocalStackError])
def test_nobody_waits_for_the_others_when_one_is_interrupted_or_has_failed(ending: type[BaseException]) -> None:
    ended_early = threading.Event()
    at_work = threading.Event()

    def work(item: str, check: Check) -> None:
        if item == "ends":
            at_work.wait(LONGEST)
            raise ending
        at_work.set()
        nothing_comes = threading.Event()
        for _ in range(int(LONGEST * 100)):
            try:
                check()
            except LocalStackError:
                ended_early.set()
                return
            nothing_comes.wait(0.01)

    with pytest.raises(ending):
        side_by_side(("ends", "goes on"), work)

    assert ended_early.is_set()
