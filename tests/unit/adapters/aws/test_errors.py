"""What becomes of AWS's errors."""

from __future__ import annotations

import botocore.session
import pytest
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectTimeoutError,
    CredentialRetrievalError,
    EndpointConnectionError,
    InvalidRegionError,
    NoCredentialsError,
    NoRegionError,
    ReadTimeoutError,
    ResponseStreamingError,
)
from botocore.parsers import ResponseParserError, create_parser

from listrak_relay.adapters.aws.errors import aws_errors
from listrak_relay.errors import ConfigurationError, RetryableError


def client_error(code: str, status: int) -> ClientError:
    return ClientError(
        {
            "Error": {"Code": code, "Message": "of no interest"},
            "ResponseMetadata": {
                "HTTPStatusCode": status,
                "RequestId": "1",
                "HostId": "1",
                "HTTPHeaders": {},
                "RetryAttempts": 0,
            },
        },
        "Operation",
    )


@pytest.mark.parametrize(
    "error",
    [
        client_error("ThrottlingException", 400),
        client_error("ProvisionedThroughputExceededException", 400),
        client_error("SlowDown", 503),
        client_error("NeverHeardOf", 500),
        client_error("ExpiredTokenException", 400),
        client_error("ExpiredToken", 403),
        client_error("TransactionConflictException", 400),
        client_error("400", 400),  # an error of which half has come
        client_error("", 400),
        ResponseParserError("half an error"),
        EndpointConnectionError(endpoint_url="http://x"),
        ConnectTimeoutError(endpoint_url="http://x"),
        ReadTimeoutError(endpoint_url="http://x"),
        ResponseStreamingError(error="broken"),
        CredentialRetrievalError(provider="container-role", error_msg="away"),
    ],
)
def test_what_passes_by_itself_is_for_later(error: Exception) -> None:
    with pytest.raises(RetryableError, match="reading table runs"), aws_errors("reading table runs"):
        raise error


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (client_error("AccessDeniedException", 400), "aws_denied"),
        (client_error("AccessDenied", 403), "aws_denied"),
        (client_error("403", 403), "aws_denied"),
        (client_error("NeverHeardOf", 403), "aws_denied"),
        (client_error("ResourceNotFoundException", 400), "aws_resource_missing"),
        (client_error("NoSuchBucket", 404), "aws_resource_missing"),
        (client_error("AWS.SimpleQueueService.NonExistentQueue", 400), "aws_resource_missing"),
        (client_error("ValidationException", 400), "aws_refused"),
        (NoCredentialsError(), "aws_refused"),
        (NoRegionError(), "aws_refused"),
    ],
)
def test_what_only_a_person_can_mend_is_a_fault_of_the_configuration(
    error: ClientError | BotoCoreError, code: str
) -> None:
    with pytest.raises(ConfigurationError, match="reading table runs") as raised, aws_errors("reading table runs"):
        raise error

    assert raised.value.code == code


def test_errors_that_are_not_aws_pass_unchanged() -> None:
    with pytest.raises(KeyError), aws_errors("reading table runs"):
        raise KeyError("run")


def test_half_a_date_in_a_header_is_for_later() -> None:
    shape = botocore.session.Session().get_service_model("s3").operation_model("HeadObject").output_shape
    assert shape is not None
    answer = {"status_code": 200, "headers": {"Last-Modified": "Sun, 29 N"}, "body": b""}

    with (
        pytest.raises(RetryableError, match=r"reading chunks/1: an answer of AWS cannot be read"),
        aws_errors("reading chunks/1"),
    ):
        create_parser("rest-xml").parse(answer, shape)


def test_a_value_of_ours_that_is_wrong_stays_our_fault() -> None:
    with pytest.raises(ValueError, match="ours"), aws_errors("reading chunks/1"):
        raise ValueError("ours")


def test_a_region_that_there_is_not_is_a_fault_of_the_configuration_although_botocore_calls_it_a_value() -> None:
    with pytest.raises(ConfigurationError), aws_errors("reading table runs"):
        raise InvalidRegionError(region_name="nowhere at all")
