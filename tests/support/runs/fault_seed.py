"""By which faults are drawn: FAULT_SEED, or one of this session."""

from __future__ import annotations

import os
import random

SEED = int(os.environ.get("FAULT_SEED", random.SystemRandom().randrange(10_000)))
