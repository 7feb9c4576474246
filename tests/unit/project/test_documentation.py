"""The documentation speaks of things that exist, and of every code that a report may hold."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from samtranslator.yaml_helper import yaml_parse

from listrak_relay.adapters.libraries.destinations_yaml import parse_configuration
from tests.support.paths import CORE, ROOT, TEMPLATE
from tools.diagrams import FOLDER, sources
from tools.site_links import with_pictures, without_outside_links

PACKAGE = CORE / "listrak_relay"
PAGES = sorted(
    [*ROOT.glob("*.md"), *(page for top in ("docs", "local", "tests") for page in ROOT.glob(f"{top}/**/*.md"))]
)
PATH = re.compile(
    r"(?<![\w./$}-])((?:bench|cli|config|docs|events|functions|layers|local|requirements|samples|tests|tools)/[\w./-]*)"
    r"(?:::(\w+))?"
)
ROOM = re.compile(r"(?<![\w./$}-])((?:adapters|domain|ports|use_cases|wiring)/[\w./]*)")
COMMAND = re.compile(r"(?:`|^|\$ )make ([\w-]+)", re.MULTILINE)
OPERATIONS = ROOT / "docs/operations.md"
OURS = {"ConfigurationError": 0, "FileRejectedError": 0, "note_problem": 1, "give_up": 2}
"""Callable → which argument is a problem code."""


def names_of(pages: list[Path]) -> list[str]:
    return [str(page.relative_to(ROOT)) for page in pages]


def anchor(heading: str) -> str:
    """As GitHub makes it of a heading."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


def problem_codes() -> Iterator[str]:
    """Every code that is written out where a problem is raised or noted."""
    for file in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            place = OURS.get(name, len(node.args))
            arguments = [*node.args[place : place + 1], *(k.value for k in node.keywords if k.arg == "refusal_code")]
            for argument in arguments:
                if isinstance(argument, ast.Constant) and isinstance(argument.value, str) and argument.value:
                    yield argument.value


@pytest.mark.parametrize("page", names_of(PAGES))
def test_every_link_leads_somewhere(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    dead = []

    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        path, _, fragment = target.partition("#")
        if "://" in path:
            continue
        file = (ROOT / page).parent / path if path else ROOT / page
        if not file.exists():
            dead.append(target)
        elif fragment and file.suffix == ".md":
            headings = re.findall(r"^#+ (.+)$", file.read_text(encoding="utf-8"), re.MULTILINE)
            if fragment not in map(anchor, headings):
                dead.append(target)

    assert not dead


CONFIGURATIONS = [
    (str(page.relative_to(ROOT)), block)
    for page in PAGES
    for block in re.findall(r"```yaml\n(version: 1\n.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)
]


@pytest.mark.parametrize(("page", "text"), CONFIGURATIONS)
def test_every_configuration_that_is_shown_has_no_fault(page: str, text: str) -> None:
    assert parse_configuration(text.encode(), page).error is None


def test_on_the_site_a_link_out_of_the_documentation_is_named_only() -> None:
    text = "[a](../README.md), [b](feeds.md#names), [c](https://example.com/x), [d](reference/commands.md)"

    assert without_outside_links(text, "index.md") == f"a{text[len('[a](../README.md)') :]}"
    assert without_outside_links("[e](../sftp.md) [f](../../README.md)", "adr/0001.md") == "[e](../sftp.md) f"


@pytest.mark.parametrize("page", names_of(PAGES))
def test_every_file_and_test_that_is_named_exists(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")

    files = [(file.rstrip("."), test) for file, test in PATH.findall(text)]
    files += [(f"layers/core/python/listrak_relay/{name.rstrip('.')}", "") for name in ROOM.findall(text)]

    missing = [
        f"{file}::{test}"
        for file, test in files
        # The names of what lies in a bucket begin in the same way.
        if file != "config/destinations.yaml"
        and not ((ROOT / file).exists() and (not test or f"def {test}(" in (ROOT / file).read_text(encoding="utf-8")))
    ]

    assert not missing


@pytest.mark.parametrize("page", names_of(PAGES))
def test_every_make_command_that_is_named_exists(page: str) -> None:
    targets = re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)

    named = COMMAND.findall((ROOT / page).read_text(encoding="utf-8"))

    assert not set(named) - set(targets)


def test_every_problem_code_is_explained() -> None:
    text = OPERATIONS.read_text(encoding="utf-8")

    missing = sorted({code for code in problem_codes() if f"`{code}`" not in text})

    assert not missing


def test_every_alarm_is_explained() -> None:
    template = yaml_parse(TEMPLATE.read_text(encoding="utf-8"))
    text = OPERATIONS.read_text(encoding="utf-8")

    alarms = [name for name, resource in template["Resources"].items() if resource["Type"] == "AWS::CloudWatch::Alarm"]

    assert alarms
    assert not [name for name in alarms if f"`{name}`" not in text]


def test_every_alarm_names_its_page_in_the_runbook() -> None:
    template = yaml_parse(TEMPLATE.read_text(encoding="utf-8"))
    alarms = {
        name: resource["Properties"]["AlarmDescription"]
        for name, resource in template["Resources"].items()
        if resource["Type"] == "AWS::CloudWatch::Alarm"
    }

    places = {name: re.search(r'See docs/([\w.]+), "([^"]+)"\.$', text) for name, text in alarms.items()}

    assert alarms
    assert [name for name, place in places.items() if place is None] == []
    assert not [
        name
        for name, place in places.items()
        if place and f"## {place[2]}\n" not in (ROOT / "docs" / place[1]).read_text("utf-8")
    ]


def test_what_the_operations_page_takes_from_the_stack_is_there() -> None:
    template = yaml_parse(TEMPLATE.read_text(encoding="utf-8"))
    text = OPERATIONS.read_text(encoding="utf-8")

    outputs = set(re.findall(r"\$\(output (\w+)\)", text))
    resources = set(re.findall(r"\$\((?:resource|queue_arn) (\w+)\)", text))

    assert outputs <= set(template["Outputs"])
    assert resources <= set(template["Resources"])


_WIDTH = 120
_UNBROKEN = re.compile(r"`[^`]*`|!?\[[^\]]*\]\([^)]*\)")
_MARKER = re.compile(r"\s*(?:[-*>]|\d+\.)?\s*")


@pytest.mark.parametrize("page", PAGES)
def test_a_line_that_can_be_broken_is_no_wider_than_a_screen(page: str) -> None:
    """Tables, code and what is one piece may be wider."""
    wide, in_code = [], False
    for number, line in enumerate((ROOT / page).read_text(encoding="utf-8").splitlines(), start=1):
        in_code ^= line.lstrip().startswith("```")
        if in_code or line.lstrip().startswith(("|", "```", "<", "#", "[")) or len(line) <= _WIDTH:
            continue
        pieces = _UNBROKEN.sub(lambda piece: "x" * len(piece[0]), line)
        marker = _MARKER.match(pieces)
        if " " in pieces[marker.end() if marker else 0 : _WIDTH]:
            wide.append(f"{page}:{number}")

    assert wide == []


def test_every_diagram_has_the_picture_that_was_drawn_of_it_and_needs_nothing_from_elsewhere() -> None:
    drawn = {picture.name: picture.read_text(encoding="utf-8") for picture in FOLDER.glob("*.svg")}

    assert set(drawn) == set(sources()), "make diagrams"
    for name, svg in drawn.items():
        assert "<script" not in svg, name
        assert set(re.findall(r"https?://[^\"'\s<)]+", svg)) == {"http://www.w3.org/2000/svg"}, name


def test_the_site_shows_the_picture_of_a_diagram() -> None:
    shown = with_pictures("before\n\n```mermaid\nflowchart LR\n  a --> b\n```\n\nafter\n")

    assert re.fullmatch(r"before\n\n\[!\[Diagram\]\((diagrams/\w+\.svg)\)\{\.diagram\}\]\(\1\)\n\n\nafter\n", shown)
