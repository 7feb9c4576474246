"""The section ``Rules``: what CloudFormation takes there, and what it makes of it before it creates anything.

cfn-lint and moto take any function there; CloudFormation refuses the whole template, and SAM's own check does not tell.
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference-rules.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from local.errors import LocalStackError
from local.template.intrinsics import functions, intrinsic
from local.template.source import Document

ONLY_IN_RULES = frozenset(
    {"Fn::Contains", "Fn::EachMemberEquals", "Fn::EachMemberIn", "Fn::RefAll", "Fn::ValueOf", "Fn::ValueOfAll"}
)
IN_RULES = ONLY_IN_RULES | {"Ref", "Fn::And", "Fn::Equals", "Fn::Not", "Fn::Or"}


def faults(template: Document) -> Iterator[str]:
    """Functions where CloudFormation takes them not; of those in Rules in its own words."""
    refused = sorted(set(functions(template.get("Rules", {}))) - IN_RULES)
    if refused:
        words = "Following functions are not supported in the Rules block of the template"
        yield f"Template format error: {words}: [{', '.join(refused)}]"
    elsewhere = {name: section for name, section in template.items() if name != "Rules"}
    yield from (f"function {name} outside of Rules" for name in sorted(set(functions(elsewhere)) & ONLY_IN_RULES))


def obey(template: Document, parameters: Mapping[str, Any]) -> None:
    """``parameters``: as ``Ref`` gives them. Raises LocalStackError: an assertion does not hold."""
    for name, rule in template.get("Rules", {}).items():
        if "RuleCondition" in rule and not _value(rule["RuleCondition"], parameters):
            continue
        for assertion in rule["Assertions"]:
            if not _value(assertion["Assert"], parameters):
                described = assertion.get("AssertDescription", "an assertion does not hold")
                raise LocalStackError(f"rule {name} of template.yaml: {described}")


def _value(expression: Any, parameters: Mapping[str, Any]) -> Any:  # noqa: C901 # one case for each function
    name = intrinsic(expression)
    if name is None:
        return [_value(one, parameters) for one in expression] if isinstance(expression, list) else expression
    argument = expression[name]
    if name == "Ref":
        if argument not in parameters:
            raise LocalStackError(f"Rules of template.yaml refer to {argument}, which is no parameter")
        return parameters[argument]
    given = _value(argument, parameters)
    match name:
        case "Fn::And":
            return all(given)
        case "Fn::Or":
            return any(given)
        case "Fn::Not":
            return not given[0]
        case "Fn::Equals":
            return given[0] == given[1]
        case "Fn::Contains":
            return given[1] in given[0]
        case "Fn::EachMemberEquals":
            return all(one == given[1] for one in given[0])
        case "Fn::EachMemberIn":
            return all(one in given[1] for one in given[0])
    raise LocalStackError(f"the local stack cannot tell what {name} gives: it asks the account for its resources")
