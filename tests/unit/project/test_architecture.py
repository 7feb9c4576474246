"""The dependency rule: who may import whom, read from the import statements."""

import ast
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from tests.support.paths import CORE, ROOT, SIMULATOR

PACKAGE = "listrak_relay"

# Part of the package -> the parts it may import besides itself. Whatever is not named here fails the test.
ALLOWED_PARTS = {
    "errors": set(),
    "file_slices": set(),
    "scratch": set(),
    "domain": {"errors"},
    "messages": {"domain", "errors"},
    "ports": {"domain", "errors", "file_slices", "messages"},
    "settings": {"domain", "errors"},
    "use_cases": {"domain", "errors", "messages", "ports", "scratch"},
    "adapters": {"domain", "errors", "file_slices", "messages", "ports", "scratch"},
    "wiring": {"adapters", "domain", "errors", "messages", "ports", "settings", "use_cases"},
    "doorways": {"errors", "scratch", "use_cases"},
    "functions": {"doorways", "messages", "use_cases", "wiring"},
    "cli": {"domain", "errors", "messages", "ports", "use_cases", "wiring"},
}
# Parts that use the standard library alone.
PURE_PARTS = {"errors", "file_slices", "scratch", "domain", "messages", "ports", "settings", "use_cases"}

# Room inside a part -> the rooms of the same part that it may import besides itself. What stands at the top of a part,
# or of a folder that holds rooms, is put together from the rooms below it, and no room imports it.
ALLOWED_ROOMS = {
    "domain.values": set(),
    "domain.destinations": {"domain.values"},
    "domain.consent": {"domain.destinations", "domain.values"},
    "domain.opt_outs": {"domain.destinations", "domain.values"},
    "domain.run": {"domain.destinations", "domain.values"},
    "domain.columns": {"domain.consent", "domain.destinations", "domain.run", "domain.values"},
    "domain.configuration": {"domain.columns", "domain.destinations", "domain.feeds", "domain.values"},
    "domain.lanes": {"domain.destinations", "domain.run", "domain.values"},
    "domain.delivery": {"domain.consent", "domain.destinations", "domain.lanes", "domain.run"},
    "domain.feeds": {"domain.columns", "domain.destinations", "domain.values"},
    "domain.reading": {"domain.columns", "domain.consent", "domain.destinations", "domain.run", "domain.values"},
    "domain.report": {"domain.delivery", "domain.destinations", "domain.run", "domain.values"},
    "use_cases.runs": set(),
    "use_cases.ranges": {"use_cases.runs"},
    "use_cases.lanes": {"use_cases.runs"},
    "use_cases.ingest": {"use_cases.lanes", "use_cases.ranges", "use_cases.runs"},
    "use_cases.email": {"use_cases.lanes", "use_cases.runs"},
    "use_cases.sms": {"use_cases.lanes", "use_cases.runs"},
    "use_cases.feeds": {"use_cases.runs"},
    "use_cases.collecting": {"use_cases.runs", "use_cases.sms"},
    "use_cases": {
        f"use_cases.{room}" for room in ("runs", "ranges", "lanes", "ingest", "email", "sms", "feeds", "collecting")
    },
    # The clock, the stopwatch.
    "adapters": set(),
    "adapters.libraries": set(),
    "adapters.aws": {"adapters.libraries"},
    "adapters.listrak": set(),
    "adapters.sftp": set(),
    "adapters.unpacking": set(),
    "adapters.formats": {"adapters.unpacking"},
    "adapters.formats.delimited": {"adapters.formats"},
    "adapters.duckdb.sql": set(),
    "adapters.duckdb.loading": {
        "adapters.duckdb.sql",
        "adapters.formats",
        "adapters.formats.delimited",
        "adapters.unpacking",
    },
    "adapters.duckdb.deciding": {"adapters", "adapters.duckdb.loading", "adapters.duckdb.sql", "adapters.libraries"},
    "adapters.duckdb.writing": {
        "adapters.duckdb.deciding",
        "adapters.duckdb.loading",
        "adapters.duckdb.sql",
        "adapters.formats",
    },
    "adapters.duckdb": {
        "adapters",
        "adapters.duckdb.deciding",
        "adapters.duckdb.loading",
        "adapters.duckdb.sql",
        "adapters.duckdb.writing",
        "adapters.formats",
        "adapters.formats.delimited",
        "adapters.libraries",
        "adapters.unpacking",
    },
}

# Libraries that one room alone imports; everything else reaches them through it.
HOMES = {
    "boto3": "adapters.aws",
    "botocore": "adapters.aws",
    "mypy_boto3": "adapters.aws",
    "s3transfer": "adapters.aws",
    "requests": "adapters.listrak",
    "urllib3": "adapters.listrak",
    "paramiko": "adapters.sftp",
    "cryptography": "adapters.sftp",
    "duckdb": "adapters.duckdb",
    "chardet": "adapters.formats",
    "python_calamine": "adapters.formats",
    "pysequoia": "adapters.unpacking",
    "zstandard": "adapters.unpacking",
    "email_validator": "adapters.libraries",
    "phonenumbers": "adapters.libraries",
    "yaml": "adapters.libraries",
}

# What stands for Listrak shares no code with us, so that a misreading in one does not hide in the other.
SEPARATE_PROGRAMS = {"simulator/listrak_simulator": "listrak_simulator", "local/sftp_server": "local.sftp_server"}
OUR_FOLDERS = {PACKAGE, "functions", "cli", "local", "tests", "bench", "tools", "listrak_simulator"}


def python_files(*places: str) -> list[str]:
    """Paths relative to the repository of the Python files in the given folders and files that exist."""
    found: list[Path] = []
    for place in places:
        path = ROOT / place
        found += [path] if path.is_file() else path.rglob("*.py")
    return sorted(str(path.relative_to(ROOT)) for path in found)


OUR_FILES = python_files("layers/core/python", "functions", "cli")


def module_name(file: str) -> str:
    root = next(place for place in (CORE, SIMULATOR, ROOT) if (ROOT / file).is_relative_to(place))
    path = (ROOT / file).relative_to(root).with_suffix("")
    return ".".join(path.parts[:-1] if path.name == "__init__" else path.parts)


def nodes_of(file: str) -> list[ast.AST]:
    return list(ast.walk(ast.parse((ROOT / file).read_text(encoding="utf-8"), filename=file)))


@cache
def imported_modules(file: str) -> list[tuple[int, str]]:
    """Line and full name of each imported module, wherever in the file the statement stands.

    ``from a import b`` gives ``a.b``: ``b`` may be a module too.
    """
    return list(_imports(file))


def _imports(file: str) -> Iterator[tuple[int, str]]:
    package = module_name(file).split(".")
    if not file.endswith("__init__.py"):
        package.pop()
    for node in nodes_of(file):
        if isinstance(node, ast.Import):
            for name in node.names:
                yield node.lineno, name.name
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) + 1 - node.level] if node.level else []
            for name in node.names:
                yield node.lineno, ".".join([*base, *filter(None, [node.module]), name.name])


def part_of(module: str) -> str:
    """``listrak_relay.domain.run.runs`` belongs to ``domain``, ``functions.close_run.handler`` to ``functions``."""
    names = module.split(".")
    return names[1] if names[0] == PACKAGE and len(names) > 1 else names[0]


def is_room(names: list[str]) -> bool:
    return (CORE / PACKAGE / Path(*names)).is_dir()


def room_of(module: str) -> str:
    """The innermost folder of the package that a module, or a name in one, lies in: ``adapters.duckdb.loading``."""
    names = module.split(".")[1:]
    while names and not is_room(names):
        names.pop()
    return ".".join(names)


def at_the_terminal(file: str) -> bool:
    """An operator's command speaks to AWS as the aws command does, by its own room; none of it is deployed."""
    return module_name(file).startswith("cli.")


def library_of(module: str) -> str:
    top = module.split(".")[0]
    return "mypy_boto3" if top.startswith("mypy_boto3_") else top


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


ROOMY_FILES = [file for file in OUR_FILES if part_of(module_name(file)) in {"domain", "use_cases", "adapters"}]


@pytest.mark.parametrize("file", ROOMY_FILES)
def test_a_room_imports_only_the_rooms_below_it(file: str) -> None:
    room = room_of(module_name(file) if not file.endswith("__init__.py") else f"{module_name(file)}.")
    if not imported_modules(file):
        return
    assert room in ALLOWED_ROOMS, f"{file}: no rule for the room {room!r}; the rule is in {__file__}"
    allowed = ALLOWED_ROOMS[room] | {room}

    breaches = [
        f"{file}:{line} imports {module}; {room} may import of its part only {', '.join(sorted(allowed))}"
        for line, module in imported_modules(file)
        if is_ours(module) and part_of(module) == part_of(module_name(file)) and room_of(module) not in allowed
    ]

    assert not breaches, "\n".join(breaches)


def test_the_order_of_rooms_has_no_circle() -> None:
    left = {room: set(below) for room, below in ALLOWED_ROOMS.items()}

    while lowest := [room for room, below in left.items() if not below & left.keys()]:
        for room in lowest:
            del left[room]

    assert not left


def test_every_rule_is_about_a_room_that_exists() -> None:
    named = {*ALLOWED_ROOMS, *HOMES.values(), *(room for below in ALLOWED_ROOMS.values() for room in below)}

    assert not [room for room in named if not is_room(room.split("."))]


@pytest.mark.parametrize("file", OUR_FILES)
def test_a_library_is_imported_in_its_own_room_alone(file: str) -> None:
    room = room_of(module_name(file))

    breaches = [
        f"{file}:{line} imports {module}; only {home} may"
        for line, module in imported_modules(file)
        if (home := HOMES.get(library_of(module)))
        and not f"{room}.".startswith(f"{home}.")
        and not at_the_terminal(file)
    ]

    assert not breaches, "\n".join(breaches)


@pytest.mark.parametrize("file", [file for file in OUR_FILES if part_of(module_name(file)) == "adapters"])
def test_every_library_of_an_adapter_has_a_home(file: str) -> None:
    # Powertools is AWS's way to do things: its parameters and metrics in adapters/aws, its logger at the doorways.
    libraries = {library_of(module) for _, module in imported_modules(file) if is_third_party(module)}

    assert libraries <= {*HOMES, "aws_lambda_powertools"}


@pytest.mark.parametrize("file", python_files("functions"))
def test_a_handler_needs_no_library_but_powertools(file: str) -> None:
    libraries = {library_of(module) for _, module in imported_modules(file) if is_third_party(module)}

    assert libraries <= {"aws_lambda_powertools"}, f"{file} uses {', '.join(sorted(libraries))}"


@pytest.mark.parametrize("file", python_files("layers/core/python/listrak_relay/wiring/assembly"))
def test_what_is_put_together_of_ports_knows_no_adapter(file: str) -> None:
    imported = {part_of(module) for _, module in imported_modules(file) if is_ours(module)}

    assert "adapters" not in imported


@pytest.mark.parametrize(
    "file",
    [
        file
        for file in OUR_FILES
        if not module_name(file).startswith(f"{PACKAGE}.settings") and module_name(file) != "cli.aws.session"
    ],
)
def test_the_environment_is_read_by_the_settings_alone(file: str) -> None:
    readers = {"os.environ", "os.environb", "os.getenv", "os.getenvb"}

    used = {ast.unparse(node) for node in nodes_of(file) if isinstance(node, ast.Attribute)}
    used |= {module for _, module in imported_modules(file)}

    assert not used & readers, f"{file} reads the environment; {PACKAGE}/settings is the place for it"


@pytest.mark.parametrize("file", python_files("layers/core/python", "functions"))
def test_nothing_is_written_to_disk_but_to_a_scratch_folder(file: str) -> None:
    # What is written elsewhere stays in the way when its invocation is killed.
    if module_name(file) != f"{PACKAGE}.scratch":
        assert "tempfile" not in {module.split(".")[0] for _, module in imported_modules(file)}


@pytest.mark.parametrize("program", SEPARATE_PROGRAMS)
def test_what_stands_for_listrak_shares_no_code_with_us(program: str) -> None:
    files = python_files(program)

    breaches = [
        f"{file}:{line} imports {module}"
        for file in files
        for line, module in imported_modules(file)
        if module.split(".")[0] in OUR_FOLDERS and not f"{module}.".startswith(f"{SEPARATE_PROGRAMS[program]}.")
    ]

    assert files
    assert not breaches, "\n".join(breaches)


def test_the_simulator_needs_no_library_that_its_own_project_does_not_name() -> None:
    project = tomllib.loads((SIMULATOR / "pyproject.toml").read_text("utf-8"))["project"]
    declared = {Requirement(each).name for each in project["dependencies"]}

    imported = {
        library_of(module)
        for file in python_files("simulator/listrak_simulator")
        for _, module in imported_modules(file)
        if is_third_party(module) and library_of(module) != "listrak_simulator"
    }

    # pytest is there when it loads the fixture; the other two are what starlette's templates and uvicorn ask for.
    assert imported - {"pytest"} == declared - {"httptools", "jinja2"}
