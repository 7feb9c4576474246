"""`template.yaml` → a stack in the emulator, whole."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from local.aws import Aws
from local.template.source import Document

STACK_NAME = "listrak-relay"
STACK_UUID = "5c1a3f0e-8d4b-4e7a-9b62-1f0d7c3e5a94"
"""The last part of the stack's id."""


@dataclass(frozen=True)
class Deployment:
    """``resources``: logical id → resolved resource, of those whose condition holds. ``ids``: logical → physical id.

    ``root``: the folder to which code folders are relative.
    """

    aws: Aws
    root: Path
    resources: Mapping[str, Document]
    ids: Mapping[str, str]
    outputs: Mapping[str, str]

    def of_type(self, kind: str) -> dict[str, Document]:
        """Logical id → resolved properties."""
        return {name: r.get("Properties", {}) for name, r in self.resources.items() if r["Type"] == kind}

    def logical(self, physical: str) -> str:
        """Raises KeyError."""
        return {physical_id: name for name, physical_id in self.ids.items()}[physical]
