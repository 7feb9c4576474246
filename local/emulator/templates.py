"""Templates that are JSON are read as JSON.

moto reads every template as YAML, which JSON is, too, by a reader written in Python: of this stack's 150 kB it takes
most of the time that the stack needs to start.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from moto.cloudformation.models import Stack


def install() -> None:
    setattr(Stack, "parse_template", staticmethod(json_first(Stack.parse_template)))  # noqa: B010 # a method


def json_first(parse: Callable[[str], dict[str, Any]]) -> Callable[[str], dict[str, Any]]:
    def parse_template(template: str) -> dict[str, Any]:
        try:
            read: dict[str, Any] = json.loads(template)
        except ValueError:
            return parse(template)
        return read

    return parse_template
