"""The stack with a key of the customer's on everything it keeps: who reads and writes may use the key too."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from local.ministack.stack import MiniStack
from local.permissions.keys import KINDS
from tests.support.paths import SAMPLES, USAGE
from tests.support.stack.ministack import LARGE, TEXTS, large, run
from tests.support.stack.relay import people

pytestmark = pytest.mark.aws


@pytest.fixture(scope="module")
def keyed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MiniStack]:
    parameters = {"EncryptionKey": "stack", "LargeFileMb": "1", "RangeMb": "1"}
    with MiniStack(tmp_path_factory.mktemp("keyed"), parameters) as stack:
        stack.client.configure(b"version: 1\n")
        yield stack
        stack.usage().save(USAGE / "aws-check-key.json")


def test_everything_that_is_kept_has_the_key(keyed: MiniStack) -> None:
    kept = [name for name, kind in keyed.types.items() if kind in KINDS]

    keys = keyed.keys()

    assert len(keys) == len(kept)
    assert {key.rpartition("/")[2] for key in keys.values()} == {keyed.ids["StackKey"].rpartition("/")[2]}


def test_every_role_may_use_the_key_for_what_it_reads_and_writes(keyed: MiniStack) -> None:
    rows = [f"person.{number:05}@example.com,Ada,{number},yes" for number in range(LARGE)]
    run(keyed, "email/vip/people.csv", people(300))
    run(keyed, "email/many/people.csv", large("email", "First Name,points,opt_in", rows))
    run(keyed, "sms/club/texts.csv", TEXTS)
    run(keyed, "orders/orders.csv", SAMPLES / "orders/orders.csv")
    keyed.aws.lambda_.invoke(FunctionName=keyed.ids["CollectOptOutsFunction"], Payload=b"{}")
    keyed.check()

    decided = keyed.key_decisions()

    functions = [name for name, kind in keyed.types.items() if kind == "AWS::Lambda::Function"]
    assert [str(one) for one in decided if not one.allowed] == []
    assert len({one.role for one in decided}) >= len(functions)


def test_the_keys_own_policy_leaves_it_to_those_of_the_roles(keyed: MiniStack) -> None:
    policy = json.loads(keyed.aws.client("kms").get_key_policy(KeyId=keyed.ids["StackKey"])["Policy"])

    (own,) = [one for one in policy["Statement"] if one["Sid"] == "OwnAccount"]

    assert own["Principal"]["AWS"].endswith(":root")
    assert own["Action"] == "kms:*"
