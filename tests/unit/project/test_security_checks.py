"""What the scanners are told to pass over has a reason, and an audit that could not be made does not look like one."""

from __future__ import annotations

import importlib.util
import json
import re
import subprocess
import tomllib
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
import yaml

from tests.support.paths import ROOT

SUPPRESSION = re.compile(r"""^\s+(?:- (\w+)|"(\w+)",)\s*(?:# (.+))?$""", re.MULTILINE)
IGNORED = {
    ".checkov.yaml": yaml.safe_load((ROOT / ".checkov.yaml").read_text())["skip-check"],
    ".cfnlintrc.yaml": yaml.safe_load((ROOT / ".cfnlintrc.yaml").read_text())["ignore_checks"],
    "pyproject.toml": tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["bandit"]["skips"],
}


@pytest.mark.parametrize("file", IGNORED)
def test_every_suppression_has_its_reason_behind_it(file: str) -> None:
    text = (ROOT / file).read_text(encoding="utf-8")
    reasons = {yaml_id or toml_id: reason for yaml_id, toml_id, reason in SUPPRESSION.findall(text)}

    assert IGNORED[file]
    assert [check for check in IGNORED[file] if len(reasons.get(check) or "") < 10] == []


def test_every_template_is_looked_at() -> None:
    beside = [path for folder in ("policies", "watching") for path in (ROOT / folder).glob("*.yaml")]
    templates = sorted(["template.yaml", *(str(path.relative_to(ROOT)) for path in beside)])

    assert sorted(yaml.safe_load((ROOT / ".checkov.yaml").read_text())["file"]) == templates
    assert sorted(yaml.safe_load((ROOT / ".cfnlintrc.yaml").read_text())["templates"]) == templates


@pytest.fixture
def audit() -> ModuleType:
    spec = importlib.util.spec_from_file_location("audit", ROOT / "tools/audit.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def answering(monkeypatch: pytest.MonkeyPatch, *packages: dict[str, Any]) -> None:
    report = json.dumps({"dependencies": list(packages), "fixes": []})
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: SimpleNamespace(stdout=report))


def test_a_weakness_fails_the_audit_and_is_named_with_its_cure(
    audit: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    advisory = {"id": "PYSEC-2026-1", "aliases": ["CVE-2026-1"], "fix_versions": ["2.0"]}
    answering(monkeypatch, {"name": "requests", "version": "1.0", "vulns": [advisory]})

    assert audit.main() == 1
    assert "requests 1.0 has PYSEC-2026-1; mended in 2.0" in capsys.readouterr().err


def test_one_that_does_not_concern_us_is_passed_over(audit: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    advisory = {"id": "PYSEC-2026-1", "aliases": ["CVE-2026-1"], "fix_versions": []}
    answering(monkeypatch, {"name": "requests", "version": "1.0", "vulns": [advisory]})
    monkeypatch.setattr(audit, "IGNORED", {"CVE-2026-1": "no server of ours does this"})

    assert audit.main() == 0


@pytest.mark.parametrize("output", ["", "no JSON", '{"dependencies": [{"name": "six", "skip_reason": "not found"}]}'])
def test_an_audit_that_could_not_be_made_says_so(
    audit: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], output: str
) -> None:
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: SimpleNamespace(stdout=output, stderr="no way to pypi\n"))

    assert audit.main() == 0
    said = capsys.readouterr().out
    assert "SKIPPED requirements/dev.txt" in said
    assert "nothing was audited" in said
