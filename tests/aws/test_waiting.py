"""Work that must wait, or that only a person can mend: messages handed on or set aside with the function's own role."""

from __future__ import annotations

import pytest

from local.ministack.stack import MiniStack
from tests.support.stack.ministack import TEXTS, configure, move_back, run, run_item
from tests.support.stack.relay import people
from tests.support.waiting import eventually

pytestmark = pytest.mark.aws


def test_an_import_that_takes_its_time_is_asked_about_again(stack: MiniStack) -> None:
    stack.simulator.settings(import_processing_seconds=6)

    report = run(stack, "email/slow/people.csv", people(300))

    assert report["counts"]["accepted"] == 300
    questions = stack.simulator.journal("GET", r"/ListImport/\d+")
    assert len(questions) > 1


def test_an_import_that_may_not_be_asked_about_is_followed_when_it_may(stack: MiniStack) -> None:
    refusal = {"kind": "answer", "status": 403, "error": "ERROR_UNAUTHORIZED"}
    stack.simulator.fault(refusal, method="GET", path=r"/ListImport/\d+")
    dropped = stack.drop("email/forbidden/people.csv", people(300).encode())
    assert stack.wait_for_run(dropped)["status"] == "FAILED"
    stack.simulator.clear_faults()

    move_back(stack, "ImportDeadLetterQueue", "ImportQueue")

    eventually(lambda: run_item(stack, dropped)["status"]["S"] == "COMPLETED", 60, "the run's new end")


@pytest.mark.parametrize(
    ("channel", "path", "content"), [("email", "/email/v1/List", people(5)), ("sms", "/sms/v1/", TEXTS)]
)
def test_files_for_one_list_are_prepared_one_after_the_other(
    stack: MiniStack, channel: str, path: str, content: str
) -> None:
    configure(stack, f"  shop: {{channel: {channel}}}\n")
    stack.simulator.fault({"kind": "stall", "seconds": 4}, path=path, count=1)

    dropped = [stack.drop(f"shop/{channel}/{number}.csv", content.encode()) for number in range(2)]

    assert [stack.wait_for_run(one)["status"] for one in dropped] == ["COMPLETED"] * 2
