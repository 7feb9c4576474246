"""Secrets, which moto's CloudFormation skips."""

from __future__ import annotations

from typing import Any

from local.aws import Aws


def create(aws: Aws, properties: dict[str, Any], value: str | None) -> str:
    """``properties`` resolved, ``value`` in place of the template's. Returns the ARN, which is what ``Ref`` gives."""
    created = aws.secretsmanager.create_secret(
        Name=properties["Name"],
        Description=properties.get("Description", ""),
        SecretString=value or properties["SecretString"],
    )
    return created["ARN"]
