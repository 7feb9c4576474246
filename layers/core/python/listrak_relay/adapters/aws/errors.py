"""AWS's error codes turned into this package's errors, in one place for every adapter.

botocore has by then retried what it holds to be passing (standard mode); what still fails is for the next delivery.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from traceback import walk_tb

import botocore.parsers
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    CredentialRetrievalError,
    FlexibleChecksumError,
    HTTPClientError,
    IncompleteReadError,
    MetadataRetrievalError,
)
from botocore.exceptions import ConnectionError as BotoConnectionError
from botocore.parsers import ResponseParserError

from listrak_relay.errors import ConfigurationError, RelayError, RetryableError

_PASSING = frozenset(
    {
        "BandwidthLimitExceeded",
        "ExpiredToken",
        "ExpiredTokenException",
        "InternalError",
        "InternalFailure",
        "InternalServerError",
        "InternalServiceErrorException",
        "KMSThrottlingException",
        "KmsThrottled",
        "LimitExceededException",
        "OperationAborted",
        "OverLimit",
        "PriorRequestNotComplete",
        "ProvisionedThroughputExceeded",
        "ProvisionedThroughputExceededException",
        "RequestExpired",
        "RequestLimitExceeded",
        "RequestThrottled",
        "RequestThrottledException",
        "RequestTimeTooSkewed",
        "RequestTimeout",
        "RequestTimeoutException",
        "ServiceUnavailable",
        "SlowDown",
        "ThrottledException",
        "Throttling",
        "ThrottlingError",
        "ThrottlingException",
        "TooManyRequestsException",
        "TransactionConflict",
        "TransactionConflictException",
        "TransactionInProgressException",
    }
)
"""Also the short words that DynamoDB gives as reasons of a cancelled transaction."""

_DENIED = frozenset(
    {
        "403",  # HeadObject has no body to name a code in
        "AccessDenied",
        "AccessDeniedException",
        "AuthorizationError",
        "AuthorizationErrorException",
        "AuthFailure",
        "InvalidAccessKeyId",
        "InvalidClientTokenId",
        "KMSAccessDenied",
        "KMSAccessDeniedException",
        "KmsAccessDenied",
        "SignatureDoesNotMatch",
        "UnrecognizedClientException",
    }
)

_MISSING = frozenset(
    {
        "404",
        "AWS.SimpleQueueService.NonExistentQueue",
        "NoSuchBucket",
        "NotFound",
        "NotFoundException",
        "QueueDoesNotExist",
        "ResourceNotFoundException",
    }
)

_PASSING_FAULTS = (
    BotoConnectionError,  # could not connect
    HTTPClientError,  # connection broken, time-out
    IncompleteReadError,
    FlexibleChecksumError,
    CredentialRetrievalError,
    MetadataRetrievalError,
    ResponseParserError,  # an answer that broke off, or of something on the way
)

_NO_CODE = "an error without a code"


@contextmanager
def aws_errors(doing: str) -> Iterator[None]:
    """Translate what boto3 raises inside. ``doing`` says for a person what was being done, with the resource's name.

    Raises:
        RetryableError: throttled, not reachable or AWS's own fault.
        ConfigurationError: ``aws_denied``, ``aws_resource_missing``, or ``aws_refused`` for any other refusal.
    """
    try:
        yield
    except ClientError as error:
        raise refusal(doing, error_code(error), _status(error)) from error
    except _PASSING_FAULTS as error:
        raise RetryableError(f"{doing}: {type(error).__name__}") from error
    except BotoCoreError as error:
        raise ConfigurationError(
            "aws_refused", f"{doing}: {type(error).__name__}; check region, credentials and the function's settings"
        ) from error
    except ValueError as error:
        if not _is_of_an_answer(error):
            raise
        raise RetryableError(f"{doing}: an answer of AWS cannot be read") from error


def refusal(doing: str, code: str, status: int = 400) -> RelayError:
    """The error for one of AWS's codes."""
    if code in _PASSING or status >= 500 or _broke_off(code):  # noqa: PLR2004 - HTTP: the server's fault
        return RetryableError(f"{doing}: AWS answered {code}")
    if code in _DENIED or status == 403:  # noqa: PLR2004 - HTTP: forbidden
        return ConfigurationError("aws_denied", f"{doing}: AWS answered {code}; give the role this permission")
    if code in _MISSING:
        return ConfigurationError("aws_resource_missing", f"{doing}: AWS answered {code}; there is no such resource")
    return ConfigurationError("aws_refused", f"{doing}: AWS answered {code}")


def error_code(error: BaseException | None) -> str:
    """AWS's word, such as ``NoSuchKey``; only the HTTP status as text where the answer has no body."""
    if not isinstance(error, ClientError):
        return type(error).__name__
    return error.response.get("Error", {}).get("Code", "") or _NO_CODE


def _broke_off(code: str) -> bool:
    """Whether there is nothing but a status, where AWS always has a word: of its error only half has come."""
    return code == _NO_CODE or (code.isdecimal() and code not in _DENIED | _MISSING)


def _is_of_an_answer(error: BaseException) -> bool:
    """Whether botocore raised it over a value of an answer, such as half a date in a header: it names no fault of its
    own for that."""
    names = (frame.f_globals.get("__name__") for frame, _ in walk_tb(error.__traceback__))
    return any(name == botocore.parsers.__name__ for name in names)


def _status(error: ClientError) -> int:
    return error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 400)
