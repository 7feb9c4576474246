"""SMS runs over fakes: a relay whose destination is SMS, and rows for it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from listrak_relay.domain.destinations.destinations import SmsDestination
from listrak_relay.domain.run.manifest import Action, FieldType, ProfileColumn
from listrak_relay.ports.listrak_sms import SmsField
from tests.support.runs.relay import Relay, Row

TIER = ProfileColumn("Loyalty_Tier", FieldType.TEXT, longest=6, max_length=255)
TIER_FIELD = SmsField(9001, "Loyalty Tier", "Text", 20, enabled=True)


def digits(number: int) -> str:
    return f"1717555{number:04}"


def sms_rows(numbers: Sequence[int], action: Action = Action.SUBSCRIBE, *values: str, first_row: int = 2) -> list[Row]:
    cells = values if action is not Action.UNSUBSCRIBE else ()
    return [(action, row, (f"+{digits(n)}", *cells)) for row, n in enumerate(numbers, start=first_row)]


def sms_relay(*columns: ProfileColumn, **values: Any) -> Relay:
    relay = Relay(SmsDestination("sms", **values))
    relay.reader.columns = columns
    relay.sms.sms_fields = [TIER_FIELD]
    return relay
