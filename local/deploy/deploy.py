"""Puts the translated template into the emulator."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from local.aws import ACCOUNT, REGION, Aws
from local.deploy import buckets, limits, notices, roles, secrets, state_machines, tables, verify
from local.deploy.attributes import attribute
from local.deploy.deployment import STACK_NAME, STACK_UUID, Deployment
from local.errors import LocalStackError
from local.lambda_runtime.account import USUAL, AccountLimits
from local.template import rules
from local.template.check import check, check_made
from local.template.coverage import TYPES_MADE_GOOD
from local.template.intrinsics import Resolver
from local.template.parameters import as_referenced, parameter_values
from local.template.source import ARTIFACTS_BUCKET, Document, read_template, translate


def deploy(
    aws: Aws,
    template_path: Path,
    parameters: Mapping[str, str],
    secret_values: Mapping[str, str],
    account: AccountLimits = USUAL,
) -> Deployment:
    """``secret_values``: logical id of a secret → its text in place of the template's. ``account``: where it goes.

    Raises:
        NotHandledError: the template has something that would be left out silently.
        LocalStackError: a parameter is wrong, AWS would refuse a resource, or one is missing or not as the template
            says.
    """
    source = read_template(template_path)
    values = parameter_values(source, parameters)
    template = translate(source, REGION, values)
    check(template)
    rules.obey(template, as_referenced(template, values))
    pseudo = pseudo_parameters()
    ids: dict[str, str] = {}
    resolver = Resolver(
        template,
        as_referenced(template, values),
        pseudo,
        ids.__getitem__,
        lambda name, of: _attribute(template, ids, name, of),
    )
    resources = {
        name: resource
        for name, resource in template["Resources"].items()
        if "Condition" not in resource or resolver.condition(resource["Condition"])
    }

    _put_artifacts(aws, resources)
    for name, resource in resources.items():
        if resource["Type"] == "AWS::SecretsManager::Secret":
            ids[name] = secrets.create(aws, resolver.resolve(resource["Properties"]), secret_values.get(name))
    aws.cloudformation.create_stack(
        StackName=STACK_NAME,
        TemplateBody=json.dumps(_for_emulator(template, resources, ids)),
        Parameters=[{"ParameterKey": name, "ParameterValue": value} for name, value in values.items()],
        Capabilities=["CAPABILITY_IAM"],
    )
    stack = aws.cloudformation.describe_stacks(StackName=STACK_NAME)["Stacks"][0]
    if stack["StackStatus"] != "CREATE_COMPLETE":
        raise LocalStackError(f"the emulator could not create the stack: {stack['StackStatus']}")
    described = aws.cloudformation.describe_stack_resources(StackName=STACK_NAME)["StackResources"]
    ids.update({name: name for name, r in resources.items() if r["Type"] in TYPES_MADE_GOOD and name not in ids})
    ids.update({r["LogicalResourceId"]: r.get("PhysicalResourceId") or _own_id(r, resources) for r in described})

    resolved = {name: resolver.resolve(resource) for name, resource in resources.items()}
    check_made(resolved)
    deployment = Deployment(
        aws=aws,
        root=template_path.parent,
        resources=resolved,
        ids=ids,
        outputs={output["OutputKey"]: output["OutputValue"] for output in stack.get("Outputs", [])},
    )
    limits.check(deployment, account)
    for part in (buckets, tables, roles, notices, state_machines):
        part.make_good(deployment)
    verify.verify(deployment)
    return deployment


def _own_id(described: Mapping[str, Any], resources: Mapping[str, Document]) -> str:
    """moto gives permissions and layers no id. Functions refer to layers by ARN."""
    name: str = described["LogicalResourceId"]
    if resources[name]["Type"] == "AWS::Lambda::LayerVersion":
        return f"arn:aws:lambda:{REGION}:{ACCOUNT}:layer:{resources[name]['Properties']['LayerName']}:1"
    return name


def pseudo_parameters() -> dict[str, str]:
    return {
        "AWS::AccountId": ACCOUNT,
        "AWS::Partition": "aws",
        "AWS::Region": REGION,
        "AWS::StackId": f"arn:aws:cloudformation:{REGION}:{ACCOUNT}:stack/{STACK_NAME}/{STACK_UUID}",
        "AWS::StackName": STACK_NAME,
        "AWS::URLSuffix": "amazonaws.com",
    }


def _attribute(template: Document, ids: Mapping[str, str], name: str, of: str) -> str:
    kind = template["Resources"].get(name, {}).get("Type", "nothing in the template")
    return attribute(kind, ids[name], of)


def _for_emulator(template: Document, resources: Mapping[str, Document], created: Mapping[str, str]) -> Document:
    """Without the types that moto would skip, and with the ids of those created beforehand in place of references.

    Without those whose condition does not hold, too, which moto would describe as nameless.
    """
    kept = {n: _named(n, r) for n, r in resources.items() if r["Type"] not in TYPES_MADE_GOOD}
    replaced: Document = _replace_refs({**template, "Resources": kept}, created)
    return replaced


def _named(logical_id: str, resource: Document) -> Document:
    """A bucket gets a name that is the same each time, so that commands can be written down and typed again."""
    if resource["Type"] != "AWS::S3::Bucket":
        return resource
    words = re.findall("[A-Z][a-z0-9]*", logical_id.removesuffix("Bucket"))
    name = "-".join([STACK_NAME, *words]).lower()
    return {**resource, "Properties": {"BucketName": name, **resource.get("Properties", {})}}


def _replace_refs(value: Any, created: Mapping[str, str]) -> Any:
    if isinstance(value, dict):
        if set(value) == {"Ref"} and value["Ref"] in created:
            return created[value["Ref"]]
        return {key: _replace_refs(item, created) for key, item in value.items()}
    if isinstance(value, list):
        return [_replace_refs(item, created) for item in value]
    return value


def _put_artifacts(aws: Aws, resources: Mapping[str, Document]) -> None:
    """moto wants an archive behind each function and layer. It never runs them, so an empty one will do."""
    empty = io.BytesIO()
    zipfile.ZipFile(empty, "w").close()
    aws.s3.create_bucket(Bucket=ARTIFACTS_BUCKET)
    for resource in resources.values():
        properties = resource.get("Properties", {})
        code = properties.get("Code") or properties.get("Content")
        if code:
            aws.s3.put_object(Bucket=ARTIFACTS_BUCKET, Key=code["S3Key"], Body=empty.getvalue())
