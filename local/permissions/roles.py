"""The policies of a stack's roles."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from local.errors import LocalStackError
from local.permissions.decisions import Decision, DecisionFile
from local.permissions.policy import Statement, allowed_by, statements
from local.permissions.service_calls import service_calls

if TYPE_CHECKING:
    from local.aws import Aws
    from local.deploy.deployment import Deployment


def deployed_statements(deployment: Deployment) -> dict[str, list[Statement]]:
    """By the role's name: of the policies in it and of those that name it."""
    found: dict[str, list[Statement]] = {}
    for name, properties in deployment.of_type("AWS::IAM::Role").items():
        own = found.setdefault(deployment.ids[name], [])
        for policy in properties.get("Policies", []):
            own += statements(policy["PolicyName"], policy["PolicyDocument"])
    for properties in deployment.of_type("AWS::IAM::Policy").values():
        for role in properties["Roles"]:
            found[role] += statements(properties["PolicyName"], properties["PolicyDocument"])
    return found


def kept_statements(aws: Aws, roles: Iterable[str]) -> dict[str, list[Statement]]:
    """By the role's name, as IAM has them: of the policies that are the role's own. Managed ones are AWS's affair."""
    return {role: _statements(aws, role) for role in roles}


def _statements(aws: Aws, role: str) -> list[Statement]:
    names = sorted(aws.iam.list_role_policies(RoleName=role)["PolicyNames"])
    documents = {name: aws.iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"] for name in names}
    return [one for name, document in documents.items() for one in statements(name, document)]


def check_service_calls(deployment: Deployment, decisions: DecisionFile) -> None:
    """Write down that what AWS does in the names of the roles is allowed.

    Raises LocalStackError: it is not, so AWS would refuse to set the resource up, or fail later without a word.
    """
    policies = deployed_statements(deployment)
    for call in service_calls(deployment):
        if not allowed_by(policies[call.role], call.action, call.resource, {}):
            raise LocalStackError(
                f"{call.needed_for}: the role {call.role} does not have permissions to call {call.action} "
                f"on {call.resource}"
            )
        decisions.add(Decision(call.role, call.action, call.resource, allowed=True))
