"""The queues of a deployed stack, by their logical ids."""

from __future__ import annotations

from dataclasses import dataclass

from local.aws import ACCOUNT, REGION
from local.deploy.attributes import physical_name
from local.deploy.deployment import Deployment


@dataclass(frozen=True, slots=True)
class Queues:
    deployment: Deployment

    def url(self, name: str) -> str:
        return self.deployment.ids[name]

    def arn(self, name: str) -> str:
        return f"arn:aws:sqs:{REGION}:{ACCOUNT}:{physical_name(self.url(name))}"

    def depths(self) -> dict[str, int]:
        """Messages of each: visible, in flight and delayed."""
        return {name: self._depth(self.url(name)) for name in self.deployment.of_type("AWS::SQS::Queue")}

    def _depth(self, url: str) -> int:
        found = self.deployment.aws.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
        return (
            int(found["ApproximateNumberOfMessages"])
            + int(found["ApproximateNumberOfMessagesNotVisible"])
            + int(found["ApproximateNumberOfMessagesDelayed"])
        )
