"""How the emulator reads templates."""

from __future__ import annotations

from typing import Any

from local.emulator.templates import json_first


def by_moto(template: str) -> dict[str, Any]:
    return {"read by moto": template}


def test_a_template_of_json_is_not_read_by_the_slow_reader_of_yaml() -> None:
    assert json_first(by_moto)('{"Resources": {"Bucket": {"Type": "AWS::S3::Bucket"}}}') == {
        "Resources": {"Bucket": {"Type": "AWS::S3::Bucket"}}
    }


def test_any_other_template_is_read_by_moto() -> None:
    template = "Resources:\n  Bucket: {Type: AWS::S3::Bucket}\n"
    assert json_first(by_moto)(template) == {"read by moto": template}
