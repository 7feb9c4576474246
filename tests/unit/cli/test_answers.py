"""What AWS does not answer is a sentence that says what to do."""

from __future__ import annotations

import pytest
from botocore.exceptions import (
    ClientError,
    EndpointConnectionError,
    InvalidRegionError,
    NoCredentialsError,
    NoRegionError,
    ProfileNotFound,
    TokenRetrievalError,
)
from botocore.parsers import ResponseParserError

from cli.aws.answers import answered, said
from cli.aws.session import Place, use
from cli.errors import CommandError, ExitCode

ENDPOINT = "http://127.0.0.1:4566"


def refusal(code: str, message: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": message}}, "DescribeStacks")


@pytest.mark.parametrize(
    ("error", "todo"),
    [
        (NoRegionError(), "--region us-east-1"),
        (NoCredentialsError(), "--profile"),
        (TokenRetrievalError(provider="sso", error_msg="the token has expired"), "aws sso login"),
        (refusal("ExpiredToken", "The security token included in the request is expired"), "aws sso login"),
        (refusal("AccessDenied", "User is not authorized to perform: cloudformation:DescribeStacks"), "permission"),
        (refusal("ValidationError", "Stack with id relay does not exist"), "there is no stack 'relay'"),
    ],
)
def test_a_refusal_says_what_to_do(error: Exception, todo: str) -> None:
    with pytest.raises(CommandError, match=todo) as told:
        answered(lambda: _raise(error), "relay")

    assert told.value.code is ExitCode.NOT_ANSWERED
    assert "\n" not in str(told.value)


@pytest.mark.parametrize(
    ("error", "todo"),
    [
        (InvalidRegionError(region_name="US East"), "--region us-east-1"),
        (ProfileNotFound(profile="none"), "aws configure list-profiles"),
    ],
)
def test_what_was_named_and_is_not_there_is_wrong_use(error: Exception, todo: str) -> None:
    with pytest.raises(CommandError, match=todo) as told:
        answered(lambda: _raise(error), "relay")

    assert told.value.code is ExitCode.WRONG_USE


@pytest.mark.parametrize("error", [EndpointConnectionError(endpoint_url=ENDPOINT), ResponseParserError("<html>")])
def test_where_an_emulated_aws_is_away_the_command_that_starts_it_is_named(
    monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", ENDPOINT)

    assert "make local" in said(error)
    assert "<html>" not in said(error)


def test_any_other_answer_stands_there_as_aws_gave_it() -> None:
    assert said(refusal("Throttling", "Rate exceeded"), "alarms") == (
        "AWS did not answer for alarms: An error occurred (Throttling) when calling the DescribeStacks operation: "
        "Rate exceeded"
    )


def test_an_endpoint_that_is_no_address_is_turned_away_before_anything_is_asked() -> None:
    with pytest.raises(CommandError, match="no address") as told:
        use(Place("relay", False, None, None, "127.0.0.1:4566"))

    assert told.value.code is ExitCode.WRONG_USE


def _raise(error: Exception) -> None:
    raise error
