"""What `sam local invoke` gives a function: `make env` finds it in a deployed stack, SAM itself in the template."""

from __future__ import annotations

import json
import subprocess

import pytest

from local.deploy.deployment import STACK_NAME
from local.invoke_variables import variables
from local.ministack.stack import MiniStack
from local.template.source import read_template
from tests.support.paths import EVENTS, SAM_PYTHON, TEMPLATE

pytestmark = pytest.mark.aws

AS_SAM_READS_IT = """
import json, sys
from samcli.lib.providers.sam_function_provider import SamFunctionProvider
from samcli.lib.providers.sam_stack_provider import SamLocalStackProvider
stacks, _ = SamLocalStackProvider.get_stacks(sys.argv[1])
print(json.dumps({one.name: one.environment["Variables"] for one in SamFunctionProvider(stacks).get_all()}))
"""
"""Function → variables, before any that are given."""


def test_the_variables_are_those_of_the_stack(stack: MiniStack) -> None:
    found = variables(STACK_NAME, stack.aws.cloudformation, stack.aws.lambda_)

    assert found["WORK_BUCKET"] == stack.client.address.work_bucket
    assert found["EMAIL_DEAD_LETTER_QUEUE_URL"] == stack.ids["EmailDeadLetterQueue"]
    assert found["RANGES_STATE_MACHINE_ARN"] == stack.ids["IngestRanges"]


def test_sam_knows_the_value_of_every_variable_that_is_no_name_of_a_resource() -> None:
    run = [str(SAM_PYTHON), "-c", AS_SAM_READS_IT, str(TEMPLATE)]
    functions = json.loads(subprocess.run(run, capture_output=True, text=True, check=True, timeout=120).stdout)

    named = set(json.loads((EVENTS / "env.json").read_text(encoding="utf-8"))["Parameters"])
    resources = read_template(TEMPLATE)["Resources"]
    assert len(functions) == len([one for one in resources.values() if one["Type"] == "AWS::Serverless::Function"])
    for function, variables_of_it in functions.items():
        for name, value in variables_of_it.items():
            assert isinstance(value, str), f"{function} {name}"
            assert (value in resources) == (name in named), f"{function} {name} is {value}"
