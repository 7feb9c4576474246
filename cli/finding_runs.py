"""A run by what somebody typed of its id."""

from __future__ import annotations

from cli.aws.stack import Stack
from cli.errors import CommandError, ExitCode

_SHOWN = 5


def run_called(stack: Stack, typed: str) -> str:
    """The id of the run that is called ``typed``, or begins with it and is the only one to do so.

    Raises:
        CommandError: there is none, or there are several.
    """
    if stack.open_run(typed):
        return typed
    known = [str(entry["run_id"]) for entry in stack.closed_runs()]
    if typed in known:
        return typed
    begun = list(dict.fromkeys([*(run.run_id for run in stack.open_runs()), *known]))
    found = [run_id for run_id in begun if typed and run_id.startswith(typed)]
    if len(found) == 1:
        return found[0]
    if found:
        more = f" and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
        raise CommandError(
            f"{len(found)} runs begin with {typed}: {', '.join(found[:_SHOWN])}{more}; write more of the id",
            ExitCode.WRONG_USE,
        )
    if "/" in typed:
        raise CommandError(
            f"{typed} is a drop key; a run goes by its id, such as email-0123456789abcdef, which `listrak-relay runs` "
            "shows",
            ExitCode.WRONG_USE,
        )
    raise CommandError(
        f"the stack {stack.name} has no run {typed}; `listrak-relay runs --days 90` lists those there are, and --stack "
        "or --region names another stack"
    )
