"""The parameters that bear on a night are those of the template."""

from __future__ import annotations

import re

import pytest

from cli.capacity.stack import DEFAULTS, MESSAGES, RANGES, deployed
from cli.errors import CommandError
from tests.support.paths import TEMPLATE
from tests.support.stack.template_values import SOURCE


def test_each_setting_has_the_default_of_the_template() -> None:
    words = dict(re.findall(r"^ +(\w+)=(\d+) \\$", TEMPLATE.read_text(encoding="utf-8"), re.MULTILINE))

    assert {name: float(words.get(name, RANGES["usual"])) for name in DEFAULTS} == DEFAULTS
    assert "RangeConcurrency=${Ranges}" in TEMPLATE.read_text(encoding="utf-8")


def test_each_concurrency_is_that_of_the_template() -> None:
    at_once = SOURCE["Mappings"]["AtOnce"]

    assert SOURCE["Parameters"]["Concurrency"]["AllowedValues"] == list(MESSAGES)
    assert {name: row["Messages"] for name, row in at_once.items()} == MESSAGES
    assert {name: int(row["Ranges"]) for name, row in at_once.items()} == RANGES


def test_what_is_given_stands_before_the_defaults() -> None:
    stack = deployed(["Concurrency=large", "SmsCallsPerSecond=200"])

    assert stack.messages == 16
    assert stack.settings == {**DEFAULTS, "RangeConcurrency": 100, "SmsCallsPerSecond": 200}


@pytest.mark.parametrize(
    ("word", "says"),
    [
        ("Concurrency=huge", "one of new-account, usual, shared, large"),
        ("LogLevel=INFO", "'LogLevel' is no parameter that bears on a night"),
        ("LargeFileMb=0", "a whole number above 0"),
        ("LargeFileMb", "a whole number above 0"),
    ],
)
def test_a_word_that_says_nothing_of_a_night_is_refused(word: str, says: str) -> None:
    with pytest.raises(CommandError, match=says):
        deployed([word])
