"""One DynamoDB table spoken to in plain Python values.

Expressions write ``#name`` for an attribute and ``:value`` for a value, so that no reserved word can get in the way.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar, cast

from botocore.exceptions import ClientError

from listrak_relay.adapters.aws.dynamodb_values import Item, from_attributes, placeholders, to_attributes
from listrak_relay.adapters.aws.errors import aws_errors, error_code, refusal
from listrak_relay.errors import RetryableError

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import TransactWriteItemTypeDef

T = TypeVar("T")

MAX_TRANSACTION_ACTIONS = 100  # DynamoDB's limit for TransactWriteItems

_CONFLICT_WAITS = (0.05, 0.1, 0.2, 0.4, 0.8, 1.6, 3.2)
"""Seconds. Chunks that settle together meet at the run's item."""

_CONFLICTS = frozenset({"TransactionConflict", "TransactionConflictException", "TransactionInProgressException"})


class ConditionFailedError(Exception):
    """The condition of a single write did not hold; ``item`` as it is, None if there is none."""

    def __init__(self, item: Item | None) -> None:
        super().__init__("the condition of a write did not hold")
        self.item = item


class TransactionRefusedError(Exception):
    """Nothing was written, since the conditions of the writes at the positions ``failed`` did not hold."""

    def __init__(self, failed: Sequence[int]) -> None:
        super().__init__("a condition of a transaction did not hold")
        self.failed = tuple(failed)


@dataclass(frozen=True, slots=True)
class Update:
    """``change`` is an update expression, ``when`` a condition, None for whatever is there or not."""

    key: Item
    change: str
    when: str | None
    values: Item = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Put:
    item: Item


@dataclass(frozen=True, slots=True)
class Delete:
    key: Item


class DynamoDbTable:
    """Reads are consistent, except from an index, which cannot be. No write is left half done.

    A write that meets another transaction is tried again for about 6 s. Raises RetryableError and ConfigurationError.
    """

    def __init__(self, name: str, client: DynamoDBClient, sleep: Callable[[float], None] = time.sleep) -> None:
        self._name = name
        self._client = client
        self._sleep = sleep

    def get(self, key: Item) -> Item | None:
        with aws_errors(f"reading table {self._name}"):
            answer = self._client.get_item(TableName=self._name, Key=to_attributes(key), ConsistentRead=True)
        return from_attributes(answer["Item"]) if "Item" in answer else None

    def query(self, when: str, values: Item, index: str | None = None) -> Iterator[Item]:
        arguments: dict[str, Any] = {"IndexName": index} if index else {"ConsistentRead": True}
        pages = self._client.get_paginator("query").paginate(
            TableName=self._name, KeyConditionExpression=when, **placeholders(values, when), **arguments
        )
        with aws_errors(f"reading table {self._name}"):
            for page in pages:
                yield from map(from_attributes, page["Items"])

    def put(self, item: Item, when: str | None = None, values: Item | None = None) -> None:
        """Raises ConditionFailedError."""
        arguments: dict[str, Any] = {}
        if when:
            arguments = {"ConditionExpression": when, "ReturnValuesOnConditionCheckFailure": "ALL_OLD"}
        self._write(
            lambda: self._client.put_item(
                TableName=self._name, Item=to_attributes(item), **arguments, **placeholders(values or {}, when or "")
            )
        )

    def update(self, update: Update) -> Item:
        """The whole item as it then is. Raises ConditionFailedError."""
        answer = self._write(
            lambda: self._client.update_item(
                TableName=self._name,
                **_update_arguments(update),
                ReturnValues="ALL_NEW",
                ReturnValuesOnConditionCheckFailure="ALL_OLD" if update.when else "NONE",
            )
        )
        return from_attributes(answer["Attributes"])

    def delete(self, key: Item, when: str, values: Item) -> None:
        """Raises ConditionFailedError."""
        self._write(
            lambda: self._client.delete_item(
                TableName=self._name,
                Key=to_attributes(key),
                ConditionExpression=when,
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
                **placeholders(values, when),
            )
        )

    def transact(self, writes: Sequence[Update | Put | Delete]) -> None:
        """All or nothing, at most 100. Raises TransactionRefusedError."""
        items = [self._transaction_item(write) for write in writes]
        self._write(lambda: self._client.transact_write_items(TransactItems=items))

    def _transaction_item(self, write: Update | Put | Delete) -> TransactWriteItemTypeDef:
        arguments: dict[str, Any] = {"TableName": self._name}
        match write:
            case Update():
                arguments |= _update_arguments(write)
            case Put(item):
                arguments["Item"] = to_attributes(item)
            case Delete(key):
                arguments["Key"] = to_attributes(key)
        return cast("TransactWriteItemTypeDef", {type(write).__name__: arguments})

    def _write(self, call: Callable[[], T]) -> T:
        doing = f"writing to table {self._name}"
        for wait in (*_CONFLICT_WAITS, None):
            try:
                with aws_errors(doing):
                    return _with_conditions(call)
            except _ConflictError as conflict:
                if wait is None:
                    raise RetryableError(f"{doing}: other transactions keep the item busy") from conflict
                self._sleep(wait * random.uniform(0.5, 1.0))
        raise AssertionError("the last wait is None")


class _ConflictError(Exception):
    """Another transaction has one of the items in hand."""


def _with_conditions(call: Callable[[], T]) -> T:
    try:
        return call()
    except ClientError as error:
        code, answer = error_code(error), cast("Item", error.response)
        reasons = [reason.get("Code", "None") for reason in answer.get("CancellationReasons", [])]
        failed = [position for position, reason in enumerate(reasons) if reason == "ConditionalCheckFailed"]
        if failed:
            raise TransactionRefusedError(failed) from error
        if code == "ConditionalCheckFailedException":
            raise ConditionFailedError(from_attributes(answer["Item"]) if "Item" in answer else None) from error
        if not _CONFLICTS.isdisjoint([code, *reasons]):
            raise _ConflictError from error
        for reason in reasons:
            if reason != "None":
                raise refusal("a DynamoDB transaction", reason) from error
        raise


def _update_arguments(update: Update) -> dict[str, Any]:
    condition = {"ConditionExpression": update.when} if update.when else {}
    return {
        "Key": to_attributes(update.key),
        "UpdateExpression": update.change,
        **condition,
        **placeholders(update.values, update.change, *condition.values()),
    }
