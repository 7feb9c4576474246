"""IAM's rules: what a role may do, and which of its grants were used."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from local.errors import LocalStackError
from local.permissions.__main__ import judge
from local.permissions.decisions import Decision, DecisionFile, Decisions
from local.permissions.excused import Excuse
from local.permissions.policy import allowed_by, statements
from local.permissions.usage import RoleGrant, Usage, usage

OBJECT = "arn:aws:s3:::bucket/chunks/one"


def policy(*parts: dict[str, Any]) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", **part} for part in parts]}


def may(action: str, resource: str, *parts: dict[str, Any], **context: str) -> bool:
    keys = {name.replace("_", ":", 1): value for name, value in context.items()}
    return bool(allowed_by(statements("policy", policy(*parts)), action, resource, keys))


READ = {"Action": "s3:GetObject", "Resource": "arn:aws:s3:::bucket/chunks/*"}


@pytest.mark.parametrize(
    ("action", "resource", "allowed"),
    [
        ("s3:GetObject", OBJECT, True),
        ("S3:getobject", OBJECT, True),
        ("s3:GetObject", "arn:aws:s3:::bucket/chunks/a/b c", True),
        ("s3:GetObject", "arn:aws:s3:::bucket/chunks", False),
        ("s3:GetObject", "arn:aws:s3:::bucket/CHUNKS/one", False),
        ("s3:GetObject", "arn:aws:s3:::bucket/runs/chunks/one", False),
        ("s3:GetObjectVersion", OBJECT, False),
        ("s3:PutObject", OBJECT, False),
    ],
)
def test_only_what_a_statement_names_is_allowed(action: str, resource: str, allowed: bool) -> None:
    assert may(action, resource, READ) is allowed


def test_nothing_is_allowed_without_a_statement() -> None:
    assert not may("s3:GetObject", OBJECT)


@pytest.mark.parametrize(
    ("pattern", "allowed"), [("s3:Get*", True), ("s3:*", True), ("s3:GetObjec?", True), ("sqs:*", False)]
)
def test_patterns_of_actions(pattern: str, allowed: bool) -> None:
    assert may("s3:GetObject", OBJECT, {"Action": ["sns:Publish", pattern], "Resource": ["*"]}) is allowed


def test_letters_that_mean_something_in_regular_expressions_mean_themselves() -> None:
    assert not may(
        "s3:GetObject", "arn:aws:s3:::bucketXchunks", {"Action": "s3:*", "Resource": "arn:aws:s3:::bucket.chunks"}
    )


def test_what_is_denied_stays_denied_whatever_else_allows_it() -> None:
    deny = {"Effect": "Deny", "Action": "s3:*", "Resource": "arn:aws:s3:::bucket/chunks/secret*"}

    assert may("s3:GetObject", OBJECT, READ, deny)
    assert not may("s3:GetObject", "arn:aws:s3:::bucket/chunks/secret-1", deny, READ)


LIST: dict[str, Any] = {"Action": "s3:ListBucket", "Resource": "arn:aws:s3:::bucket"}


@pytest.mark.parametrize(
    ("condition", "context", "holds"),
    [
        ({"StringEquals": {"s3:prefix": "runs/"}}, {"s3_prefix": "runs/"}, True),
        ({"StringEquals": {"s3:prefix": "runs/"}}, {"s3_prefix": "chunks/"}, False),
        ({"StringEquals": {"s3:prefix": ["a", "runs/"]}}, {"s3_prefix": "runs/"}, True),
        ({"StringEquals": {"S3:PREFIX": "runs/"}}, {"s3_prefix": "runs/"}, True),
        ({"StringEquals": {"s3:prefix": "runs/"}}, {}, False),
        ({"StringEqualsIfExists": {"s3:prefix": "runs/"}}, {}, True),
        ({"StringEqualsIfExists": {"s3:prefix": "runs/"}}, {"s3_prefix": "x"}, False),
        ({"StringLike": {"s3:prefix": "runs/*"}}, {"s3_prefix": "runs/1/rejects"}, True),
        ({"StringNotEquals": {"s3:prefix": "runs/"}}, {"s3_prefix": "x"}, True),
        ({"StringNotEquals": {"s3:prefix": ["x", "runs/"]}}, {"s3_prefix": "x"}, False),
        ({"StringNotEquals": {"s3:prefix": "runs/"}}, {}, True),
        ({"Bool": {"aws:SecureTransport": True}}, {"aws_SecureTransport": "true"}, True),
        ({"Bool": {"aws:SecureTransport": "false"}}, {"aws_SecureTransport": "true"}, False),
        ({"ArnLike": {"aws:SourceArn": "arn:aws:s3:::*"}}, {"aws_SourceArn": "arn:aws:s3:::bucket"}, True),
        (
            {"StringEquals": {"s3:prefix": "runs/"}, "Bool": {"aws:SecureTransport": True}},
            {"s3_prefix": "runs/"},
            False,
        ),
    ],
)
def test_a_statement_counts_only_where_its_conditions_hold(
    condition: dict[str, Any], context: dict[str, str], holds: bool
) -> None:
    assert may("s3:ListBucket", "arn:aws:s3:::bucket", {**LIST, "Condition": condition}, **context) is holds


@pytest.mark.parametrize(
    ("statement", "named"),
    [
        ({"NotAction": "s3:*", "Resource": "*"}, "NotAction"),
        ({"Action": "s3:*", "NotResource": "*"}, "NotResource"),
        ({**READ, "Condition": {"DateLessThan": {"aws:CurrentTime": "2030"}}}, "DateLessThan"),
        ({"Action": "s3:*", "Resource": "arn:aws:s3:::bucket/${aws:username}/*"}, "a policy variable"),
    ],
)
def test_what_is_not_known_is_refused_and_not_passed_over(statement: dict[str, Any], named: str) -> None:
    with pytest.raises(LocalStackError, match=named):
        statements("policy", policy({"Sid": "Odd", **statement}))


ROLE = "listrak-relay-ReadRole-4711"
IDS = {
    "ReadRole": ROLE,
    "WorkBucket": "listrak-relay-workbucket-0815",
    "Queue": "http://host/123456789012/listrak-relay-Queue-42",
    "Layer": "arn:aws:lambda:us-east-1:123456789012:layer:core:1",
}


def used_by(*decisions: Decision, template: Path) -> Usage:
    document = policy(
        {
            "Sid": "Read",
            "Action": ["s3:GetObject", "s3:PutObject"],
            "Resource": "arn:aws:s3:::listrak-relay-workbucket-0815/*",
        },
        {
            "Sid": "Send",
            "Action": "sqs:SendMessage",
            "Resource": "arn:aws:sqs:us-east-1:123456789012:listrak-relay-Queue-42",
        },
    )
    return usage(template, {ROLE: statements("own", document)}, decisions, IDS)


@pytest.fixture
def template(tmp_path: Path) -> Path:
    path = tmp_path / "template.yaml"
    path.write_text("Resources: {}\n")
    return path


GET = RoleGrant("ReadRole", "own/Read", "s3:GetObject", "arn:aws:s3:::${WorkBucket}/*")
PUT = RoleGrant("ReadRole", "own/Read", "s3:PutObject", "arn:aws:s3:::${WorkBucket}/*")
SEND = RoleGrant("ReadRole", "own/Send", "sqs:SendMessage", "arn:aws:sqs:us-east-1:123456789012:${Queue}")


def test_a_usage_speaks_of_logical_ids_and_knows_each_action_and_resource_apart(template: Path) -> None:
    found = used_by(
        Decision(ROLE, "s3:GetObject", "arn:aws:s3:::listrak-relay-workbucket-0815/a", allowed=True), template=template
    )

    assert found.granted == {GET, PUT, SEND}
    assert found.used == {GET}


@pytest.mark.parametrize(
    "physical",
    ["listrak-relay/key-1f0d", "arn:aws:secretsmanager:us-east-1:123456789012:secret:listrak-relay/key-1f0d-AbCdEf"],
)
def test_a_secret_is_the_same_whatever_an_emulator_has_for_its_id(template: Path, physical: str) -> None:
    named = "arn:aws:secretsmanager:us-east-1:123456789012:secret:listrak-relay/key-1f0d-??????"
    read = policy({"Action": "secretsmanager:GetSecretValue", "Resource": named})

    found = usage(template, {ROLE: statements("own", read)}, [], {**IDS, "Key": physical})

    (grant,) = found.granted
    assert grant.resource == "arn:aws:secretsmanager:us-east-1:123456789012:secret:${Key}-??????"


def test_what_was_denied_uses_nothing(template: Path) -> None:
    denied = Decision(ROLE, "s3:GetObject", "arn:aws:s3:::listrak-relay-workbucket-0815/a", allowed=False)

    assert used_by(denied, template=template).used == frozenset()


def test_a_usage_comes_back_from_its_file(template: Path, tmp_path: Path) -> None:
    found = used_by(
        Decision(ROLE, "s3:PutObject", "arn:aws:s3:::listrak-relay-workbucket-0815/a", allowed=True), template=template
    )

    found.save(tmp_path / "usages" / "one.json")

    assert Usage.load(tmp_path / "usages" / "one.json") == found


def made(*used: RoleGrant) -> Usage:
    return Usage("hash", frozenset({GET, PUT, SEND}), frozenset(used))


def test_a_grant_is_used_if_one_of_the_stacks_used_it() -> None:
    assert judge([made(GET, PUT), made(SEND)], []) == []


def test_each_grant_that_no_stack_used_is_named() -> None:
    (fault,) = judge([made(GET), made(SEND)], [])

    assert "ReadRole, own/Read: s3:PutObject on arn:aws:s3:::${WorkBucket}/*" in fault


def test_an_excuse_covers_what_fits_it_and_nothing_else() -> None:
    excuse = Excuse("*Role", "s3:Put*", "*", "only when the disk is full")

    (fault,) = judge([made(GET)], [excuse])

    assert "sqs:SendMessage" in fault


def test_an_excuse_for_what_nobody_is_granted_is_a_fault() -> None:
    (fault,) = judge([made(GET, PUT, SEND)], [Excuse("OtherRole", "s3:PutObject", "*", "long ago")])

    assert "OtherRole" in fault


def test_decisions_are_read_as_they_are_written(tmp_path: Path) -> None:
    path = tmp_path / "decisions.jsonl"
    decisions = Decisions(path)
    assert decisions.all() == []

    with DecisionFile(path) as written:
        written.add(Decision("role", "s3:GetObject", OBJECT, allowed=True, context={"s3:prefix": "ä"}))
        written.add(Decision("role", "s3:PutObject", OBJECT, allowed=False))
    first = decisions.all()
    with path.open("a") as file:
        file.write('{"role": "half a l')
    again = decisions.all()

    assert again == first
    assert [one.allowed for one in first] == [True, False]
    assert first[0].context == {"s3:prefix": "ä"}


def test_the_same_denial_is_told_once(tmp_path: Path) -> None:
    with DecisionFile(tmp_path / "decisions.jsonl") as written:
        for _ in range(3):
            written.add(Decision("role", "s3:PutObject", OBJECT, allowed=False))

    assert [str(one) for one in Decisions(tmp_path / "decisions.jsonl").denied()] == [
        f"role may not do s3:PutObject on {OBJECT}"
    ]


def test_a_denial_is_told_whenever_it_is_written(tmp_path: Path) -> None:
    path = tmp_path / "decisions.jsonl"
    decisions = Decisions(path)
    with DecisionFile(path) as written:
        written.add(Decision("role", "s3:GetObject", OBJECT, allowed=True))
        assert decisions.denied() == []

        for action in ("s3:PutObject", "s3:DeleteObject"):
            written.add(Decision("role", action, OBJECT, allowed=False))
            assert [one.action for one in decisions.denied()][-1] == action
