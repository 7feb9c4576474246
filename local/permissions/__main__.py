"""`python -m local.permissions FILE …`: grants that none of the usages in the files has used.

0: there are none but those excused. 1: there are, or an excuse is needed no longer, or a file is not of this template.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from local.paths import TEMPLATE
from local.permissions.excused import EXCUSES, Excuse
from local.permissions.usage import Usage, template_hash


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m local.permissions", description=__doc__)
    parser.add_argument("usages", type=Path, nargs="+", help="what `make test` and `make aws-check` have left")
    usages: list[Usage] = []
    for path in parser.parse_args().usages:
        try:
            found = Usage.load(path)
        except (OSError, ValueError, TypeError, KeyError):
            found = None
        if found is None or found.template != template_hash(TEMPLATE):
            print(f"{path} is not of this template.yaml; run all tests first: make test aws-check", file=sys.stderr)
            return 1
        usages.append(found)
    faults = judge(usages, EXCUSES)
    granted = frozenset().union(*(one.granted for one in usages))
    for fault in faults:
        print(fault, file=sys.stderr)
    if not faults:
        roles = len({grant.role for grant in granted})
        print(
            f"{len(granted)} grants of {roles} roles: each is used by a test or excused in local/permissions/excused.py"
        )
    return 1 if faults else 0


def judge(usages: Iterable[Usage], excuses: Sequence[Excuse]) -> list[str]:
    """A sentence for each fault."""
    listed = list(usages)
    granted = frozenset().union(*(one.granted for one in listed))
    used = frozenset().union(*(one.used for one in listed))
    faults = [
        f"granted and used by no test: {grant}"
        for grant in sorted(granted - used)
        if not any(excuse.fits(grant) for excuse in excuses)
    ]
    return faults + [
        f"an excuse for what is not granted: {excuse.role}, {excuse.action} on {excuse.resource}"
        for excuse in excuses
        if not any(excuse.fits(grant) for grant in granted)
    ]


if __name__ == "__main__":
    sys.exit(main())
