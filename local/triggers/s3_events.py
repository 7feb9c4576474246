"""S3 events, from the emulator's internal queue to the functions that the template names."""

from __future__ import annotations

import json

from local.aws import Aws
from local.triggers.asynchronous import AsynchronousInvocations


class S3Events:
    """``queue_url``: of `local.deploy.buckets.EVENTS_QUEUE`."""

    def __init__(self, aws: Aws, queue_url: str, invocations: AsynchronousInvocations) -> None:
        self._aws = aws
        self._queue_url = queue_url
        self._invocations = invocations

    def forward(self) -> None:
        """Wait for events and hand them on. What S3 sends on configuration, ``s3:TestEvent``, is for nobody."""
        received = self._aws.sqs.receive_message(
            QueueUrl=self._queue_url,
            MaxNumberOfMessages=10,
            WaitTimeSeconds=20,
            MessageSystemAttributeNames=["AWSTraceHeader"],
        )
        for message in received.get("Messages", []):
            trace = message.get("Attributes", {}).get("AWSTraceHeader")  # of a function that has put the object
            for record in json.loads(message["Body"]).get("Records", []):
                # The id of a configuration is the function's logical id, see local.deploy.buckets.
                self._invocations.submit(record["s3"]["configurationId"], {"Records": [record]}, trace)
            self._aws.sqs.delete_message(QueueUrl=self._queue_url, ReceiptHandle=message["ReceiptHandle"])
