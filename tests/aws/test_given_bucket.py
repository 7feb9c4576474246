"""Files dropped in a bucket that the stack did not make, and that has no versions."""

from __future__ import annotations

from pathlib import Path

import pytest

from listrak_relay.domain.run.runs import UNVERSIONED, DroppedFile
from local.ministack.stack import MiniStack
from local.relay_client import Dropped
from tests.support.paths import USAGE
from tests.support.stack.ministack import large
from tests.support.stack.relay import people

pytestmark = pytest.mark.aws
BUCKET = "listrak-relay-given-drops"


def drop(stack: MiniStack, key: str, content: str) -> Dropped:
    """The tag of its content stands for the version that it has not."""
    tag = stack.aws.s3.put_object(Bucket=BUCKET, Key=key, Body=content.encode())["ETag"].strip('"')
    version = UNVERSIONED + tag
    return Dropped(key, version, DroppedFile(BUCKET, key, version, size=0, dropped_at="").run_id)


def test_files_are_read_by_one_function_or_by_many_with_what_the_roles_allow(tmp_path: Path) -> None:
    with MiniStack(tmp_path, {"DropBucketName": BUCKET, "LargeFileMb": "1", "RangeMb": "1"}, given=[BUCKET]) as stack:
        stack.client.configure(b"version: 1\n")
        rows = [f"person.{number:05}@example.com,Ada,{number},yes" for number in range(40_000)]

        small = drop(stack, "email/vip/people.csv", people(5))
        many = drop(stack, "email/many/people.csv", large("email", "First Name,points,opt_in", rows))

        assert stack.wait_for_run(small)["counts"]["accepted"] == 5
        assert stack.wait_for_run(many)["counts"]["accepted"] == 40_000
        stack.check()
        stack.usage().save(USAGE / "aws-check-given-bucket.json")
