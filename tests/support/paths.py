"""Where things lie in the working copy. Apart from `local.paths`, which is code under test."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CORE = ROOT / "layers/core/python"
SIMULATOR = ROOT / "simulator"
TEMPLATE = ROOT / "template.yaml"
SAMPLES = ROOT / "samples"
EVENTS = ROOT / "events"
EXAMPLE_DESTINATIONS = ROOT / "config/destinations.example.yaml"
SMALL_STACK = ROOT / "tests/support/stack/small"
"""A template whose functions do what they are told."""

USAGE = ROOT / ".build/usage"
"""What the stacks of the tests used of the grants of their roles, for `make least-privilege`."""

PYTHON = ROOT / ".venv/bin/python"
"""The interpreter that `layers/layer.mk` builds for when it builds for this machine."""

SAM_PYTHON = ROOT / ".venv-sam/bin/python"
