"""What `sam build` made: its template and the files of each function and layer."""

import os
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from local.template.intrinsics import Resolver
from local.template.parameters import as_referenced, parameter_values
from tests.support.paths import ROOT, SAM_PYTHON


@dataclass(frozen=True, slots=True)
class BuiltFunction:
    """``code`` and ``layers`` are folders; ``layers`` in the order of attachment, each unpacked to /opt by Lambda.

    ``runtime`` and ``architecture`` are those of the template, such as python3.13 and arm64.
    ``environment`` holds the template's variables; those known only after a deployment have a made-up value.
    """

    name: str
    handler: str
    runtime: str
    architecture: str
    code: Path
    layers: tuple[Path, ...]
    environment: dict[str, str]

    @property
    def import_path(self) -> list[Path]:
        """Where Lambda looks for modules, first to last; a later layer covers an earlier one."""
        return [self.code, *(layer / "python" for layer in reversed(self.layers))]


def build(destination: Path, **variables: str) -> list[BuiltFunction]:
    """Run `sam build` into ``destination``. ``variables`` are those of layers/layer.mk, if not its defaults."""
    assert SAM_PYTHON.exists(), "the SAM CLI is not installed here; `make build-check` installs it"
    environment = {name: value for name, value in os.environ.items() if not name.startswith("LAMBDA_")}
    subprocess.run(
        [SAM_PYTHON, "-m", "samcli", "build", "--build-dir", destination],
        cwd=ROOT,
        env=environment | variables | {"SAM_CLI_TELEMETRY": "0"},
        check=True,
    )
    return list(_functions(destination))


def _functions(built: Path) -> Iterator[BuiltFunction]:
    template = yaml.safe_load((built / "template.yaml").read_text(encoding="utf-8"))
    resources: dict[str, Any] = template["Resources"]
    common = template["Globals"]["Function"]
    defaults = as_referenced(template, parameter_values(template, {}))
    resolver = Resolver(template, defaults, {}, lambda _: "made-up", lambda *_: "made-up")

    def value(of: Any) -> Any:
        """With the defaults of the parameters; what only a deployment knows is made up."""
        return resolver.resolve(of)

    for name, resource in resources.items():
        if resource["Type"] != "AWS::Serverless::Function":
            continue
        properties = common | resource["Properties"]
        variables = {**common["Environment"]["Variables"], **properties["Environment"]["Variables"]}
        yield BuiltFunction(
            name=name,
            handler=properties["Handler"],
            runtime=value(properties["Runtime"]),
            architecture=value(properties["Architectures"][0]),
            code=built / properties["CodeUri"],
            layers=tuple(
                built / resources[layer["Ref"]]["Properties"]["ContentUri"] for layer in properties.get("Layers", [])
            ),
            environment={key: str(value(of)) for key, of in variables.items()},
        )


def files(*folders: Path) -> Iterator[Path]:
    for folder in folders:
        yield from (path for path in sorted(folder.rglob("*")) if path.is_file())


def size(*folders: Path) -> int:
    """Bytes of all files below the folders, as Lambda counts them against its limit."""
    return sum(path.stat().st_size for path in files(*folders))
