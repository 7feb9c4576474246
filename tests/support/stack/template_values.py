"""The template as a deployment with given parameters would resolve it, without any emulator."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from local.deploy.deployment import STACK_UUID
from local.template.intrinsics import Resolver
from local.template.parameters import as_referenced, parameter_values
from local.template.source import Document, read_template, translate
from tests.support.paths import TEMPLATE

SOURCE = read_template(TEMPLATE)
ACCOUNT = "123456789012"
PSEUDO = {
    "AWS::AccountId": ACCOUNT,
    "AWS::Partition": "aws",
    "AWS::Region": "us-east-1",
    "AWS::StackId": f"arn:aws:cloudformation:us-east-1:{ACCOUNT}:stack/relay/{STACK_UUID}",
    "AWS::StackName": "relay",
}


class Deployed:
    """``resources``: those whose condition holds, resolved. A reference to one is its logical id, an attribute of it
    ``<id>.<attribute>``."""

    def __init__(self, source: Document, **parameters: str) -> None:
        values = parameter_values(source, parameters)
        template = translate(source, PSEUDO["AWS::Region"], values)
        names = template["Resources"]
        self.resolver = Resolver(
            template,
            as_referenced(template, values),
            PSEUDO,
            {name: name for name in names}.__getitem__,
            lambda name, attribute: f"{names[name] and name}.{attribute}",
        )
        self.resources: dict[str, Document] = {
            name: self.resolver.resolve(resource)
            for name, resource in names.items()
            if "Condition" not in resource or self.resolver.condition(resource["Condition"])
        }
        self.outputs: dict[str, Any] = {
            name: self.resolver.resolve(output["Value"])
            for name, output in template["Outputs"].items()
            if "Condition" not in output or self.resolver.condition(output["Condition"])
        }

    def of_type(self, kind: str) -> dict[str, Document]:
        """Logical id → properties."""
        return {name: r.get("Properties", {}) for name, r in self.resources.items() if r["Type"] == kind}

    def statements(self, role: str) -> Iterator[Document]:
        """What a role may do, by its own policies and by those that are attached to it."""
        documents = [policy["PolicyDocument"] for policy in self.resources[role]["Properties"]["Policies"]]
        attached = self.of_type("AWS::IAM::Policy").values()
        documents += [policy["PolicyDocument"] for policy in attached if role in policy["Roles"]]
        for document in documents:
            yield from document["Statement"]


@cache
def deployed(**parameters: str) -> Deployed:
    """`template.yaml` with these parameters, the defaults for the others."""
    return Deployed(SOURCE, **parameters)


def as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def resources_of(template: Document, parameters: Mapping[str, str]) -> dict[str, Document]:
    """Of a template that needs no translation, by logical id, those whose condition holds, as `Deployed` has them."""
    values = parameter_values(template, dict(parameters))
    resolver = Resolver(
        template,
        as_referenced(template, values),
        PSEUDO,
        {name: name for name in template["Resources"]}.__getitem__,
        lambda name, attribute: f"{name}.{attribute}",
    )
    return {
        name: resolver.resolve(resource["Properties"])
        for name, resource in template["Resources"].items()
        if "Condition" not in resource or resolver.condition(resource["Condition"])
    }
