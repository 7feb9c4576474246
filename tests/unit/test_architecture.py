"""The dependency rule: who may import whom, read from the import statements."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CORE = ROOT / "layers/core/python"
PACKAGE = "listrak_relay"

# Part of the package -> the parts it may import besides itself. Whatever is not named here fails the test.
ALLOWED_PARTS = {
    "errors": set(),
    "file_slices": set(),
    "domain": {"errors"},
    "messages": {"domain", "errors"},
    "ports": {"domain", "errors", "file_slices", "messages"},
    "settings": {"errors"},
    "use_cases": {"domain", "errors", "messages", "ports"},
    "adapters": {"domain", "errors", "file_slices", "messages", "ports"},
    "wiring": {"adapters", "domain", "errors", "messages", "ports", "settings", "use_cases"},
    "doorways": {"errors", "use_cases"},
    "functions": {"doorways", "messages", "use_cases", "wiring"},
    "cli": {"errors", "messages", "ports", "use_cases", "wiring"},
}
# Parts that use the standard library alone.
PURE_PARTS = {"errors", "file_slices", "domain", "messages", "ports", "settings", "use_cases"}

# Modules that come as one vendor SDK.
SDK_OF = {
    "boto3": "aws",
    "botocore": "aws",
    "mypy_boto3": "aws",
    "s3transfer": "aws",
    "requests": "http",
    "urllib3": "http",
}

# Libraries that stand for nothing outside the process.
NO_SDK = {"yaml", "email_validator", "phonenumbers"}

SEPARATE_PROGRAMS = ("local/listrak_simulator", "local/sftp_server")


def python_files(*places: str) -> list[str]:
    """Paths relative to the repository of the Python files in the given folders and files that exist."""
    found: list[Path] = []
    for place in places:
        path = ROOT / place
        found += [path] if path.is_file() else path.rglob("*.py")
    return sorted(str(path.relative_to(ROOT)) for path in found)


OUR_FILES = python_files("layers/core/python", "functions", "cli")


def module_name(file: str) -> str:
    path = (ROOT / file).relative_to(CORE if (ROOT / file).is_relative_to(CORE) else ROOT).with_suffix("")
    return ".".join(path.parts[:-1] if path.name == "__init__" else path.parts)


def imported_modules(file: str) -> Iterator[tuple[int, str]]:
    """Yield line and full name of each imported module, wherever in the file the statement stands.

    ``from a import b`` yields ``a.b``: ``b`` may be a module too.
    """
    package = module_name(file).split(".")
    if not file.endswith("__init__.py"):
        package.pop()
    for node in ast.walk(ast.parse((ROOT / file).read_text(encoding="utf-8"), filename=file)):
        if isinstance(node, ast.Import):
            for name in node.names:
                yield node.lineno, name.name
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) + 1 - node.level] if node.level else []
            for name in node.names:
                yield node.lineno, ".".join([*base, *filter(None, [node.module]), name.name])


def part_of(module: str) -> str:
    """``listrak_relay.domain.runs`` belongs to ``domain``, ``functions.close_run.handler`` to ``functions``; the ports
    are in several modules."""
    names = module.split(".")
    part = names[1] if names[0] == PACKAGE and len(names) > 1 else names[0]
    return "ports" if part.startswith("ports_") else part


def sdk_of(module: str) -> str:
    top = module.split(".")[0]
    return SDK_OF.get("mypy_boto3" if top.startswith("mypy_boto3_") else top, top)


def is_ours(module: str) -> bool:
    return module.split(".")[0] in {PACKAGE, "functions", "cli"}


def is_third_party(module: str) -> bool:
    top = module.split(".")[0]
    return not is_ours(module) and top not in sys.stdlib_module_names and top != "__future__"


@pytest.mark.parametrize("file", OUR_FILES)
def test_a_module_imports_only_the_parts_its_own_part_may_know(file: str) -> None:
    part = part_of(module_name(file))
    if module_name(file) == PACKAGE:
        allowed: set[str] = set()
    else:
        assert part in ALLOWED_PARTS, f"{file}: the dependency rule has no part {part!r}; the rule is in {__file__}"
        allowed = ALLOWED_PARTS[part] | {part}

    breaches = [
        f"{file}:{line} imports {module}; {part} may import of ours only {', '.join(sorted(allowed)) or 'nothing'}"
        for line, module in imported_modules(file)
        if is_ours(module) and part_of(module) not in allowed
    ]

    assert not breaches, "\n".join(breaches)


@pytest.mark.parametrize("file", [file for file in OUR_FILES if part_of(module_name(file)) in PURE_PARTS])
def test_rules_and_use_cases_need_only_the_standard_library(file: str) -> None:
    breaches = [f"{file}:{line} imports {module}" for line, module in imported_modules(file) if is_third_party(module)]

    assert not breaches, "\n".join(breaches)


@pytest.mark.parametrize("file", [file for file in OUR_FILES if part_of(module_name(file)) == "adapters"])
def test_an_adapter_knows_one_vendor_sdk(file: str) -> None:
    sdks = {sdk_of(module) for _, module in imported_modules(file) if is_third_party(module)} - NO_SDK

    assert len(sdks) <= 1, f"{file} uses {', '.join(sorted(sdks))}; one adapter stands for one outside thing"


@pytest.mark.parametrize("file", python_files("functions"))
def test_a_handler_needs_no_library_but_powertools(file: str) -> None:
    libraries = {sdk_of(module) for _, module in imported_modules(file) if is_third_party(module)}

    assert libraries <= {"aws_lambda_powertools"}, f"{file} uses {', '.join(sorted(libraries))}"


@pytest.mark.parametrize("file", [file for file in OUR_FILES if module_name(file) != f"{PACKAGE}.settings"])
def test_the_environment_is_read_by_the_settings_alone(file: str) -> None:
    readers = {"os.environ", "os.environb", "os.getenv", "os.getenvb"}
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"), filename=file)

    used = {ast.unparse(node) for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    used |= {module for _, module in imported_modules(file)}

    assert not used & readers, f"{file} reads the environment; {PACKAGE}/settings.py is the place for it"


@pytest.mark.parametrize("program", SEPARATE_PROGRAMS)
def test_what_stands_for_listrak_shares_no_code_with_us(program: str) -> None:
    own = program.removesuffix(".py").replace("/", ".")

    breaches = [
        f"{file}:{line} imports {module}"
        for file in python_files(program)
        for line, module in imported_modules(file)
        if is_ours(module) or (module.split(".")[0] == "local" and not f"{module}.".startswith(f"{own}."))
    ]

    assert not breaches, "\n".join(breaches)
