"""`policies/opt-out-access.yaml`: who reads the opt-outs of a list may do that and nothing else."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import Any

import pytest
from samtranslator.yaml_helper import yaml_parse

from local.errors import LocalStackError
from tests.support.paths import ROOT
from tests.support.stack.template_values import as_list, resources_of

TEMPLATE: dict[str, Any] = yaml_parse((ROOT / "policies/opt-out-access.yaml").read_text(encoding="utf-8"))
BUCKET, FILE = "arn:aws:s3:::outs", "arn:aws:s3:::outs/email/master-list-1a2b3c4d/2026-01-31.csv"
READER = "arn:aws:iam::111122223333:role/reader"


def resources(**parameters: str) -> dict[str, Any]:
    return resources_of(TEMPLATE, {"OptOutBucketName": "outs", **parameters})


def may(action: str, resource: str, prefix: str = "", **parameters: str) -> bool:
    """Whether the policy allows a call. ``prefix``: that of a listing."""
    statements = resources(**parameters)["ReadPolicy"]["PolicyDocument"]["Statement"]
    return any(
        action in as_list(one["Action"])
        and fnmatchcase(resource, one["Resource"])
        and fnmatchcase(prefix, one.get("Condition", {}).get("StringLike", {}).get("s3:prefix", "*"))
        for one in statements
    )


def test_files_may_be_found_and_read_and_nothing_else() -> None:
    assert may("s3:GetObject", FILE)
    assert may("s3:ListBucket", BUCKET, "email/")
    for action in ("s3:PutObject", "s3:DeleteObject", "s3:GetObjectVersion", "s3:PutBucketPolicy"):
        assert not may(action, FILE)
        assert not may(action, BUCKET)


def test_a_prefix_keeps_the_other_lists_out_of_sight() -> None:
    own = "email/master-list-1a2b3c4d/"

    assert may("s3:GetObject", FILE, Prefix=own)
    assert may("s3:ListBucket", BUCKET, own, Prefix=own)
    assert not may("s3:GetObject", "arn:aws:s3:::outs/email/other-1a2b3c4d/2026-01-31.csv", Prefix=own)
    assert not may("s3:ListBucket", BUCKET, "", Prefix=own)
    assert not may("s3:ListBucket", BUCKET, "sms/", Prefix=own)


@pytest.mark.parametrize("prefix", ["*", "email", "email/*/", "/"])
def test_a_prefix_that_would_reach_further_than_it_says_is_refused(prefix: str) -> None:
    with pytest.raises(LocalStackError):
        resources(Prefix=prefix)


def test_a_role_is_there_for_those_who_are_named_and_for_nobody_else() -> None:
    assert "ReadRole" not in resources()

    role = resources(TrustedPrincipalArns=READER, ExternalId="abc")["ReadRole"]

    (statement,) = role["AssumeRolePolicyDocument"]["Statement"]
    assert as_list(statement["Principal"]["AWS"]) == [READER]
    assert statement["Condition"] == {"StringEquals": {"sts:ExternalId": "abc"}}
