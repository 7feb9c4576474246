"""The check that nothing of the template is left out silently, and how its values are resolved."""

from __future__ import annotations

from typing import Any

import pytest

from local.errors import LocalStackError, NotHandledError
from local.template.check import check, check_made, leaves
from local.template.intrinsics import Resolver
from local.template.parameters import as_referenced, listrak_addresses, parameter_values
from local.template.source import read_template, translate
from tests.support.paths import TEMPLATE

QUEUE: dict[str, Any] = {"Type": "AWS::SQS::Queue", "Properties": {"VisibilityTimeout": 30}}


def template_with(**resources: Any) -> dict[str, Any]:
    return {"Resources": resources}


def faults_of(template: dict[str, Any]) -> list[str]:
    with pytest.raises(NotHandledError) as caught:
        check(template)
    return caught.value.faults


def test_the_real_template_has_nothing_that_is_not_handled() -> None:
    check(translate(read_template(TEMPLATE), "us-east-1"))


def test_an_unknown_type_is_named() -> None:
    template = template_with(Trail={"Type": "AWS::CloudTrail::Trail", "Properties": {}})

    assert faults_of(template) == ["Trail: type AWS::CloudTrail::Trail"]


def test_an_unknown_property_is_named_with_its_path() -> None:
    bucket = {
        "Type": "AWS::S3::Bucket",
        "Properties": {"CorsConfiguration": {"CorsRules": [{"AllowedMethods": ["GET"]}]}},
    }

    assert faults_of(template_with(Bucket=bucket)) == [
        "Bucket: property CorsConfiguration.CorsRules[].AllowedMethods[] of AWS::S3::Bucket"
    ]


def test_a_filter_on_a_queue_is_named_since_it_would_delete_messages() -> None:
    properties = {"EventSourceArn": "arn", "FunctionName": "f", "FilterCriteria": {"Filters": [{"Pattern": "{}"}]}}
    mapping = {"Type": "AWS::Lambda::EventSourceMapping", "Properties": properties}

    assert faults_of(template_with(Mapping=mapping)) == [
        "Mapping: property FilterCriteria.Filters[].Pattern of AWS::Lambda::EventSourceMapping"
    ]


def test_a_property_in_either_branch_of_a_condition_is_found() -> None:
    choice = {"Fn::If": ["Wide", {"FifoQueue": True}, {"Ref": "AWS::NoValue"}]}

    assert faults_of(template_with(Queue={**QUEUE, "Properties": choice})) == [
        "Queue: property FifoQueue of AWS::SQS::Queue"
    ]


def test_an_unknown_attribute_section_and_function_are_named() -> None:
    template = template_with(
        Queue={**QUEUE, "CreationPolicy": {}},
        Other={**QUEUE, "Properties": {"VisibilityTimeout": {"Fn::ImportValue": "elsewhere"}}},
    )

    assert faults_of({**template, "Hooks": {}}) == [
        "section Hooks",
        "Queue: attribute CreationPolicy",
        "intrinsic function Fn::ImportValue",
    ]


def test_leaves_are_paths_of_values_that_are_set() -> None:
    value = {"A": {"B": [{"C": 1}, {"D": {"Ref": "X"}}]}, "E": {"Ref": "AWS::NoValue"}, "F": {"Fn::Sub": "${Y}"}}

    assert list(leaves(value)) == ["A.B[].C", "A.B[].D", "F"]


def resolver(conditions: dict[str, Any] | None = None) -> Resolver:
    ids = {"Queue": "http://queue"}
    return Resolver(
        {"Conditions": conditions or {}, "Mappings": {"Sizes": {"30": {"Rows": 5}}}},
        parameters={"Days": "30", "Subnets": ["a", "b"], "Nothing": ""},
        pseudo={"AWS::StackName": "stack", "AWS::Region": "us-east-1"},
        ref=ids.__getitem__,
        attribute=lambda name, attribute: f"{ids[name]}#{attribute}",
    )


@pytest.mark.parametrize(
    ("value", "resolved"),
    [
        ({"Ref": "Days"}, "30"),
        ({"Ref": "Subnets"}, ["a", "b"]),
        ({"Ref": "Queue"}, "http://queue"),
        ({"Fn::GetAtt": ["Queue", "Arn"]}, "http://queue#Arn"),
        ({"Fn::Sub": "${AWS::StackName}/${Queue.Arn}/${Days}/${!Literal}"}, "stack/http://queue#Arn/30/${Literal}"),
        ({"Fn::Sub": ["${Here}/${Days}", {"Here": {"Ref": "Queue"}}]}, "http://queue/30"),
        ({"Fn::Join": ["-", ["a", {"Ref": "Days"}]]}, "a-30"),
        ({"Fn::Select": [1, {"Fn::Split": ["-", {"Fn::Sub": "a-${Days}"}]}]}, "30"),
        ({"Fn::Select": [1, {"Fn::GetAZs": ""}]}, "us-east-1b"),
        ({"Fn::If": ["Either", 1, 2]}, 1),
        ({"Fn::FindInMap": ["Sizes", {"Ref": "Days"}, "Rows"]}, 5),
        ({"Fn::If": ["No", 1, {"a": [{"Ref": "AWS::NoValue"}, 2]}]}, {"a": [2]}),
        ({"kept": 1, "left": {"Ref": "AWS::NoValue"}}, {"kept": 1}),
    ],
)
def test_intrinsic_functions_are_resolved(value: Any, resolved: Any) -> None:
    conditions = {
        "No": {"Fn::Not": [{"Fn::Equals": [{"Ref": "Nothing"}, ""]}]},
        "Either": {"Fn::Or": [{"Condition": "No"}, {"Fn::Equals": [{"Ref": "Days"}, 30]}]},
    }

    assert resolver(conditions).resolve(value) == resolved


@pytest.mark.parametrize("value", [{"Ref": "Nobody"}, {"Fn::Select": [1, ["a"]]}, {"Fn::Cidr": ["a"]}])
def test_what_cannot_be_resolved_is_an_error(value: Any) -> None:
    with pytest.raises(LocalStackError):
        resolver().resolve(value)


DECLARED: dict[str, Any] = {
    "Parameters": {
        "Level": {"Type": "String", "Default": "INFO", "AllowedValues": ["INFO", "DEBUG"]},
        "Days": {"Type": "Number", "Default": 3, "MinValue": 1, "MaxValue": 9},
        "Url": {"Type": "String", "Default": "http://x", "AllowedPattern": "^https?://.+"},
        "Subnets": {"Type": "CommaDelimitedList", "Default": "a, b"},
    }
}


def test_parameters_have_their_defaults_unless_given() -> None:
    values = parameter_values(DECLARED, {"Days": "5"})

    assert values == {"Level": "INFO", "Days": "5", "Url": "http://x", "Subnets": "a, b"}
    assert as_referenced(DECLARED, values)["Subnets"] == ["a", "b"]


def test_what_is_no_parameter_is_a_setting_where_the_template_has_them() -> None:
    pattern = "(?:(?:Speed|Depth)=[0-9]+ ?)*"
    declared = {"Parameters": {"Settings": {"Type": "String", "Default": "", "AllowedPattern": pattern}}}

    assert parameter_values(declared, {"Speed": "1", "Depth": "2"}) == {"Settings": "Depth=2 Speed=1"}
    assert parameter_values(declared, {"Settings": "Depth=3", "Speed": "1"}) == {"Settings": "Depth=3 Speed=1"}
    with pytest.raises(LocalStackError, match="Settings"):
        parameter_values(declared, {"Sped": "1"})


def test_a_resource_of_a_kind_that_is_never_asked_for_here_is_refused_when_it_is() -> None:
    key = {"Type": "AWS::KMS::Key", "Properties": {}}
    queue = {"Type": "AWS::SQS::Queue", "Properties": {"KmsMasterKeyId": "key"}}

    with pytest.raises(NotHandledError) as caught:
        check_made({"Key": key, "Queue": queue, "Other": QUEUE})

    assert caught.value.faults == ["Key: type AWS::KMS::Key", "Queue: property KmsMasterKeyId of AWS::SQS::Queue"]


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"Level": "LOUD"}, "INFO, DEBUG"),
        ({"Days": "10"}, "out of range"),
        ({"Days": "many"}, "not a number"),
        ({"Url": "ftp://x"}, "does not match"),
        ({"Urll": "http://x"}, "no parameter Urll"),
    ],
)
def test_a_parameter_that_cannot_be_is_refused(given: dict[str, str], words: str) -> None:
    with pytest.raises(LocalStackError, match=words):
        parameter_values(DECLARED, given)


def test_another_listrak_than_the_simulator_is_given_by_environment() -> None:
    email, sms = "http://127.0.0.1:9/email/v1", "http://127.0.0.1:9/sms/v1"
    given = {"LISTRAK_EMAIL_URL": email, "LISTRAK_SMS_URL": sms, "LISTRAK_AUTH_URL": "", "HOME": "/"}

    assert listrak_addresses(given) == {"ListrakEmailUrl": email, "ListrakSmsUrl": sms}
