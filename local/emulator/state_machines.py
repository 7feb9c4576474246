"""moto's interpreter of state machines, switched on, with its gaps closed.

Left alone it takes a distributed map as done although one of its items failed, calls Lambda and S3 by the settings of
whoever started the stack and not as the state machine's role, and waits as long between two tries as AWS does.
"""

from __future__ import annotations

import functools
import time
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from moto.core.config import default_user_config
from moto.stepfunctions.parser.api import HistoryEventType, MapRunFailedEventDetails
from moto.stepfunctions.parser.asl.component.common.error_name.failure_event import FailureEvent, FailureEventException
from moto.stepfunctions.parser.asl.component.common.error_name.states_error_name import StatesErrorName
from moto.stepfunctions.parser.asl.component.common.error_name.states_error_name_type import StatesErrorNameType
from moto.stepfunctions.parser.asl.component.common.retry import retrier_decl
from moto.stepfunctions.parser.asl.component.state.exec.state_map.item_reader.eval import resource_eval_s3
from moto.stepfunctions.parser.asl.component.state.exec.state_map.iteration.itemprocessor import (
    distributed_item_processor_worker,
)
from moto.stepfunctions.parser.asl.component.state.exec.state_task import lambda_eval_utils
from moto.stepfunctions.parser.asl.eval.event.event_detail import EventDetails
from moto.stepfunctions.parser.asl.eval.program_state import ProgramEnded

from local.aws import Aws
from local.emulator.invocations import SECONDS

_FAILED = StatesErrorNameType.StatesExceedToleratedFailureThreshold


def install(endpoint: str, longest_retry: float) -> None:
    """``endpoint``: the emulator's own. ``longest_retry``: seconds that a retry waits at most.

    Raises AttributeError: moto has changed.
    """
    default_user_config["stepfunctions"] = {"execute_state_machine": True}
    aws = Aws(endpoint)

    @functools.cache
    def client_of_role(role_arn: str, service: str) -> Any:
        return aws.of_role(role_arn).client(service, read_timeout=SECONDS)

    def client_for(region: str, service: str, state_credentials: Any) -> Any:  # noqa: ARG001 # moto's signature
        return client_of_role(state_credentials.role_arn, service)

    worker = distributed_item_processor_worker.DistributedItemProcessorWorker
    for owner, name, own in (
        (lambda_eval_utils, "boto_client_for", client_for),
        (resource_eval_s3, "boto_client_for", client_for),
        (retrier_decl, "time", SimpleNamespace(sleep=lambda seconds: time.sleep(min(seconds, longest_retry)))),
        (worker, "_eval_job", _failing_with_its_item(worker._eval_job)),
    ):
        getattr(owner, name)  # a renamed one would bring the gap back unnoticed
        setattr(owner, name, own)


def _failing_with_its_item(evaluate: Callable[..., None]) -> Callable[..., None]:
    """An item that did not come to its end ends the map, as AWS does where no failures are tolerated."""

    def _eval_job(worker: Any, env: Any, job: Any) -> None:
        evaluate(worker, env, job)
        if isinstance(env.program_state(), ProgramEnded):
            return
        details = MapRunFailedEventDetails(
            error=_FAILED.to_name(), cause="The specified tolerated failure threshold was exceeded"
        )
        event = FailureEvent(
            env=env,
            error_name=StatesErrorName(_FAILED),
            event_type=HistoryEventType.MapRunFailed,
            event_details=EventDetails(mapRunFailedEventDetails=details),  # type: ignore[typeddict-item] # one of many
        )
        job.job_output = FailureEventException(event)

    return _eval_job
