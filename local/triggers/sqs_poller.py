"""An event source mapping: messages from a queue to a function, by the mapping's own settings."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import requests
from botocore.exceptions import BotoCoreError, ClientError

from local.aws import REGION, Aws
from local.deploy.attributes import physical_name
from local.errors import LocalStackError, ThrottledError
from local.lambda_runtime.function import Function
from local.lambda_runtime.trace import longest
from local.lambda_runtime.worker import Outcome
from local.triggers.threads import Background
from local.waiting_messages import VISIBLE_AT

if TYPE_CHECKING:
    from mypy_boto3_sqs.type_defs import MessageTypeDef

RECEIVE_AT_MOST = 10  # messages in one call, SQS's limit
UNLIMITED_CONCURRENCY = 2  # where the mapping sets none; Lambda would go up to hundreds, this machine would not
CLOCK_TOLERANCE = 1.0  # seconds
THROTTLED_AGAIN = 0.1  # seconds until a throttled invocation is tried again
LOOK_AGAIN_SECONDS = 0.5  # of a mapping that is switched off


@dataclass(frozen=True, slots=True)
class MappingSettings:
    """``window`` in seconds. ``visibility``: the queue's, in seconds."""

    queue_url: str
    queue_arn: str
    batch_size: int
    window: float
    concurrency: int
    partial_failures: bool
    visibility: float

    @classmethod
    def from_template(cls, properties: Mapping[str, Any], queue_url: str, visibility: float) -> MappingSettings:
        scaling = properties.get("ScalingConfig", {})
        return cls(
            queue_url=queue_url,
            queue_arn=properties["EventSourceArn"],
            batch_size=int(properties.get("BatchSize", 10)),
            window=float(properties.get("MaximumBatchingWindowInSeconds", 0)),
            concurrency=int(scaling.get("MaximumConcurrency", UNLIMITED_CONCURRENCY)),
            partial_failures="ReportBatchItemFailures" in properties.get("FunctionResponseTypes", []),
            visibility=visibility,
        )


@dataclass(frozen=True, slots=True)
class Received:
    """A message and when it came, in epoch seconds."""

    message: MessageTypeDef
    at: float


class SqsPoller:
    """``mapping``: id of the event source mapping, which an operator may have switched off.

    ``crash_visibility``: seconds until messages of a failed invocation are visible again. AWS lets them wait out the
    queue's visibility time-out, which is half an hour and more here; this is the one rule that the local stack bends.
    ``hurry``: how many of Lambda's seconds pass in one here.
    """

    def __init__(
        self,
        aws: Aws,
        mapping: str,
        settings: MappingSettings,
        function: Function,
        background: Background,
        crash_visibility: int,
        hurry: float,
    ) -> None:
        self._aws = aws
        self._mapping = mapping
        self._settings = settings
        self._function = function
        self._background = background
        self._crash_visibility = crash_visibility
        self._patience = settings.visibility / hurry
        self._slots = threading.Semaphore(settings.concurrency)
        self._lock = threading.Lock()
        self._delivering = 0

    @property
    def queue_url(self) -> str:
        return self._settings.queue_url

    @property
    def delivering(self) -> int:
        """Batches that were received and are not at their end."""
        with self._lock:
            return self._delivering

    def poll(self) -> None:
        """Wait for a free slot and for messages, and start the function with them."""
        if not self._slots.acquire(timeout=1):
            return
        messages: list[Received] = []
        try:
            messages = self._receive_if_on()
        finally:
            if not messages:
                self._slots.release()
        if messages:
            self._count(1)
            threading.Thread(target=self._deliver, args=(messages,), daemon=True).start()

    def _count(self, by: int) -> None:
        with self._lock:
            self._delivering += by

    def _receive_if_on(self) -> list[Received]:
        if not self._is_on():
            self._background.stopping.wait(LOOK_AGAIN_SECONDS)
            return []
        messages = self._receive_batch()
        if messages and not self._is_on():  # switched off while it waited
            for received in messages:
                self._aws.sqs.change_message_visibility(
                    QueueUrl=self._settings.queue_url,
                    ReceiptHandle=received.message["ReceiptHandle"],
                    VisibilityTimeout=0,
                )
            return []
        return messages

    def _is_on(self) -> bool:
        return self._aws.lambda_.get_event_source_mapping(UUID=self._mapping)["State"] in ("Enabled", "Enabling")

    def _receive_batch(self) -> list[Received]:
        messages = self._receive(self._settings.batch_size, wait=20)
        closes = time.monotonic() + self._settings.window
        while messages and len(messages) < self._settings.batch_size and (left := closes - time.monotonic()) > 0:
            messages += self._receive(self._settings.batch_size - len(messages), wait=max(1, min(20, int(left))))
        return messages

    def _receive(self, count: int, wait: int) -> list[Received]:
        answer = self._aws.sqs.receive_message(
            QueueUrl=self._settings.queue_url,
            MaxNumberOfMessages=min(RECEIVE_AT_MOST, count),
            WaitTimeSeconds=wait,
            MessageSystemAttributeNames=["All"],
            MessageAttributeNames=["All"],
        )
        return [Received(message, time.time()) for message in answer.get("Messages", [])]

    def _deliver(self, batch: list[Received]) -> None:
        try:
            messages = [received.message for received in batch]
            outcome = self._invoke(messages)
            failed = failures(outcome, messages, self._settings.partial_failures) if outcome else _ids(messages)
            if not self._background.stopping.is_set():
                self._settle(batch, failed)
        except (BotoCoreError, ClientError, OSError, LocalStackError) as error:
            self._background.report(error)
        finally:
            self._count(-1)
            self._slots.release()

    def _invoke(self, messages: list[MessageTypeDef]) -> Outcome | None:
        """None: throttled for as long as the messages were hidden; Lambda then lets them come again.

        https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
        """
        event = {"Records": [self._record(message) for message in messages]}
        headers: list[str | None] = [message.get("Attributes", {}).get("AWSTraceHeader") for message in messages]
        deadline = time.monotonic() + self._patience
        while True:
            try:
                return self._function.invoke(event, trace=longest(headers))
            except ThrottledError:
                if time.monotonic() > deadline or self._background.stopping.wait(THROTTLED_AGAIN):
                    return None

    def _settle(self, batch: list[Received], failed: set[str]) -> None:
        for received in batch:
            try:
                self._settle_one(received, failed=received.message["MessageId"] in failed)
            except self._aws.sqs.exceptions.ReceiptHandleIsInvalid:
                continue  # deleted by the handler or by a purge

    def _settle_one(self, received: Received, *, failed: bool) -> None:
        queue_url, receipt = self._settings.queue_url, received.message["ReceiptHandle"]
        if not failed:
            self._aws.sqs.delete_message(QueueUrl=queue_url, ReceiptHandle=receipt)
        elif not self._handler_chose_visibility(receipt, received.at):
            self._aws.sqs.change_message_visibility(
                QueueUrl=queue_url, ReceiptHandle=receipt, VisibilityTimeout=self._crash_visibility
            )

    def _handler_chose_visibility(self, receipt: str, received_at: float) -> bool:
        query = {"region": REGION, "queue": physical_name(self._settings.queue_url), "receipt": receipt}
        visible_at = requests.get(f"{self._aws.endpoint}{VISIBLE_AT}", query, timeout=10).json()
        return visible_at is not None and abs(visible_at - received_at - self._settings.visibility) > CLOCK_TOLERANCE

    def _record(self, message: MessageTypeDef) -> dict[str, Any]:
        """https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html"""
        return {
            "messageId": message["MessageId"],
            "receiptHandle": message["ReceiptHandle"],
            "body": message["Body"],
            "attributes": message.get("Attributes", {}),
            "messageAttributes": {
                name: {
                    "stringValue": value.get("StringValue"),
                    "stringListValues": [],
                    "binaryListValues": [],
                    "dataType": value["DataType"],
                }
                for name, value in message.get("MessageAttributes", {}).items()
            },
            "md5OfBody": message["MD5OfBody"],
            "eventSource": "aws:sqs",
            "eventSourceARN": self._settings.queue_arn,
            "awsRegion": REGION,
        }


def failures(outcome: Outcome, messages: list[MessageTypeDef], partial_failures: bool) -> set[str]:
    """Ids of the messages that stay in the queue. A result that names no message of the batch fails the whole batch:
    https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html"""
    everything = _ids(messages)
    if outcome.failed:
        return everything
    if not partial_failures or not outcome.payload:
        return set()
    if not isinstance(outcome.payload, dict):
        return everything
    listed = outcome.payload.get("batchItemFailures") or []
    if not isinstance(listed, list):
        return everything
    named = {str(item.get("itemIdentifier")) if isinstance(item, dict) else "" for item in listed}
    return named if named <= everything else everything


def _ids(messages: list[MessageTypeDef]) -> set[str]:
    return {message["MessageId"] for message in messages}
