"""What a killed invocation leaves on the disk of its environment is gone when the next one begins."""

from __future__ import annotations

import importlib.util
import json
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from listrak_relay.scratch import clear_scratch, scratch_folder
from tests.support.aws.lambda_context import Context
from tests.support.paths import EVENTS, ROOT

HANDLERS = {path.parent.name: path for path in sorted(ROOT.glob("functions/*/handler.py"))}
EVENTS_OF_HANDLERS = [
    (path, handler) for path in sorted(EVENTS.glob("*.json")) for handler in HANDLERS if path.stem.startswith(handler)
]
"""Each brings its function to its use case, which has no settings here and so does nothing."""


def call(handler: Path, event: dict[str, Any]) -> None:
    spec = importlib.util.spec_from_file_location("handler_under_test", handler)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    with suppress(Exception):
        module.lambda_handler(event, Context())


def test_a_folder_is_there_for_the_time_of_its_block() -> None:
    with scratch_folder() as folder:
        (folder / "file").write_bytes(b"x")

        assert folder.parent == Path(tempfile.gettempdir())

    assert not folder.exists()


def test_what_others_keep_on_the_disk_is_left_alone() -> None:
    foreign = Path(tempfile.gettempdir()) / "of-an-extension"
    foreign.mkdir()

    clear_scratch()

    assert foreign.exists()
    foreign.rmdir()


def test_every_function_has_an_event_here() -> None:
    assert {handler for _, handler in EVENTS_OF_HANDLERS} == set(HANDLERS)


@pytest.mark.parametrize(("event", "handler"), EVENTS_OF_HANDLERS, ids=[path.stem for path, _ in EVENTS_OF_HANDLERS])
def test_every_way_into_a_function_begins_with_a_clean_disk(event: Path, handler: str) -> None:
    with scratch_folder() as left:
        (left / "chunk").write_bytes(b"x")

        call(HANDLERS[handler], json.loads(event.read_text(encoding="utf-8")))

        assert not left.exists()
        left.mkdir()  # for the end of the block
