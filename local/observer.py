"""Listens in on announcements: what the topics and the default event bus carry, as a subscriber would get it."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Mapping
from typing import Any

from local.aws import ACCOUNT, REGION
from local.deploy.deployment import Deployment

QUEUE = "local-announcements"


class Observer:
    def __init__(self, deployment: Deployment, told: Callable[[Mapping[str, Any]], None]) -> None:
        """``told``: is given each EventBridge event."""
        self._told = told
        self._aws = deployment.aws
        self._lock = threading.Lock()
        self._seen: list[dict[str, Any]] = []
        self._url = self._aws.sqs.create_queue(QueueName=QUEUE)["QueueUrl"]
        arn = f"arn:aws:sqs:{REGION}:{ACCOUNT}:{QUEUE}"
        for name in deployment.of_type("AWS::SNS::Topic"):
            self._aws.sns.subscribe(TopicArn=deployment.ids[name], Protocol="sqs", Endpoint=arn)
        self._aws.events.put_rule(Name=QUEUE, EventPattern=json.dumps({"account": [ACCOUNT]}))
        self._aws.events.put_targets(Rule=QUEUE, Targets=[{"Id": "queue", "Arn": arn}])

    def listen(self) -> None:
        """Wait for announcements and keep them."""
        received = self._aws.sqs.receive_message(QueueUrl=self._url, MaxNumberOfMessages=10, WaitTimeSeconds=20)
        for message in received.get("Messages", []):
            said = json.loads(message["Body"])
            if "detail-type" in said:
                self._told(said)
            with self._lock:
                self._seen.append(said)
            self._aws.sqs.delete_message(QueueUrl=self._url, ReceiptHandle=message["ReceiptHandle"])

    def events(self) -> list[dict[str, Any]]:
        """EventBridge events, oldest first."""
        with self._lock:
            return [one for one in self._seen if "detail-type" in one]

    def notices(self) -> list[dict[str, Any]]:
        """SNS messages (``Subject``, ``Message``), oldest first."""
        with self._lock:
            return [one for one in self._seen if one.get("Type") == "Notification"]
