"""The whole stack as one context manager: emulator, simulator, deployed template, running functions, triggers."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from listrak_simulator.client import SimulatorControl
from local.aws import Aws
from local.deploy.deploy import deploy
from local.emulator.start import start_emulator
from local.errors import LocalStackError
from local.lambda_runtime.account import AccountLimits, account_limits
from local.lambda_runtime.function import Function, InvocationRecord
from local.lambda_runtime.functions import Environment, Functions
from local.lambda_runtime.invoke_api import InvokeApi
from local.lambda_runtime.worker import Outcome
from local.listrak import RUNS, start_listrak
from local.observer import Observer
from local.paths import TEMPLATE
from local.permissions.decisions import DecisionFile, Decisions
from local.permissions.roles import check_service_calls, deployed_statements
from local.permissions.usage import Usage, usage
from local.place import Place
from local.processes import Processes
from local.queues import Queues
from local.relay_client import Dropped, RelayClient, Report, StackAddress
from local.run_pages import RunPages
from local.sftp import SftpAddress
from local.template.parameters import listrak_addresses
from local.triggers.executions import Execution, Executions
from local.triggers.threads import Background
from local.triggers.triggers import TriggerOptions, Triggers
from local.waiting_messages import WaitingMessages

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


LONGEST_IDLE = 300.0  # seconds, after which an idle process is gone here; Lambda names no time


@dataclass(frozen=True)
class StackOptions:
    """``port`` of the emulator and ``simulator_port``: 0 takes a free one. ``parameters`` go over those that the local
    stack sets itself. ``limits``: of the account that the stack is deployed in. ``executions_may_fail``: one that ends
    as its state machine does not foresee is no fault of the stack.
    """

    port: int = 0
    simulator_port: int = 0
    template: Path = TEMPLATE
    parameters: Mapping[str, str] = field(default_factory=dict)
    triggers: TriggerOptions = field(default_factory=TriggerOptions)
    limits: AccountLimits = field(default_factory=lambda: account_limits(os.environ))
    environment: Environment = lambda _name, _environment: {}
    executions_may_fail: bool = False


class LocalStack:
    """Use it in a ``with`` statement. ``directory`` holds logs and scratch files of this stack only."""

    aws: Aws
    simulator: SimulatorControl
    sftp: SftpAddress
    client: RelayClient
    queues: Queues
    observer: Observer
    decisions: Decisions
    """Of IAM, about the calls of the functions and of what calls in their names."""

    def __init__(self, directory: Path, options: StackOptions | None = None) -> None:
        self._directory = directory
        self._options = options or StackOptions()
        self._place = Place(directory)
        self._started = False
        self._background = Background()
        self._processes = Processes()
        self._servers: list[subprocess.Popen[bytes]] = []
        self._functions = Functions()
        self._invoke_api = InvokeApi(self._functions.find_in_aws)
        self._executions: Executions | None = None
        self._triggers: Triggers | None = None

    def __enter__(self) -> LocalStack:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.stop()

    def start(self) -> None:
        """What ``with`` does first. Nothing is left behind if it fails.

        Raises:
            LocalStackError: a part did not start, the stack was started before, or another has the directory.
        """
        if self._started:
            raise LocalStackError("this stack was started before; a stack is started once")
        self._started = True
        try:
            self._place.take()
            self._start()
        except BaseException:
            self.stop()
            raise

    @property
    def s3(self) -> S3Client:
        return self.aws.s3

    @property
    def invocations(self) -> list[InvocationRecord]:
        """All that have finished, oldest first."""
        return self._functions.invocations

    def drop(self, key: str, content: bytes | Path) -> Dropped:
        return self.client.drop(key, content)

    def wait_for_run(self, dropped: Dropped, timeout: float = 240) -> Report:
        """Raises LocalStackError: it took too long, or a part of the stack has failed."""
        return self.client.wait_for_run(dropped, timeout, quiet=timeout, check=self.check)

    def function(self, name: str) -> Function:
        """By logical id or by its folder, such as ``deliver_email``."""
        return self._functions.find(name)

    def executions(self) -> list[Execution]:
        """Of all state machines."""
        return self._executions.all() if self._executions else []

    def invoke(self, name: str, event: Any) -> Outcome:
        """Synchronously, as `sam local invoke` would."""
        return self.function(name).invoke(event)

    def kill(self, name: str) -> int:
        """SIGKILL the processes of a function that have an invocation; returns how many."""
        return self.function(name).kill_running()

    def run_schedules(self) -> None:
        """What the timer would do, now."""
        if self._triggers:
            self._triggers.fire_schedules()

    def rests_for(self) -> float | None:
        """Seconds until the next message comes that starts something, infinite if none is waiting; None while something
        is at work."""
        if self._triggers is None or self._executions is None or self._triggers.at_work or self._executions.running():
            return None
        seconds = self._messages.next_in(self._triggers.queues)
        return None if not seconds or self._triggers.at_work else seconds

    def pass_time(self, seconds: float) -> None:
        """For messages alone: those that are hidden or delayed can be received so much earlier. Processes that have
        nothing to do end, as they would in that time."""
        if seconds > LONGEST_IDLE:
            self._functions.forget_warm_processes()
        self._messages.pass_time(seconds)

    def processes(self) -> dict[str, int]:
        """Process ids by what they are: the servers by their program, each process of a function by the function."""
        servers = {server.args[2]: server.pid for server in self._servers if isinstance(server.args, list)}
        return servers | self._functions.processes()

    def usage(self) -> Usage:
        """Which grants of the roles were used since the start."""
        policies = deployed_statements(self._deployment)
        return usage(self._options.template, policies, self.decisions.all(), self._deployment.ids)

    def check(self) -> None:
        """Raises LocalStackError: a part of the stack has failed since it started."""
        if self._background.fault:
            raise LocalStackError(f"the local stack has failed: {self._background.fault!r}") from self._background.fault
        if denied := [one for one in self.decisions.denied() if one.role in self._deployment.ids.values()]:
            raise LocalStackError("IAM denied: " + "; ".join(map(str, denied)))
        for server in self._servers:
            if server.poll() is not None:
                raise LocalStackError(f"{server.args!r} has ended with status {server.returncode}; logs: {self._logs}")

    def stop(self) -> None:
        self._background.stopping.set()
        if self._triggers:
            self._triggers.stop()
        self._functions.close()
        self._invoke_api.close()
        self._processes.end_all()
        self._background.join()
        if self._triggers:
            self._messages.close()
        if self._place.taken:
            shutil.rmtree(self._directory / "tmp", ignore_errors=True)
        self._place.give_back()

    # --- start -------------------------------------------------------------------------------------------------------

    @property
    def _logs(self) -> Path:
        return self._directory / "logs"

    def _start(self) -> None:
        for folder in (self._logs, self._directory / "tmp"):
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)
        with ThreadPoolExecutor(1) as aside:
            starting = aside.submit(start_listrak, self._processes, self._directory, self._options.simulator_port)
            emulator, self.aws, self.decisions = start_emulator(
                self._processes,
                self._directory,
                self._options.port,
                self._invoke_api.address,
                self._options.triggers.longest_state_retry,
            )
            listrak = starting.result()
        self.simulator, self.sftp = listrak.simulator, listrak.sftp
        self._servers = [emulator, *listrak.servers]
        parameters = {**listrak.parameters, **self._options.parameters}
        limits = self._options.limits
        self._deployment = deploy(self.aws, self._options.template, parameters, listrak.secrets, limits)
        with DecisionFile(self.decisions.path) as written:
            check_service_calls(self._deployment, written)
        self._functions.deploy(self._deployment, self._processes, self._directory, limits, self._options.environment)
        self._executions = Executions(self._deployment, self._background)
        self.client = RelayClient(self._address())
        self.queues = Queues(self._deployment)
        self.observer = Observer(self._deployment, RunPages(self.client, self._directory / RUNS).add)
        self._messages = WaitingMessages(self.aws.endpoint)
        self._triggers = Triggers(
            self._deployment, self._functions.by_logical_id, self._background, self._options.triggers
        )
        self._background.start("announcements", self.observer.listen)
        if not self._options.executions_may_fail:
            self._background.start("executions", self._executions.watch)

    def _address(self) -> StackAddress:
        outputs = self._deployment.outputs
        return StackAddress(
            pid=os.getpid(),
            endpoint=self.aws.endpoint,
            simulator=self.simulator.url,
            sftp_folder=str(self.sftp.folder),
            drop_bucket=outputs["DropBucketName"],
            work_bucket=outputs["WorkBucketName"],
            ledger_table=outputs["LedgerTableName"],
            ingest_dead_letter_queue=outputs["IngestFailureDeadLetterQueueUrl"],
            logs=str(self._logs),
            listrak=listrak_addresses(os.environ),
        )
