"""Which AWS is spoken to."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from cli.aws.session import LOCAL_ENDPOINT, Place, emulated, use

LOCAL = Place("listrak-relay", local=True, profile=None, region=None, endpoint_url=None)
DEAD = 2**22 + 1
"""No process has such an id: it is beyond the most that Linux gives."""


@pytest.fixture
def clone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a folder in it that one stands in, and nothing in the environment."""
    monkeypatch.setattr(os, "environ", {})
    (tmp_path / "samples").mkdir()
    monkeypatch.chdir(tmp_path / "samples")
    return tmp_path


def up_at(folder: Path, endpoint: str, pid: int) -> None:
    folder.mkdir()
    (folder / "stack.json").write_text(json.dumps({"endpoint": endpoint, "pid": pid}))


def test_the_local_stack_is_found_on_whatever_port_it_was_given(clone: Path) -> None:
    up_at(clone / ".local", "http://127.0.0.1:4600", os.getpid())

    use(LOCAL)

    assert emulated() == "http://127.0.0.1:4600"


def test_another_folder_for_its_state_is_heeded(clone: Path) -> None:
    up_at(clone / ".local", "http://127.0.0.1:4600", os.getpid())
    up_at(clone / "elsewhere", "http://127.0.0.1:4700", os.getpid())
    os.environ["LISTRAK_RELAY_LOCAL_STATE"] = str(clone / "elsewhere")

    use(LOCAL)

    assert emulated() == "http://127.0.0.1:4700"


@pytest.mark.parametrize(
    "text", [json.dumps({"endpoint": "http://127.0.0.1:4600", "pid": DEAD}), "[]", "{", '{"pid": "1"}']
)
def test_what_a_killed_stack_left_behind_does_not_count(clone: Path, text: str) -> None:
    (clone / ".local").mkdir()
    (clone / ".local" / "stack.json").write_text(text)
    os.environ["LISTRAK_RELAY_LOCAL_STATE"] = str(clone / ".local")

    use(LOCAL)

    assert emulated() == LOCAL_ENDPOINT


def test_an_address_that_is_named_goes_before_all(clone: Path) -> None:
    up_at(clone / ".local", "http://127.0.0.1:4600", os.getpid())

    use(Place("listrak-relay", local=True, profile=None, region=None, endpoint_url="http://127.0.0.1:4800"))

    assert emulated() == "http://127.0.0.1:4800"
