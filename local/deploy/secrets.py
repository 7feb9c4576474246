"""Secrets, which moto's CloudFormation skips."""

from __future__ import annotations

import secrets
import string
from typing import Any

from local.aws import Aws


def _generated(wanted: dict[str, Any]) -> str:
    """Letters and digits, as AWS makes them where punctuation is left out."""
    letters = string.ascii_letters + string.digits
    return "".join(secrets.choice(letters) for _ in range(int(wanted["PasswordLength"])))


def create(aws: Aws, properties: dict[str, Any], value: str | None) -> str:
    """``properties`` resolved, ``value`` in place of the template's. Returns the ARN, which is what ``Ref`` gives."""
    created = aws.secretsmanager.create_secret(
        Name=properties["Name"],
        Description=properties.get("Description", ""),
        SecretString=value or properties.get("SecretString") or _generated(properties["GenerateSecretString"]),
    )
    return created["ARN"]
