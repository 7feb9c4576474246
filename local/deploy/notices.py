"""Alarms, the dashboard, subscriptions and invocation settings, which moto's CloudFormation skips."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from local.deploy.deployment import Deployment


def make_good(deployment: Deployment) -> None:
    aws = deployment.aws
    for name, properties in deployment.of_type("AWS::CloudWatch::Alarm").items():
        # CloudFormation takes a number that stands in a text.
        aws.cloudwatch.put_metric_alarm(AlarmName=name, **{**properties, "Threshold": float(properties["Threshold"])})
    for properties in deployment.of_type("AWS::CloudWatch::Dashboard").values():
        aws.cloudwatch.put_dashboard(**properties)
    for properties in deployment.of_type("AWS::SNS::Subscription").values():
        aws.sns.subscribe(**properties)
    for properties in deployment.of_type("AWS::Lambda::EventInvokeConfig").values():
        settings = {key: value for key, value in properties.items() if key != "Qualifier"}
        aws.lambda_.put_function_event_invoke_config(**settings)
