"""Policies of roles, in whose lists moto's CloudFormation leaves an empty place for ``AWS::NoValue``."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from local.deploy.deployment import Deployment


def make_good(deployment: Deployment) -> None:
    iam = deployment.aws.iam
    for name, properties in deployment.of_type("AWS::IAM::Role").items():
        for policy in properties.get("Policies", []):
            document = json.dumps(policy["PolicyDocument"])
            iam.put_role_policy(RoleName=deployment.ids[name], PolicyName=policy["PolicyName"], PolicyDocument=document)
    for properties in deployment.of_type("AWS::IAM::Policy").values():
        document = json.dumps(properties["PolicyDocument"])
        for role in properties["Roles"]:
            iam.put_role_policy(RoleName=role, PolicyName=properties["PolicyName"], PolicyDocument=document)
