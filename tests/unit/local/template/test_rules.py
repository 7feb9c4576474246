"""Rules of a template: what CloudFormation takes there, and what it makes of the parameters."""

from __future__ import annotations

from typing import Any

import pytest

from local.errors import LocalStackError, NotHandledError
from local.template import rules
from local.template.check import check


def template(*assertions: Any, condition: Any = None, **sections: Any) -> dict[str, Any]:
    rule: dict[str, Any] = {"Assertions": [{"Assert": one, "AssertDescription": "Not so."} for one in assertions]}
    if condition is not None:
        rule["RuleCondition"] = condition
    return {"Rules": {"Rule": rule}, "Resources": {}, **sections}


@pytest.mark.parametrize(
    ("expression", "named"),
    [
        ({"Fn::Equals": [{"Fn::Join": ["", {"Ref": "Names"}]}, ""]}, "[Fn::Join]"),
        ({"Fn::Not": [{"Fn::Equals": [{"Fn::Sub": "a"}, {"Fn::If": ["A", 1, 2]}]}]}, "[Fn::If, Fn::Sub]"),
        ({"Condition": "HasNames"}, "[Condition]"),
    ],
)
def test_functions_that_rules_do_not_take_are_refused_in_cloudformations_words(expression: Any, named: str) -> None:
    with pytest.raises(NotHandledError) as caught:
        check(template(expression))

    words = "Template format error: Following functions are not supported in the Rules block of the template"
    assert caught.value.faults == [f"{words}: {named}"]


def test_functions_of_rules_are_refused_everywhere_else() -> None:
    conditions = {"HasNames": {"Fn::Contains": [{"Ref": "Names"}, ""]}}

    with pytest.raises(NotHandledError) as caught:
        check(template({"Fn::Equals": ["a", "a"]}, Conditions=conditions))

    assert caught.value.faults == ["function Fn::Contains outside of Rules"]


def test_what_rules_take_is_taken() -> None:
    check(template({"Fn::Or": [{"Fn::Contains": [{"Ref": "Names"}, "a"]}, {"Fn::EachMemberIn": [["a"], ["a", "b"]]}]}))


PARAMETERS = {"Names": ["a", "b"], "Nobody": [""], "Mode": "fast"}


@pytest.mark.parametrize(
    "expression",
    [
        {"Fn::Contains": [{"Ref": "Names"}, "b"]},
        {"Fn::Not": [{"Fn::Contains": [{"Ref": "Names"}, ""]}]},
        {"Fn::Contains": [{"Ref": "Nobody"}, ""]},
        {"Fn::EachMemberEquals": [{"Ref": "Nobody"}, ""]},
        {"Fn::EachMemberIn": [{"Ref": "Names"}, ["a", "b", "c"]]},
        {"Fn::Equals": [{"Ref": "Mode"}, "fast"]},
        {"Fn::And": [{"Fn::Equals": ["a", "a"]}, {"Fn::Or": [{"Fn::Equals": ["a", "b"]}, {"Fn::Equals": ["c", "c"]}]}]},
    ],
)
def test_an_assertion_that_holds_lets_the_stack_be_and_its_opposite_does_not(expression: Any) -> None:
    rules.obey(template(expression), PARAMETERS)

    with pytest.raises(LocalStackError, match=r"rule Rule of template.yaml: Not so\."):
        rules.obey(template({"Fn::Not": [expression]}), PARAMETERS)


def test_a_rule_whose_condition_does_not_hold_asserts_nothing() -> None:
    never = {"Fn::Equals": ["a", "b"]}

    rules.obey(template(never, condition={"Fn::Equals": [{"Ref": "Mode"}, "slow"]}), PARAMETERS)

    with pytest.raises(LocalStackError):
        rules.obey(template(never, condition={"Fn::Equals": [{"Ref": "Mode"}, "fast"]}), PARAMETERS)


@pytest.mark.parametrize("expression", [{"Ref": "Queue"}, {"Fn::RefAll": "AWS::EC2::VPC::Id"}])
def test_what_can_only_be_told_on_aws_is_refused(expression: Any) -> None:
    with pytest.raises(LocalStackError):
        rules.obey(template({"Fn::Equals": [expression, ""]}), PARAMETERS)
