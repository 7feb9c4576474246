"""The published JSON Schema of `config/destinations.yaml` agrees with what is read."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from listrak_relay.domain.configuration.destination_keys import KEYS
from tests.support.paths import EXAMPLE_DESTINATIONS, ROOT, SAMPLES

SCHEMA = json.loads((ROOT / "docs" / "schemas" / "destinations.schema.json").read_text(encoding="utf-8"))


def says(text: str) -> None:
    jsonschema.validate(yaml.safe_load(text), SCHEMA)


def test_it_knows_the_keys_of_each_channel_and_no_others() -> None:
    allowed: dict[str, Any] = {
        rule["if"]["properties"]["channel"]["const"]: set(rule["then"]["propertyNames"]["enum"])
        for rule in SCHEMA["$defs"]["destination"]["allOf"]
    }

    assert allowed == {channel.value: {key.name for key in keys} for channel, keys in KEYS.items()}


def test_every_key_is_described() -> None:
    described = {**SCHEMA["$defs"]["destination"]["properties"], **SCHEMA["$defs"]["file"]["properties"]}

    assert not [name for name, rule in described.items() if not rule.get("description") and "$ref" not in rule]


@pytest.mark.parametrize("file", [EXAMPLE_DESTINATIONS, SAMPLES / "config" / "destinations.yaml"], ids=lambda f: f.name)
def test_it_takes_the_files_that_are_shown(file: Path) -> None:
    says(file.read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    "destination",
    [
        "{channel: email, lst: x}",
        "{channel: emial}",
        "{channel: sms, event_ids: [1]}",
        "{channel: email, mirror_guard_percent: 101}",
    ],
)
def test_it_refuses_what_is_refused_when_a_file_is_dropped(destination: str) -> None:
    with pytest.raises(jsonschema.ValidationError):
        says(f"version: 1\ndestinations:\n  a: {destination}\n")
