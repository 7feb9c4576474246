"""The directory of a stack on this machine."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from local.errors import LocalStackError
from local.place import Place


def test_a_second_stack_is_told_who_works_in_the_directory(tmp_path: Path) -> None:
    directory = tmp_path / "state"
    first, second = Place(directory), Place(directory)
    first.take()

    with pytest.raises(LocalStackError, match=rf"another stack works in .*state/ \(process {os.getpid()}\); wait"):
        second.take()

    assert (first.taken, second.taken) == (True, False)
    first.give_back()
    second.take()
    second.give_back()


def test_what_a_stack_left_behind_that_was_killed_keeps_nobody_out(tmp_path: Path) -> None:
    (tmp_path / "lock").write_text("4711\n")

    place = Place(tmp_path)
    place.take()

    assert (tmp_path / "lock").read_text() == f"{os.getpid()}\n"
    place.give_back()
