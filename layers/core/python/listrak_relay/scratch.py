"""The disk of a function's execution environment, which outlives an invocation that was killed.

A time-out or a lack of memory ends the process in the midst of a file, and what it had written stays in the way of
whichever file comes next: https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_PREFIX = "listrak-relay-"


@contextmanager
def scratch_folder() -> Iterator[Path]:
    """A folder for the time of the block. All that is written to disk goes into one, or `clear_scratch` misses it."""
    with tempfile.TemporaryDirectory(prefix=_PREFIX) as name:
        yield Path(name)


def clear_scratch() -> None:
    """Remove what invocations have left that did not come to their end. For the beginning of one: an environment has
    one at a time, so no folder that is there then is in use."""
    for left in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        shutil.rmtree(left, ignore_errors=True)
