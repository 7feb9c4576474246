"""`template.yaml` as plain data, and as the CloudFormation that AWS would make of it."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import boto3
import yaml
from samtranslator.metrics.metrics import DummyMetricsPublisher, Metrics
from samtranslator.model.exceptions import InvalidDocumentException
from samtranslator.parser.parser import Parser
from samtranslator.translator.translator import Translator
from samtranslator.yaml_helper import yaml_parse

from local.errors import LocalStackError

Document = dict[str, Any]

ARTIFACTS_BUCKET = "local-artifacts"
"""Stands for the bucket to which `sam deploy` uploads code; an artifact's key is its folder in the working copy."""


def read_template(path: Path) -> Document:
    """Raises LocalStackError: missing, or not a YAML mapping."""
    try:
        document: Document | None = yaml_parse(path.read_text(encoding="utf-8"))
    except (OSError, yaml.YAMLError) as error:
        raise LocalStackError(f"cannot read {path}: {error}") from error
    if not isinstance(document, dict):
        raise LocalStackError(f"{path} is not a CloudFormation template")
    return document


def translate(template: Document, region: str, parameters: Mapping[str, str] | None = None) -> Document:
    """SAM to CloudFormation, as AWS does on deployment, with each code folder as the key of its artifact.

    ``parameters``: values of the template's parameters, since SAM puts some of them in place itself; it takes the
    defaults of those that are left out.

    Raises LocalStackError: SAM refuses it.
    """
    packaged = copy.deepcopy(template)
    declared = [resource.get("Properties", {}) for resource in packaged["Resources"].values()]
    for properties in [*declared, packaged.get("Globals", {}).get("Function", {})]:
        for name in ("CodeUri", "ContentUri"):
            if name in properties:
                properties[name] = f"s3://{ARTIFACTS_BUCKET}/{properties[name]}"
    # SAM asks IAM for the ARNs of managed policies named in `Policies`; with `Role` there are none to ask for.
    metrics = Metrics("ServerlessTransform", DummyMetricsPublisher())
    translator = Translator({}, Parser(), boto_session=boto3.Session(region_name=region), metrics=metrics)
    try:
        translated: Document = translator.translate(packaged, dict(parameters or {}))
        metrics.publish()  # to nobody; without it SAM complains on standard error
    except InvalidDocumentException as error:
        reasons = "; ".join(cause.message for cause in error.causes)
        raise LocalStackError(f"SAM cannot translate the template: {reasons}") from error
    return translated
