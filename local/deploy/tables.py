"""What moto's CloudFormation drops of tables: time to live and point-in-time recovery."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from local.deploy.deployment import Deployment


def make_good(deployment: Deployment) -> None:
    dynamodb = deployment.aws.dynamodb
    for name, properties in deployment.of_type("AWS::DynamoDB::Table").items():
        table = deployment.ids[name]
        if ttl := properties.get("TimeToLiveSpecification"):
            dynamodb.update_time_to_live(TableName=table, TimeToLiveSpecification=ttl)
        if recovery := properties.get("PointInTimeRecoverySpecification"):
            dynamodb.update_continuous_backups(TableName=table, PointInTimeRecoverySpecification=recovery)
