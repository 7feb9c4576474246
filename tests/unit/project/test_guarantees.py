"""Each promise of docs/guarantees.md has tests that are there."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache

import pytest

from tests.support.paths import ROOT

PAGE = (ROOT / "docs/guarantees.md").read_text(encoding="utf-8")
TEST = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")


@cache
def names_in(file: str) -> frozenset[str]:
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    return frozenset(node.name for node in tree.body if isinstance(node, ast.FunctionDef))


def promises() -> Iterator[tuple[str, str]]:
    """The first line of each, and all that stands below it."""
    for section in PAGE.split("\n## ")[1:]:
        kept, _, _ = section.partition("\nWhere it ends")
        for bullet in re.split(r"^- ", kept, flags=re.MULTILINE)[1:]:
            first = bullet.partition("\n")[0]
            if not first.startswith("`tests/"):
                yield first, bullet


def test_every_test_that_the_page_names_is_there() -> None:
    named = TEST.findall(PAGE)

    assert named
    assert [f"{file}::{test}" for file, test in named if test not in names_in(file)] == []


def test_every_test_file_that_the_page_names_is_there() -> None:
    assert [file for file in re.findall(r"`(tests/[\w/]+\.py)`", PAGE) if not (ROOT / file).is_file()] == []


@pytest.mark.parametrize(("first", "promise"), list(promises()))
def test_every_promise_has_a_test_below_it(first: str, promise: str) -> None:
    assert TEST.search(promise), first


def test_there_are_six_sections_with_promises_in_each() -> None:
    sections = re.findall(r"^## (\d)\. ", PAGE, flags=re.MULTILINE)

    assert sections == list("123456")
    assert len(list(promises())) > len(sections)
