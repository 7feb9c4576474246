"""Plain values and DynamoDB's typed ones; writes that meet others."""

from __future__ import annotations

from typing import Any, cast

import pytest
from botocore.exceptions import ClientError
from hypothesis import given
from hypothesis import strategies as st

from listrak_relay.adapters.aws.dynamodb_table import (
    ConditionFailedError,
    DynamoDbTable,
    Put,
    TransactionRefusedError,
    Update,
)
from listrak_relay.adapters.aws.dynamodb_values import from_attributes, to_attributes
from listrak_relay.errors import ConfigurationError, RetryableError

values = st.recursive(
    st.text() | st.booleans() | st.integers(-(10**30), 10**30) | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)


@given(item=st.dictionaries(st.text(min_size=1), values, max_size=4))
def test_every_value_comes_back_equal(item: dict[str, Any]) -> None:
    assert from_attributes(to_attributes(item)) == item


def test_none_is_left_out_and_a_type_without_a_form_is_an_error() -> None:
    assert to_attributes({"a": None, "b": {"c": None}}) == {"b": {"M": {}}}
    with pytest.raises(TypeError, match="list"):
        to_attributes({"a": []})


def refused(code: str, **answer: Any) -> ClientError:
    return ClientError(cast("Any", {"Error": {"Code": code, "Message": ""}, **answer}), "Operation")


def cancelled(*reasons: str) -> ClientError:
    return refused("TransactionCanceledException", CancellationReasons=[{"Code": reason} for reason in reasons])


class ScriptedDynamoDb:
    """Answers each write with the next error, and takes the write when there are no more."""

    def __init__(self, *errors: ClientError) -> None:
        self._errors = list(errors)
        self.calls = 0

    def transact_write_items(self, **_: Any) -> dict[str, Any]:
        return self.update_item()

    def update_item(self, **_: Any) -> dict[str, Any]:
        self.calls += 1
        if self._errors:
            raise self._errors.pop(0)
        return {"Attributes": {"pk": {"S": "x"}}}


def table(client: ScriptedDynamoDb, waits: list[float]) -> DynamoDbTable:
    return DynamoDbTable("runs", client, waits.append)  # type: ignore[arg-type]


UPDATE = Update({"pk": "x", "sk": "x"}, "SET #a = :a", "attribute_exists(pk)", {"a": 1})


def test_a_write_that_meets_another_transaction_is_tried_again_after_a_growing_wait() -> None:
    conflict = refused("TransactionConflictException")
    client, waits = ScriptedDynamoDb(cancelled("None", "TransactionConflict"), conflict), list[float]()

    table(client, waits).transact([Put({"pk": "x", "sk": "x"}), UPDATE])

    assert client.calls == 3
    assert 0 < waits[0] <= 0.05 < waits[1] * 2 <= 0.2


def test_a_write_that_meets_others_again_and_again_is_for_later() -> None:
    client = ScriptedDynamoDb(*[cancelled("TransactionConflict")] * 50)

    with pytest.raises(RetryableError, match="busy"):
        table(client, []).transact([UPDATE])

    assert client.calls == 8


def test_a_transaction_tells_which_conditions_did_not_hold() -> None:
    client = ScriptedDynamoDb(cancelled("TransactionConflict", "ConditionalCheckFailed"))

    with pytest.raises(TransactionRefusedError) as raised:
        table(client, []).transact([UPDATE, UPDATE])

    assert raised.value.failed == (1,)


def test_a_single_write_tells_what_is_there_instead() -> None:
    client = ScriptedDynamoDb(refused("ConditionalCheckFailedException", Item={"rows": {"N": "5"}}))

    with pytest.raises(ConditionFailedError) as raised:
        table(client, []).update(UPDATE)

    assert raised.value.item == {"rows": 5}


@pytest.mark.parametrize(
    ("reason", "error"), [("ThrottlingError", RetryableError), ("ValidationError", ConfigurationError)]
)
def test_a_transaction_cancelled_for_another_reason_is_judged_by_that_reason(
    reason: str, error: type[Exception]
) -> None:
    with pytest.raises(error, match=reason):
        table(ScriptedDynamoDb(cancelled("None", reason)), []).transact([UPDATE, UPDATE])
