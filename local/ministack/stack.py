"""The stack in MiniStack: created by CloudFormation from the real template, its functions held to their roles."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any

from listrak_simulator.client import SimulatorControl
from local.aws import REGION, Aws
from local.deploy.attributes import attribute
from local.deploy.deploy import pseudo_parameters
from local.deploy.deployment import STACK_NAME
from local.errors import LocalStackError
from local.listrak import Listrak, start_listrak
from local.ministack import artifacts
from local.ministack.start import start_ministack
from local.paths import TEMPLATE
from local.permissions.decisions import Decision, Decisions
from local.permissions.keys import KINDS, key_decisions, keys_in_use
from local.permissions.policy import Statement
from local.permissions.roles import kept_statements
from local.permissions.usage import Usage, usage
from local.processes import Processes
from local.relay_client import Dropped, RelayClient, Report, StackAddress
from local.template.intrinsics import Resolver
from local.template.parameters import as_referenced, parameter_values
from local.template.source import Document, read_template, translate

CHANGE_SET = "create"
CREATE_SECONDS = 120.0


class MiniStack:
    """Use it in a ``with`` statement. ``directory`` holds logs and scratch files of this stack only; ``parameters`` go
    over those that the simulated Listrak asks for. ``template``: in place of the real one, with the same code.
    ``given``: buckets that are there before the stack, and tell EventBridge of their objects."""

    aws: Aws
    client: RelayClient
    listrak: Listrak
    decisions: Decisions
    """Of IAM, about the calls of the functions and of what calls in their names."""
    ids: dict[str, str]
    """Logical id → physical id."""
    types: dict[str, str]
    """Logical id → type."""

    def __init__(
        self,
        directory: Path,
        parameters: Mapping[str, str] | None = None,
        template: Document | None = None,
        given: Iterable[str] = (),
    ) -> None:
        self._directory = directory
        self._parameters = parameters or {}
        self._given = given
        self._template = template or read_template(TEMPLATE)
        self._processes = Processes()
        self._servers: list[subprocess.Popen[bytes]] = []

    def __enter__(self) -> MiniStack:
        try:
            self._start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def simulator(self) -> SimulatorControl:
        return self.listrak.simulator

    def drop(self, key: str, content: bytes | Path) -> Dropped:
        return self.client.drop(key, content)

    def wait_for_run(self, dropped: Dropped, timeout: float = 240) -> Report:
        """Raises LocalStackError: it took too long, or a part of the stack has failed."""
        return self.client.wait_for_run(dropped, timeout, quiet=timeout, check=self.check)

    def usage(self) -> Usage:
        """Which grants of the roles were used since the start."""
        decisions = [*self.decisions.all(), *self.key_decisions()]
        return usage(TEMPLATE, self._policies(), decisions, self.ids)

    def key_decisions(self) -> list[Decision]:
        """About the calls of KMS that followed from those of the functions since the start."""
        return list(key_decisions(self.decisions.all(), self.keys(), self._policies()))

    def keys(self) -> dict[str, str]:
        """Name of what is encrypted → ARN of the customer's key, by the template, since MiniStack forgets some."""
        return keys_in_use({name: self._resolved(name) for name, kind in self.types.items() if kind in KINDS}, self.ids)

    def _resolved(self, name: str) -> Document:
        resource: Document = self._resolver.resolve(self._translated["Resources"][name])
        return resource

    def _attribute(self, name: str, of: str) -> str:
        return attribute(self.types[name], self.ids[name], of)

    def _policies(self) -> dict[str, list[Statement]]:
        roles = [self.ids[name] for name, kind in self.types.items() if kind == "AWS::IAM::Role"]
        return kept_statements(self.aws, roles)

    def check(self) -> None:
        """Raises LocalStackError: a call was denied, or a part of the stack has ended."""
        if denied := [one for one in self.decisions.denied() if one.role in self.ids.values()]:
            raise LocalStackError("IAM denied: " + "; ".join(map(str, denied)))
        for server in self._servers:
            if server.poll() is not None:
                raise LocalStackError(
                    f"{server.args!r} has ended with status {server.returncode}; logs: {self._directory / 'logs'}"
                )

    def stop(self) -> None:
        self._processes.end_all()
        shutil.rmtree(self._directory / "tmp", ignore_errors=True)

    def _start(self) -> None:
        for folder in (self._directory / "logs", self._directory / "tmp"):
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)
        server, self.aws, self.decisions = start_ministack(self._processes, self._directory)
        self.listrak = start_listrak(self._processes, self._directory)
        self._servers = [server, *self.listrak.servers]
        for bucket in self._given:
            self.aws.s3.create_bucket(Bucket=bucket)
            self.aws.s3.put_bucket_notification_configuration(
                Bucket=bucket, NotificationConfiguration={"EventBridgeConfiguration": {}}
            )
        outputs = self._create()
        for name, text in self.listrak.secrets.items():
            self.aws.secretsmanager.put_secret_value(SecretId=self.ids[name], SecretString=text)
        self.client = RelayClient(self._address(outputs), self.aws)

    def _create(self) -> dict[str, str]:
        """By a change set from a bucket, as `sam deploy` does. Returns the stack's outputs.

        Raises LocalStackError with CloudFormation's own words.
        """
        values = parameter_values(self._template, {**self.listrak.parameters, **self._parameters})
        template = self._translated = translate(self._template, REGION, values)
        self.ids = {}
        self._resolver = Resolver(
            template, as_referenced(template, values), pseudo_parameters(), lambda name: self.ids[name], self._attribute
        )
        artifacts.upload(self.aws, TEMPLATE.parent, template)
        cloudformation = self.aws.cloudformation
        cloudformation.create_change_set(
            StackName=STACK_NAME,
            ChangeSetName=CHANGE_SET,
            ChangeSetType="CREATE",
            TemplateURL=artifacts.upload_template(self.aws, template),
            Parameters=[{"ParameterKey": name, "ParameterValue": value} for name, value in values.items()],
            Capabilities=["CAPABILITY_IAM"],
        )
        change_set = self._wait(
            lambda: cloudformation.describe_change_set(StackName=STACK_NAME, ChangeSetName=CHANGE_SET),
            *("Status", "CREATE_PENDING", "CREATE_IN_PROGRESS"),
        )
        if change_set["Status"] != "CREATE_COMPLETE":
            raise LocalStackError(f"CloudFormation does not take the template: {change_set.get('StatusReason')}")
        cloudformation.execute_change_set(StackName=STACK_NAME, ChangeSetName=CHANGE_SET)
        stack = self._wait(self._describe, "StackStatus", "REVIEW_IN_PROGRESS", "CREATE_IN_PROGRESS")
        if stack["StackStatus"] != "CREATE_COMPLETE":
            reasons = f"{stack.get('StackStatusReason')}; {self._reasons()}"
            raise LocalStackError(f"MiniStack ended creating the stack as {stack['StackStatus']}: {reasons}")
        resources = cloudformation.describe_stack_resources(StackName=STACK_NAME)["StackResources"]
        self.ids = {one["LogicalResourceId"]: one.get("PhysicalResourceId", "") for one in resources}
        if values.get("DropBucketName"):
            self.ids["DropBucket"] = values["DropBucketName"]  # for whoever speaks of it by its logical id
        self.types = {one["LogicalResourceId"]: one["ResourceType"] for one in resources}
        return {output["OutputKey"]: output["OutputValue"] for output in stack.get("Outputs", [])}

    def _describe(self) -> Any:
        return self.aws.cloudformation.describe_stacks(StackName=STACK_NAME)["Stacks"][0]

    def _wait(self, describe: Callable[[], Any], status: str, *under_way: str) -> Any:
        deadline = time.monotonic() + CREATE_SECONDS
        while (described := describe())[status] in under_way:
            self.check()
            if time.monotonic() > deadline:
                raise LocalStackError(f"MiniStack is at {described[status]} after {CREATE_SECONDS:g} s")
            time.sleep(0.1)
        return described

    def _reasons(self) -> str:
        events = self.aws.cloudformation.describe_stack_events(StackName=STACK_NAME)["StackEvents"]
        failed = [event for event in events if event.get("ResourceStatus", "").endswith("FAILED")]
        return "; ".join(
            f"{event['LogicalResourceId']}: {event.get('ResourceStatusReason', 'no reason given')}" for event in failed
        )

    def _address(self, outputs: Mapping[str, str]) -> StackAddress:
        return StackAddress(
            pid=os.getpid(),
            endpoint=self.aws.endpoint,
            simulator=self.listrak.simulator.url,
            sftp_folder=str(self.listrak.sftp.folder),
            drop_bucket=outputs["DropBucketName"],
            work_bucket=outputs["WorkBucketName"],
            ledger_table=outputs["LedgerTableName"],
            ingest_dead_letter_queue=outputs["IngestFailureDeadLetterQueueUrl"],
            logs=str(self._directory / "logs"),
        )
