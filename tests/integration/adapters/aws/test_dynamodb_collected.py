"""How far opt-outs were collected, in DynamoDB."""

from __future__ import annotations

import pytest

from listrak_relay.adapters.aws.dynamodb_collected import DynamoDbCollected
from tests.support.aws.emulator import Emulator

LANE = "email/email//masterlist"


@pytest.fixture
def collected(emulator: Emulator, ledger_table: str) -> DynamoDbCollected:
    return DynamoDbCollected(ledger_table, emulator.client("dynamodb"), 90)


def test_the_latest_reading_of_each_list_is_known(collected: DynamoDbCollected) -> None:
    collected.note(LANE, 1_800_000_000.5)
    collected.note("sms/sms/71755/masterlist", 1_800_000_500)
    collected.note(LANE, 1_800_000_100)
    collected.note(LANE, 1_700_000_000)

    assert collected.read_until(LANE) == 1_800_000_100
    assert collected.read_until("sms/sms/71755/masterlist") == 1_800_000_500


def test_of_a_list_that_was_never_read_nothing_is_known(collected: DynamoDbCollected) -> None:
    assert collected.read_until("email/email//other") is None


def test_it_expires_with_the_ledger(collected: DynamoDbCollected, emulator: Emulator, ledger_table: str) -> None:
    collected.note("email/email//expiring", 1_800_000_000)

    key = {"pk": {"S": "COLLECTED#email/email//expiring"}, "sk": {"S": "COLLECTED"}}
    item = emulator.client("dynamodb").get_item(TableName=ledger_table, Key=key)["Item"]

    assert item["expires_at"] == {"N": str(1_800_000_000 + 90 * 86_400)}
