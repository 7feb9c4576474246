"""Each call of a role held to the role's policies, and the decision written down.

moto's own check takes the resources of most services for ``*`` and evaluates no conditions.

Whoever calls without credentials of a role is this machine's own user, who may do anything.
"""

from __future__ import annotations

import io
import json
import re
import uuid
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from html import escape
from typing import Any
from urllib.parse import parse_qsl

from moto.iam.models import iam_backends
from moto.sts.models import sts_backends

from local.aws import ACCOUNT
from local.emulator.requests import Question, Request, UnknownCallError, key_of, questions
from local.permissions.decisions import Decision, DecisionFile
from local.permissions.policy import Statement, allowed_by, statements

_CREDENTIAL = re.compile(r"Credential=(?P<key>[^/]+)/\d+/[^/]+/(?P<service>[^/]+)/aws4_request")
_STORED = ("PUT",)  # their bodies may be large, and say nothing about what is asked for


class Authorization:
    """WSGI middleware. ``decisions``: where each is written down."""

    def __init__(self, application: Callable[..., Iterable[bytes]], decisions: DecisionFile) -> None:
        self._application = application
        self._decisions = decisions

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        found = _CREDENTIAL.search(environ.get("HTTP_AUTHORIZATION", ""))
        role = _role_of(found["key"]) if found else None
        if found is None or role is None:
            return self._application(environ, start_response)
        request = _request(environ, found["service"])
        policies = _statements_of(role)
        try:
            asked = questions(request)
        except UnknownCallError as error:  # nobody can say what it would need, so it is let through for nobody
            question = Question(f"{request.service}:?", str(error))
            self._decisions.add(Decision(role, question.action, question.resource, allowed=False))
            return _refuse(start_response, request, role, question)
        for question in asked:
            if not self._may(role, policies, question):
                return _refuse(start_response, request, role, question)
        return self._answer(environ, start_response, request, role, policies)

    def _answer(
        self,
        environ: dict[str, Any],
        start_response: Callable[..., Any],
        request: Request,
        role: str,
        policies: list[Statement],
    ) -> Iterable[bytes]:
        """S3 says that an object is not there only to who may list the bucket; to others it is forbidden.

        https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
        """
        bucket, key = key_of(request)
        if request.service != "s3" or not key or request.method not in ("GET", "HEAD"):
            return self._application(environ, start_response)
        answered: list[Any] = []
        body = self._application(environ, lambda *given: answered.extend(given))
        listing = Question("s3:ListBucket", f"arn:aws:s3:::{bucket}", {"s3:prefix": key})
        if answered[0].startswith("404") and not self._may(role, policies, listing):
            return _refuse(start_response, request, role, listing)
        start_response(*answered)
        return body

    def _may(self, role: str, policies: list[Statement], question: Question) -> bool:
        allowed = bool(allowed_by(policies, question.action, question.resource, question.context))
        self._decisions.add(Decision(role, question.action, question.resource, allowed, question.context))
        return allowed


def _statements_of(role: str) -> list[Statement]:
    """Of its policies as the emulator has them."""
    kept = iam_backends[ACCOUNT]["aws"].get_role(role).policies
    return [statement for name, document in kept.items() for statement in _parsed(name, document)]


_parsed = cache(statements)
"""There are as many policies as functions have, and each is asked for at every call."""


def _role_of(access_key: str) -> str | None:
    for session in list(sts_backends[ACCOUNT]["aws"].assumed_roles):
        if session.access_key_id == access_key:
            return str(session.role_arn).rpartition("/")[2]
    return None


def _request(environ: dict[str, Any], service: str) -> Request:
    body = b""
    if environ["REQUEST_METHOD"] not in _STORED and environ.get("CONTENT_LENGTH"):
        body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
        environ["wsgi.input"] = io.BytesIO(body)
    return Request(
        service=service,
        method=environ["REQUEST_METHOD"],
        path=environ.get("PATH_INFO", "/").encode("latin-1").decode(),
        query=dict(parse_qsl(environ.get("QUERY_STRING", ""), keep_blank_values=True)),
        headers={
            name.removeprefix("HTTP_").replace("_", "-").lower(): value
            for name, value in environ.items()
            if name.startswith("HTTP_")
        },
        body=body,
    )


def _refuse(start_response: Callable[..., Any], request: Request, role: str, question: Question) -> Iterable[bytes]:
    """In the words and the form of the service."""
    message = (
        f"User: arn:aws:sts::{ACCOUNT}:assumed-role/{role}/local is not authorized to perform: {question.action} on "
        f"resource: {question.resource} because no identity-based policy allows the {question.action} action"
    )
    status, headers, body = _FORMS.get(request.service, _json)(message)
    start_response(status, [*headers.items(), ("Content-Length", str(len(body)))])
    return [] if request.method == "HEAD" else [body]


_Form = tuple[str, Mapping[str, str], bytes]


def _json(message: str) -> _Form:
    body = json.dumps({"__type": "AccessDeniedException", "message": message})
    return "400 Bad Request", {"Content-Type": "application/x-amz-json-1.1"}, body.encode()


def _sqs(message: str) -> _Form:
    headers = {"Content-Type": "application/x-amz-json-1.0", "x-amzn-query-error": "AccessDenied;Sender"}
    body = json.dumps({"__type": "com.amazon.coral.service#AccessDeniedException", "message": message})
    return "403 Forbidden", headers, body.encode()


def _s3(message: str) -> _Form:
    body = f"<Error><Code>AccessDenied</Code><Message>{escape(message)}</Message></Error>"
    return "403 Forbidden", {"Content-Type": "application/xml"}, body.encode()


def _sns(message: str) -> _Form:
    error = f"<Error><Type>Sender</Type><Code>AuthorizationError</Code><Message>{escape(message)}</Message></Error>"
    body = f"<ErrorResponse>{error}<RequestId>{uuid.uuid4()}</RequestId></ErrorResponse>"
    return "403 Forbidden", {"Content-Type": "text/xml"}, body.encode()


def _lambda(message: str) -> _Form:
    headers = {"Content-Type": "application/json", "X-Amzn-ErrorType": "AccessDeniedException"}
    return "403 Forbidden", headers, json.dumps({"Message": message}).encode()


_FORMS: dict[str, Callable[[str], _Form]] = {"lambda": _lambda, "s3": _s3, "sns": _sns, "sqs": _sqs}
