"""What `sam local invoke` would give to the functions, by SAM's own reading of the template. Its containers are not
started: they need Docker."""

from __future__ import annotations

import json
import subprocess
from typing import Any

import pytest

from tests.support.paths import EVENTS, ROOT, SAM_PYTHON

pytestmark = pytest.mark.packaging

READ_BY_SAM = """
import json, sys
from samcli.lib.providers.sam_function_provider import SamFunctionProvider
from samcli.lib.providers.sam_stack_provider import SamLocalStackProvider
from samcli.local.lambdafn.env_vars import EnvironmentVariables

stacks, _ = SamLocalStackProvider.get_stacks("template.yaml")
given = json.load(open("events/env.json"))["Parameters"]
json.dump(
    {
        one.name: {
            "memory": one.memory,
            "variables": EnvironmentVariables(
                function_memory=one.memory,
                function_timeout=one.timeout,
                function_handler=one.handler,
                variables=one.environment["Variables"],
                override_values=given,
            ).resolve(),
        }
        for one in SamFunctionProvider(stacks).get_all()
    },
    sys.stdout,
)
"""


def test_memory_and_variables_are_known_to_sam_with_those_of_the_file() -> None:
    answer = subprocess.run([SAM_PYTHON, "-c", READ_BY_SAM], cwd=ROOT, capture_output=True, text=True, check=True)
    functions: dict[str, Any] = json.loads(answer.stdout)
    given = json.loads((EVENTS / "env.json").read_text(encoding="utf-8"))["Parameters"]

    assert len(functions) == 8
    for name, one in functions.items():
        assert int(one["memory"]) >= 512, name
        assert not [value for value in one["variables"].values() if not value or "Fn::" in value], name
    used = {variable for one in functions.values() for variable in one["variables"]}
    assert set(given) <= used
    assert functions["DeliverEmailFunction"]["variables"]["WORK_BUCKET"] == given["WORK_BUCKET"]
