"""AWS asked, and its refusals as sentences that say what to do."""

from __future__ import annotations

from typing import Any

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    CredentialRetrievalError,
    HTTPClientError,
    InvalidRegionError,
    NoCredentialsError,
    NoRegionError,
    PartialCredentialsError,
    ProfileNotFound,
    SSOError,
    TokenRetrievalError,
)
from botocore.exceptions import (
    ConnectionError as NotConnectedError,
)
from botocore.parsers import ResponseParserError

from cli.aws.session import emulated
from cli.errors import CommandError, ExitCode

SILENCES = (ClientError, BotoCoreError, ResponseParserError)
"""Whatever botocore raises where an answer was hoped for."""
_SIGN_IN = "sign in (aws sso login, aws configure), or name a profile with --profile; the stack of make local: --local"
_NO_CREDENTIALS = (NoCredentialsError, PartialCredentialsError, CredentialRetrievalError, SSOError, TokenRetrievalError)
_STALE_CREDENTIALS = frozenset(
    {
        "ExpiredToken",
        "ExpiredTokenException",
        "InvalidAccessKeyId",
        "InvalidClientTokenId",
        "SignatureDoesNotMatch",
        "UnrecognizedClientException",
    }
)
_DENIED = frozenset({"AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "403"})


def answered(ask: Any, about: str) -> Any:
    """Raises CommandError: AWS is away, knows no such thing, or lets these credentials not see it."""
    try:
        return ask()
    except SILENCES as error:
        raise CommandError(said(error, about), code_of(error)) from error


def code_of(error: Exception) -> ExitCode:
    """``error``: one of `SILENCES`. What was named and is not there is wrong use; nobody has asked AWS."""
    mistyped = isinstance(error, ProfileNotFound | InvalidRegionError)
    return ExitCode.WRONG_USE if mistyped else ExitCode.NOT_ANSWERED


def said(error: Exception, about: str = "") -> str:
    """What ``error``, one of `SILENCES`, means, and what to do. ``about``: what was asked for."""
    if isinstance(error, NoRegionError):
        return (
            "no AWS region is named; name it with --region us-east-1, or in AWS_DEFAULT_REGION; the stack of make "
            "local: --local"
        )
    if isinstance(error, InvalidRegionError):
        return f"{_sentence(error)}; name one such as --region us-east-1"
    if isinstance(error, ProfileNotFound):
        text = _sentence(error)
        return f"{text[:1].lower()}{text[1:]}; aws configure list-profiles names those there are"
    if isinstance(error, _NO_CREDENTIALS):
        return f"there are no AWS credentials ({_sentence(error)}); {_SIGN_IN}"
    if isinstance(error, NotConnectedError | HTTPClientError | ResponseParserError):
        return _nobody(error)
    code = error.response.get("Error", {}).get("Code", "") if isinstance(error, ClientError) else ""
    text = f"AWS did not answer{f' for {about}' if about else ''}: {_sentence(error)}"
    if code in _STALE_CREDENTIALS:
        return f"{text}; {_SIGN_IN}"
    if code in _DENIED:
        return f"{text}; ask for this permission, or use other credentials: --profile"
    if code == "ValidationError" and "does not exist" in str(error):
        return (
            f"there is no stack {about!r} in this account and region; look at its name (--stack, of make STACK=) "
            "and at --region or AWS_DEFAULT_REGION"
        )
    return text


def _nobody(error: Exception) -> str:
    strange = isinstance(error, ResponseParserError)
    if endpoint := emulated():
        who = f"what answers at {endpoint} is not AWS" if strange else f"nothing answers at {endpoint}"
        return f"{who}; is the stack up? make local starts it, and --endpoint-url names another address"
    who = "what answers is not AWS" if strange else _sentence(error)
    return f"AWS did not answer: {who}; look at the network and at --region"


def _sentence(error: Exception) -> str:
    return " ".join(str(error).split()).rstrip(".")
