"""Every command of the documentation is typed by a test, or it is written down why it cannot be, and is looked up."""

from __future__ import annotations

import re
import shlex

import botocore.session
import pytest
from botocore import xform_name

from tests.support.paths import ROOT
from tests.support.stack.documented_lines import definitions, documented_lines
from tests.support.stack.documented_shell import ELSEWHERE, RUNS, STORY, elsewhere

TYPED = {step.typed for step in [*STORY, *RUNS]}
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
AWS_OPTIONS = {"--query", "--output", "--endpoint-url"}


def test_every_command_is_typed_or_has_its_reason_for_not_being() -> None:
    found = documented_lines()

    assert {line for line in found - TYPED if not elsewhere(line)} == set(), (
        "type it in tests/support/stack/documented_shell.py, or say there why it cannot be"
    )
    assert TYPED - found == set()
    assert {line for line in TYPED if elsewhere(line)} == set()


def test_every_reason_is_for_a_command_that_is_there() -> None:
    found = documented_lines()

    assert [pattern for pattern in ELSEWHERE if not any(re.fullmatch(pattern, line) for line in found)] == []


@pytest.mark.parametrize("line", sorted(line for line in documented_lines() if line.startswith("make ")))
def test_every_target_and_variable_of_make_is_there(line: str) -> None:
    _, target, *variables = shlex.split(line)

    assert re.search(rf"^{re.escape(target)}:", MAKEFILE, re.MULTILINE)
    for name in (one.split("=")[0] for one in variables):
        assert re.search(rf"\$\(value {name}\)|\$\({name}\)|\$\$\{{{name}\b", MAKEFILE) or name in SOAK_VARIABLES


SOAK_VARIABLES = {"FAULT_SEED"}
"""Read by the tests themselves."""


def aws_calls() -> list[list[str]]:
    """Words behind ``aws`` of each call of one operation that no test types."""
    lines = [line for line in documented_lines() if line.startswith("aws ") and elsewhere(line)]
    words = [shlex.split(re.sub(r"\$\([^)]*\)", "x", line).split(" | ")[0])[1:] for line in lines]
    return [one for one in words if one[:2] not in (["cloudformation", "deploy"], ["cloudformation", "package"])]


def test_whatever_of_aws_no_test_types_exists_with_its_options() -> None:
    session = botocore.session.get_session()
    looked_up = set()
    for service, operation, *words in aws_calls():
        if (service, operation) == ("logs", "tail"):
            continue  # a command of the AWS CLI's own, of version 2
        model = session.get_service_model(service)
        name = {xform_name(one, "-"): one for one in model.operation_names}[operation]
        shape = model.operation_model(name).input_shape
        assert shape is not None
        members = {f"--{xform_name(member, '-')}" for member in shape.members}
        assert {word for word in words if word.startswith("--")} <= members | AWS_OPTIONS
        looked_up.add(operation)

    assert {"get-function-recursion-config", "invoke"} <= looked_up


def test_what_the_commands_presume_is_defined_in_the_documentation() -> None:
    defined = definitions()

    assert all(f"{name}() {{" in defined for name in ("output", "resource", "queue_arn"))
    assert all(f"{name}=" in defined for name in ("STACK", "DROP", "WORK"))
