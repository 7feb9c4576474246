"""By which faults are drawn: FAULT_SEED, which may be ``random``, or always the same."""

from __future__ import annotations

import os
import random

_GIVEN = os.environ.get("FAULT_SEED") or "1"

SEED = random.SystemRandom().randrange(10_000) if _GIVEN == "random" else int(_GIVEN)
