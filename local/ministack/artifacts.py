"""What `sam deploy` uploads: the code of functions and layers as archives, and the template."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

from local.template.source import ARTIFACTS_BUCKET, Document

if TYPE_CHECKING:
    from local.aws import Aws


def upload(aws: Aws, root: Path, template: Document) -> None:
    """Everything that the translated template takes from `ARTIFACTS_BUCKET`; ``root``: where its folders are."""
    aws.s3.create_bucket(Bucket=ARTIFACTS_BUCKET)
    for resource in template["Resources"].values():
        properties = resource.get("Properties", {})
        if code := properties.get("Code") or properties.get("Content"):
            aws.s3.put_object(Bucket=ARTIFACTS_BUCKET, Key=code["S3Key"], Body=archive(root / code["S3Key"]))


def upload_template(aws: Aws, template: Document) -> str:
    """Its address. CloudFormation takes a template of this size from a bucket only."""
    aws.s3.put_object(Bucket=ARTIFACTS_BUCKET, Key="template.json", Body=json.dumps(template).encode())
    return f"https://s3.amazonaws.com/{ARTIFACTS_BUCKET}/template.json"  # the one form that MiniStack reads


def archive(folder: Path) -> bytes:
    """Its Python files and what lies beside them. The packages of a layer come from the interpreter's environment."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archived:
        for path in sorted(folder.rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                archived.write(path, path.relative_to(folder))
    return packed.getvalue()
