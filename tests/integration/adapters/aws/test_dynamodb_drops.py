"""When files were last dropped, in DynamoDB."""

from __future__ import annotations

import pytest

from listrak_relay.adapters.aws.dynamodb_drops import DynamoDbDrops
from tests.support.aws.emulator import Emulator


@pytest.fixture
def drops(emulator: Emulator, ledger_table: str) -> DynamoDbDrops:
    return DynamoDbDrops(ledger_table, emulator.client("dynamodb"), 90)


def test_the_latest_drop_of_each_destination_is_known(drops: DynamoDbDrops) -> None:
    drops.note("orders", 1_800_000_000.5)
    drops.note("vip", 1_800_000_500)
    drops.note("orders", 1_800_000_100)
    drops.note("orders", 1_700_000_000)

    assert drops.last("orders") == 1_800_000_100
    assert drops.last("vip") == 1_800_000_500


def test_of_a_destination_that_never_had_a_file_nothing_is_known(drops: DynamoDbDrops) -> None:
    assert drops.last("customers") is None


def test_it_expires_with_the_ledger(drops: DynamoDbDrops, emulator: Emulator, ledger_table: str) -> None:
    drops.note("products", 1_800_000_000)

    item = emulator.client("dynamodb").get_item(
        TableName=ledger_table, Key={"pk": {"S": "DROP#products"}, "sk": {"S": "DROP"}}
    )["Item"]

    assert item["expires_at"] == {"N": str(1_800_000_000 + 90 * 86_400)}
