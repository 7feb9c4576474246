"""`policies/drop-access.yaml`: who drops files for one destination may do that and nothing else."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import Any

import pytest
from samtranslator.yaml_helper import yaml_parse

from tests.support.paths import ROOT
from tests.support.stack.template_values import ACCOUNT, as_list, resources_of

TEMPLATE: dict[str, Any] = yaml_parse((ROOT / "policies/drop-access.yaml").read_text(encoding="utf-8"))
BUCKET, OWN = "arn:aws:s3:::drops", "arn:aws:s3:::drops/vip/audience/file.csv"
PLATFORMS = TEMPLATE["Parameters"]["Platform"]["AllowedValues"]
WRITER = "arn:aws:iam::111122223333:role/writer"
KEY = "arn:aws:kms:us-east-1:123456789012:key/0a1b"


def resources(**parameters: str) -> dict[str, Any]:
    return resources_of(TEMPLATE, {"DropBucketName": "drops", "Destination": "vip", **parameters})


def may(action: str, resource: str, prefix: str = "", **parameters: str) -> bool:
    """Whether the policy allows a call. ``prefix``: that of a listing."""
    statements = resources(**parameters)["DropPolicy"]["PolicyDocument"]["Statement"]
    return any(
        action in as_list(statement["Action"])
        and fnmatchcase(resource, statement["Resource"])
        and any(
            fnmatchcase(prefix, pattern)
            for pattern in statement.get("Condition", {}).get("StringLike", {}).get("s3:prefix", ["*"])
        )
        for statement in statements
    )


@pytest.mark.parametrize("platform", PLATFORMS)
def test_files_may_be_written_for_the_destination_and_for_no_other(platform: str) -> None:
    assert may("s3:PutObject", OWN, Platform=platform)
    assert may("s3:AbortMultipartUpload", OWN, Platform=platform)
    for other in ("drops/vips/a/f.csv", "drops/email/a/f.csv", "drops/vip", "others/vip/a/f.csv"):
        assert not may("s3:PutObject", f"arn:aws:s3:::{other}", Platform=platform)


@pytest.mark.parametrize("platform", PLATFORMS)
def test_nobody_may_change_the_bucket_or_who_may_use_it(platform: str) -> None:
    for action in ("s3:PutBucketPolicy", "s3:PutObjectAcl", "s3:DeleteObjectVersion", "s3:PutLifecycleConfiguration"):
        for resource in (BUCKET, OWN):
            assert not may(action, resource, Platform=platform)


@pytest.mark.parametrize(
    ("platform", "needs"),
    [
        ("any", set()),
        ("amperity", {"s3:ListBucket", "s3:GetBucketLocation"}),
        (
            "snowflake",
            {"s3:ListBucket", "s3:GetBucketLocation", "s3:GetObject", "s3:GetObjectVersion", "s3:DeleteObject"},
        ),
        ("redshift", {"s3:ListBucket", "s3:GetBucketLocation", "s3:GetObject"}),
        (
            "databricks",
            {"s3:ListBucket", "s3:GetBucketLocation", "s3:ListBucketMultipartUploads", "s3:ListMultipartUploadParts"}
            | {"s3:GetObject", "s3:DeleteObject"},
        ),
    ],
)
def test_a_platform_has_what_it_needs_beyond_writing_and_no_more(platform: str, needs: set[str]) -> None:
    everything = {
        *("s3:ListBucket", "s3:GetBucketLocation", "s3:ListBucketMultipartUploads", "s3:ListMultipartUploadParts"),
        *("s3:GetObject", "s3:GetObjectVersion", "s3:DeleteObject"),
    }
    on_objects = {"s3:GetObject", "s3:GetObjectVersion", "s3:DeleteObject", "s3:ListMultipartUploadParts"}

    allowed = {
        action
        for action in everything
        if may(action, OWN if action in on_objects else BUCKET, "vip/audience/", Platform=platform)
    }

    assert allowed == needs


@pytest.mark.parametrize("platform", PLATFORMS)
def test_what_is_seen_is_ones_own(platform: str) -> None:
    for action in ("s3:ListBucket", "s3:ListBucketMultipartUploads"):
        assert not may(action, BUCKET, "email/", Platform=platform)
        assert not may(action, BUCKET, "", Platform=platform)
    assert not may("s3:GetObject", "arn:aws:s3:::drops/email/a/f.csv", Platform=platform)


def test_the_key_is_used_through_s3_alone_and_only_where_there_is_one() -> None:
    def key_statements(**parameters: str) -> list[Any]:
        statements = resources(**parameters)["DropPolicy"]["PolicyDocument"]["Statement"]
        return [one for one in statements if "kms:GenerateDataKey" in as_list(one["Action"])]

    (statement,) = key_statements(EncryptionKeyArn=KEY)

    assert statement["Resource"] == KEY
    assert statement["Condition"] == {"StringEquals": {"kms:ViaService": "s3.us-east-1.amazonaws.com"}}
    assert key_statements() == []


def test_a_role_for_another_account_wants_its_external_id() -> None:
    role = resources(TrustedPrincipalArns=WRITER, ExternalId="abc")["DropRole"]
    (trust,) = role["AssumeRolePolicyDocument"]["Statement"]

    assert trust["Principal"] == {"AWS": [WRITER]}
    assert trust["Condition"] == {"StringEquals": {"sts:ExternalId": "abc"}}
    assert role["ManagedPolicyArns"] == ["DropPolicy"]
    assert "DropRole" not in resources()


def test_the_role_of_databricks_may_take_on_itself() -> None:
    made = resources(TrustedPrincipalArns=WRITER, ExternalId="abc", Platform="databricks")
    _, itself = made["DropRole"]["AssumeRolePolicyDocument"]["Statement"]

    own = f"arn:aws:iam::{ACCOUNT}:role/{made['DropRole']['RoleName']}"
    assert itself["Condition"] == {"ArnEquals": {"aws:PrincipalArn": own}}
    (statement,) = made["AssumeItselfPolicy"]["PolicyDocument"]["Statement"]
    assert (statement["Action"], statement["Resource"]) == ("sts:AssumeRole", "DropRole.Arn")
    assert "AssumeItselfPolicy" not in resources(TrustedPrincipalArns=WRITER)
