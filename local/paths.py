"""Where things lie in the working copy."""

from __future__ import annotations

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CORE = ROOT / "layers" / "core" / "python"
SIMULATOR = ROOT / "simulator"
"""The project of the Listrak simulator, which needs no installing to be run from its folder."""

TEMPLATE = ROOT / "template.yaml"
SAMPLES = ROOT / "samples"
STATE = Path(os.environ.get("LISTRAK_RELAY_LOCAL_STATE") or ROOT / ".local")
"""Everything the local stack writes; git leaves it alone and `make clean` removes it."""


def shown(path: Path) -> Path:
    """As short as can be."""
    return path.relative_to(ROOT) if path.is_relative_to(ROOT) else path
