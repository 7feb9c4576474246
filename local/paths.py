"""Where things lie in the working copy."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CORE = ROOT / "layers" / "core" / "python"
TEMPLATE = ROOT / "template.yaml"
SAMPLES = ROOT / "samples"
STATE = ROOT / ".local"
"""Everything the local stack writes; git leaves it alone and `make clean` removes it."""
