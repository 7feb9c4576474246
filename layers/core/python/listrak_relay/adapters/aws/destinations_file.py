"""`config/destinations.yaml` in the WorkBucket: each version is read once.

One GetObject with If-None-Match does both: 304 keeps what is known, 200 brings the new version. A missing object means
the built-in destinations alone. S3 says "missing" only to a caller who may list the bucket and "denied" to any other,
so the role needs s3:GetObject on the key and s3:ListBucket on the bucket; a denial is an error, never a guess.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, TypedDict

from botocore.exceptions import ClientError, IncompleteReadError

from listrak_relay.adapters.aws.errors import aws_errors, error_code
from listrak_relay.adapters.libraries.destinations_yaml import MAX_BYTES, parse_configuration
from listrak_relay.domain.configuration.destination_rules import Destinations
from listrak_relay.domain.destinations.destinations import BUILT_IN, Destination
from listrak_relay.domain.run.work_keys import CONFIG_KEY
from listrak_relay.errors import ConfigurationError

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

    from listrak_relay.ports.time import Clock

RECHECK_SECONDS = 60.0


class _Unless(TypedDict, total=False):
    IfNoneMatch: str


class S3DestinationBook:
    """`ports.destinations.DestinationBook`.

    A faulty destination is an error from the moment it is seen, also where an earlier version was good: going on by
    settings that someone has just replaced would be a guess. The others go on. A store that cannot be asked is an error
    for all. Whether there is a new version
    is asked at most every ``recheck_seconds``; 0 asks each time.
    """

    def __init__(
        self,
        bucket: str,
        client: S3Client,
        clock: Clock,
        key: str = CONFIG_KEY,
        recheck_seconds: float = RECHECK_SECONDS,
    ) -> None:
        self._bucket = bucket
        self._client = client
        self._clock = clock
        self._key = key
        self._recheck_seconds = recheck_seconds
        self._recheck_at = float("-inf")
        self._etag = ""
        self._destinations = Destinations({})
        self._fault: ConfigurationError | None = None

    def find(self, name: str) -> Destination:
        """Raises what the port says, RetryableError when S3 is away, and ConfigurationError when it denies the read."""
        return self._current().find(name)

    def all(self) -> Mapping[str, Destination]:
        return self._current().sound

    def faulty(self) -> Sequence[str]:
        return tuple(self._destinations.faulty)

    def _current(self) -> Destinations:
        now = self._clock.now()
        if now >= self._recheck_at:
            self._refresh()
            self._recheck_at = now + self._recheck_seconds
        if self._fault:
            raise ConfigurationError(self._fault.code, str(self._fault))
        return self._destinations

    def _refresh(self) -> None:
        unless: _Unless = {"IfNoneMatch": self._etag} if self._etag else {}
        with aws_errors(f"reading s3://{self._bucket}/{self._key}"):
            try:
                answer = self._client.get_object(Bucket=self._bucket, Key=self._key, **unless)
                body = answer["Body"].read(MAX_BYTES + 1)
                if len(body) < (whole := min(answer["ContentLength"], MAX_BYTES + 1)):
                    # botocore sees that only where all is asked for. Half a configuration may be a sound one.
                    raise IncompleteReadError(actual_bytes=len(body), expected_bytes=whole)
            except ClientError as error:
                match error_code(error):
                    case "304" | "NotModified":
                        return
                    case "NoSuchKey":
                        self._etag, self._destinations, self._fault = "", Destinations(BUILT_IN), None
                        return
                raise
        self._fault = None
        try:
            self._destinations = parse_configuration(body, self._key)
        except ConfigurationError as error:
            self._fault = error
        self._etag = answer["ETag"]
