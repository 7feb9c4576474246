"""The handler of a built function, imported by a process of its own that can import nothing else."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from tempfile import TemporaryDirectory

from tests.support.packaging.built import BuiltFunction
from tests.support.paths import PYTHON

_REGION = {"AWS_REGION": "us-east-1", "AWS_DEFAULT_REGION": "us-east-1"}

_IMPORT_HANDLER = """
import importlib, json, sys, time
handler, *path = sys.argv[1:]
sys.path[:0] = path
module, function = handler.rsplit(".", 1)
started = time.perf_counter()
imported = importlib.import_module(module)
seconds = time.perf_counter() - started
assert callable(getattr(imported, function))
with open("/proc/self/status") as status:
    [peak] = (int(line.split()[1]) for line in status if line.startswith("VmHWM:"))
print(json.dumps({"seconds": seconds, "peak": peak * 1024}))
"""


@dataclass(frozen=True, slots=True)
class Imported:
    """``seconds`` of the import; ``peak``: resident bytes of its process at most, Python's own with them."""

    seconds: float
    peak: int


def import_handler(function: BuiltFunction) -> Imported:
    """With what earlier imports have compiled, if there were any. Raises ImportError with what Python said."""
    return _imported(function, [])


def import_as_deployed(function: BuiltFunction) -> Imported:
    """As a new environment of Lambda does: what is deployed is not compiled, and Lambda has nowhere to keep it.
    Raises ImportError with what Python said."""
    with TemporaryDirectory() as empty:
        return _imported(function, ["-B", "-X", f"pycache_prefix={empty}"])


def _imported(function: BuiltFunction, options: Sequence[str]) -> Imported:
    # -I and -S: neither the environment's packages nor the current folder can be imported.
    done = subprocess.run(
        [PYTHON, "-I", "-S", *options, "-c", _IMPORT_HANDLER, function.handler, *function.import_path],
        env=function.environment | _REGION,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise ImportError(f"{function.name}: {done.stderr}")
    return Imported(**json.loads(done.stdout))
