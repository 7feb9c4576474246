"""S3 event records as AWS sends them, where moto's differ.

moto's records lack the version id and the sequencer, without which a repeat cannot be told from a new version, and the
fields about the caller; it writes ``/`` in keys as ``%2F``; a multipart upload gives two events where AWS gives one.
Only here, inside the emulator, is it known which version an event is about.
https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html
"""

from __future__ import annotations

import itertools
import time
import uuid
from typing import Any
from urllib.parse import quote_plus

from moto.core.utils import iso_8601_datetime_with_milliseconds
from moto.s3 import notifications

from local.aws import ACCOUNT

_sequence = itertools.count(time.time_ns())


def install() -> None:
    """Take the place of moto's two functions. They must exist: a renamed one would bring the gaps back unnoticed.

    Raises AttributeError: moto has changed.
    """
    for name, own in {
        "_get_s3_event": event,
        "send_event": _without_inner_puts(notifications.send_event),
    }.items():
        getattr(notifications, name)
        setattr(notifications, name, own)


def event(event_name: str, bucket: Any, key: Any, notification_id: str) -> dict[str, list[dict[str, Any]]]:
    """``bucket`` and ``key`` are moto's."""
    stored: dict[str, Any] = {
        "key": quote_plus(key.name, safe="/"),
        "size": key.size,
        "eTag": key.etag.replace('"', ""),
    }
    if bucket.is_versioned:
        stored["versionId"] = key.version_id
    stored["sequencer"] = f"{next(_sequence):018X}"
    return {
        "Records": [
            {
                "eventVersion": "2.1",
                "eventSource": "aws:s3",
                "awsRegion": bucket.region_name,
                "eventTime": iso_8601_datetime_with_milliseconds(),
                "eventName": event_name.removeprefix("s3:"),
                "userIdentity": {"principalId": "AWS:AIDALOCAL"},
                "requestParameters": {"sourceIPAddress": "127.0.0.1"},
                "responseElements": {"x-amz-request-id": uuid.uuid4().hex[:16].upper(), "x-amz-id-2": "local"},
                "s3": {
                    "s3SchemaVersion": "1.0",
                    "configurationId": notification_id,
                    "bucket": {
                        "name": bucket.name,
                        "ownerIdentity": {"principalId": ACCOUNT},
                        "arn": bucket.arn,
                    },
                    "object": stored,
                },
            }
        ]
    }


def _without_inner_puts(send: Any) -> Any:
    put = notifications.S3NotificationEvent.OBJECT_CREATED_PUT_EVENT

    def send_event(account_id: str, event_name: Any, bucket: Any, key: Any) -> None:
        if event_name == put and key.multipart is not None:
            return  # moto finishes a multipart upload by a put of its own
        send(account_id, event_name, bucket, key)

    return send_event
