"""A table that takes no write, and does not say why, gives nothing and keeps nobody."""

from __future__ import annotations

from typing import Any

from botocore.exceptions import ClientError

from listrak_relay.adapters.aws.dynamodb_permits import DynamoDbPermits
from tests.support.fakes import FakeClock


class Refusing:
    """A client of DynamoDB whose conditions never hold."""

    def __init__(self) -> None:
        self.asked = 0

    def update_item(self, **_: Any) -> None:
        self.asked += 1
        raise ClientError({"Error": {"Code": "ConditionalCheckFailedException", "Message": ""}}, "UpdateItem")


def test_asking_for_permits_has_an_end() -> None:
    client = Refusing()
    permits = DynamoDbPermits("ledger", client, FakeClock())  # type: ignore[arg-type]

    assert permits.take("sms", 10, 100).calls == 0
    assert client.asked == 10
