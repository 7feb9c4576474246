"""`make env` finds in a deployed stack what a function on this machine needs to work with it."""

from __future__ import annotations

import pytest

from local.deploy.deployment import STACK_NAME
from local.invoke_variables import variables
from local.ministack.stack import MiniStack

pytestmark = pytest.mark.aws


def test_the_variables_are_those_of_the_stack(stack: MiniStack) -> None:
    found = variables(STACK_NAME, stack.aws.cloudformation, stack.aws.lambda_)

    assert found["WORK_BUCKET"] == stack.client.address.work_bucket
    assert found["EMAIL_DEAD_LETTER_QUEUE_URL"] == stack.ids["EmailDeadLetterQueue"]
    assert found["RANGES_STATE_MACHINE_ARN"] == stack.ids["IngestRanges"]
