"""When a process counts as growing."""

from __future__ import annotations

import os

from tests.support.stack.watching import Held, Watch


def watched(held: list[Held]) -> Watch:
    looks = iter(held)
    watch = Watch(lambda _pid: next(looks))
    for _ in held:
        watch.look({"emulator": 1})
    return watch


def test_what_holds_more_and_more_is_named_with_what_it_held() -> None:
    watch = watched([Held(100.0 + 10 * look, 20, 5) for look in range(16)])

    assert watch.grown() == ["emulator held 155 of memory, and 235 in the end"]


def test_what_grows_at_its_start_alone_is_not_named() -> None:
    watch = watched([Held(memory, 20, 5) for memory in (50.0, 90.0, 140.0, *[150.0] * 13)])

    assert watch.grown() == []


def test_files_and_threads_that_are_left_open_are_named() -> None:
    watch = watched([Held(100.0, 20 + look, 5 + 10 * look) for look in range(16)])

    assert watch.grown() == ["emulator held 60 of threads, and 140 in the end"]


def test_of_several_processes_of_a_function_the_largest_counts() -> None:
    watch = Watch()

    watch.look({"deliver_email-1": os.getpid(), "deliver_email-2": os.getpid()})

    (line,) = watch.lines()
    assert line.startswith("deliver_email: ")
    assert "open files" in line


def test_a_process_that_ended_since_it_was_named_is_passed_over() -> None:
    watch = Watch()

    watch.look({"deliver_email-1": 2**22 - 1})

    assert watch.lines() == []
