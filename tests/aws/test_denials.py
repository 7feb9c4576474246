"""The check can fail: a role that lacks what its function needs is found, with the call."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from local.errors import LocalStackError
from local.ministack.stack import MiniStack
from local.template.source import read_template
from tests.support.paths import TEMPLATE
from tests.support.stack.relay import people
from tests.support.waiting import eventually

pytestmark = pytest.mark.aws


def without(role: str, sid: str) -> dict[str, Any]:
    """The real template less one statement."""
    template = read_template(TEMPLATE)
    document = template["Resources"][role]["Properties"]["Policies"][0]["PolicyDocument"]
    kept = [one for one in document["Statement"] if one.get("Sid") != sid]
    assert len(kept) == len(document["Statement"]) - 1
    document["Statement"] = kept
    return template


def test_a_call_that_the_role_does_not_allow_is_named_with_the_role(tmp_path: Path) -> None:
    with MiniStack(tmp_path, template=without("CloseRunRole", "WriteReport")) as stack:
        stack.client.configure(b"version: 1\n")
        stack.drop("email/vip/people.csv", people(5).encode())
        eventually(stack.decisions.denied, 60, "a denial")

        with pytest.raises(
            LocalStackError, match=r"IAM denied: listrak-relay-CloseRunRole-\w+ may not do s3:PutObject on"
        ):
            stack.check()


def test_a_key_that_a_role_may_not_use_is_found(tmp_path: Path) -> None:
    template = read_template(TEMPLATE)
    document = template["Resources"]["CloseRunRole"]["Properties"]["Policies"][0]["PolicyDocument"]
    document["Statement"] = [one for one in document["Statement"] if "UseKey" not in str(one)]
    with MiniStack(tmp_path, {"EncryptionKey": "stack"}, template) as stack:
        stack.client.configure(b"version: 1\n")
        stack.wait_for_run(stack.drop("email/vip/people.csv", people(5).encode()))

        denied = [one for one in stack.key_decisions() if not one.allowed]

    assert {one.role for one in denied} == {stack.ids["CloseRunRole"]}
    assert {one.action for one in denied} == {"kms:Decrypt", "kms:GenerateDataKey"}
