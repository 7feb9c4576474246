"""Everything that starts a function: queues, bucket events and schedules, as the deployed template says."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from local.deploy.attributes import physical_name
from local.deploy.buckets import EVENTS_QUEUE
from local.deploy.deployment import Deployment
from local.lambda_runtime.function import Function
from local.triggers.asynchronous import AsynchronousInvocations
from local.triggers.s3_events import S3Events
from local.triggers.schedule import rate_seconds, scheduled_event
from local.triggers.sqs_poller import MappingSettings, SqsPoller
from local.triggers.threads import Background


@dataclass(frozen=True)
class TriggerOptions:
    """Where one machine differs from AWS: `local.triggers.sqs_poller` explains ``crash_visibility``, in seconds.

    ``hurry``: how many of the seconds that Lambda waits between its attempts pass in one here. ``longest_state_retry``:
    no state waits more seconds before it tries again. ``asynchronous_concurrency``: of each function; Lambda goes up to
    the account's limit, this machine does not. ``schedule_seconds`` takes the place of the rates of schedules.
    """

    crash_visibility: int = 5
    hurry: float = 60.0
    asynchronous_concurrency: int = 2
    longest_state_retry: float = 1.0
    schedule_seconds: float | None = None


class Triggers:
    """At work from the start."""

    def __init__(
        self,
        deployment: Deployment,
        functions: Mapping[str, Function],
        background: Background,
        options: TriggerOptions,
    ) -> None:
        self._deployment = deployment
        self._functions = functions
        self._background = background
        self._options = options
        rules = deployment.of_type("AWS::Events::Rule")
        self._rules = {name: rule for name, rule in rules.items() if rule.get("State") != "DISABLED"}
        self._asynchronous = AsynchronousInvocations(
            deployment, functions, background, options.hurry, options.asynchronous_concurrency
        )
        events_queue = deployment.aws.sqs.get_queue_url(QueueName=EVENTS_QUEUE)["QueueUrl"]
        background.start("s3 events", S3Events(deployment.aws, events_queue, self._asynchronous).forward)
        self._pollers: list[SqsPoller] = []
        for name, properties in deployment.of_type("AWS::Lambda::EventSourceMapping").items():
            self._pollers.append(poller := self._poller(deployment.ids[name], properties))
            background.start(name, poller.poll)
        for name, rule in self._rules.items():
            seconds = options.schedule_seconds or rate_seconds(rule["ScheduleExpression"])
            background.start(name, self._timer(name, seconds))

    @property
    def at_work(self) -> int:
        """Events and batches of messages that were taken and are not at their end."""
        return self._asynchronous.pending + sum(poller.delivering for poller in self._pollers)

    @property
    def queues(self) -> set[str]:
        """Names of the queues that start something."""
        return {EVENTS_QUEUE, *(physical_name(poller.queue_url) for poller in self._pollers)}

    def fire_schedules(self) -> None:
        """What the timers would do, now."""
        for rule in self._rules:
            self._fire(rule)

    def stop(self) -> None:
        self._asynchronous.stop()

    def _poller(self, mapping: str, properties: Mapping[str, Any]) -> SqsPoller:
        sqs = self._deployment.aws.sqs
        url = sqs.get_queue_url(QueueName=physical_name(properties["EventSourceArn"]))["QueueUrl"]
        attributes = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["VisibilityTimeout"])["Attributes"]
        settings = MappingSettings.from_template(properties, url, float(attributes["VisibilityTimeout"]))
        function = self._functions[self._deployment.logical(properties["FunctionName"])]
        return SqsPoller(
            self._deployment.aws,
            mapping,
            settings,
            function,
            self._background,
            self._options.crash_visibility,
            self._options.hurry,
        )

    def _timer(self, rule: str, seconds: float) -> Callable[[], None]:
        def wait_and_fire() -> None:
            if not self._background.stopping.wait(seconds):
                self._fire(rule)

        return wait_and_fire

    def _fire(self, rule: str) -> None:
        arn = self._deployment.aws.events.describe_rule(Name=self._deployment.ids[rule])["Arn"]
        for target in self._rules[rule]["Targets"]:
            function = self._deployment.logical(target["Arn"].rsplit(":", 1)[-1])
            self._asynchronous.submit(function, scheduled_event(arn))
