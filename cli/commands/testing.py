"""A handful of a file's rows by the very way that all of them would go."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Annotated, Any

import typer

from cli.aws.stack import Stack
from cli.commands.send import follow_to_end, warn_if_paused
from cli.comparing import NoProfileFieldError, compared
from cli.errors import CommandError, ExitCode
from cli.options import Told, told
from cli.reading import destinations, drop_key, named, readable
from cli.showing import show_report
from listrak_relay.domain.destinations.destinations import AudienceDestination, EmailDestination, FeedDestination
from listrak_relay.domain.destinations.file_rules import FileRules
from listrak_relay.domain.run.drop_keys import TEST_AUDIENCE, TEST_NAME
from listrak_relay.domain.run.runs import DroppedFile
from listrak_relay.ports.reading import IngestedAudience

_MOST_ROWS = 1_000


def add_to(app: typer.Typer) -> None:
    app.command("test")(try_rows)


def try_rows(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="The file of which some rows go.")],
    destination: Annotated[str, typer.Option("--destination", "-d", help="Where they go.")] = "email",
    audience: Annotated[str | None, typer.Option(help="Its audience; that of the file's name without.")] = None,
    rows: Annotated[int, typer.Option(min=1, max=_MOST_ROWS, help="How many, from the first that can be sent.")] = 5,
) -> None:
    """Send a few rows by the very way that the whole file would go, an import of Listrak's included. They are real
    people to Listrak. What they get is the mark of an audience of its own, called `<audience>-test`; how to undo the
    rest is said. Ends with 1 if the run did not complete.

    Example: `listrak-relay test customers.csv --destination email --audience vip --rows 5`
    """
    options = told(context)
    path = readable(file)
    stack = options.stack()
    chosen = named(destinations(options, None, deployed=True), destination)
    if isinstance(chosen, FeedDestination):
        raise CommandError("feeds are whole files; send one with few rows by listrak-relay send", ExitCode.WRONG_USE)
    _, name = drop_key(path, chosen, audience)
    name += TEST_AUDIENCE
    with tempfile.TemporaryDirectory(prefix="listrak-relay-test-") as folder:
        sample, read = _sample(path, chosen, name, rows, Path(folder))
        before = _before(stack, chosen, name, read)
        run_id = _drop(options, stack, chosen, name, sample)
    made = stack.report(run_id)
    undo = _undo(chosen, name, before)
    if not options.say({"report": made, "undo": undo}):
        show_report(options, made)
        for sentence in undo:
            options.console.print(sentence)
    if made["status"] != "COMPLETED" or not made["balanced"]:
        raise typer.Exit(ExitCode.NOT_WELL)


def _sample(
    path: Path, chosen: AudienceDestination, audience: str, rows: int, folder: Path
) -> tuple[Path, IngestedAudience]:
    """The sample, and how it is read.

    Raises:
        FileRejectedError: the file would be rejected.
        CommandError: the sample would not be read as the file is.
    """
    from listrak_relay.wiring.dry_run import read_here, sample_here  # noqa: PLC0415 - DuckDB is dear to load

    key, _ = drop_key(path, chosen, audience)
    for part in ("sample", "whole", "few"):
        (folder / part).mkdir()
    sample = sample_here(path, key, chosen, audience, rows, folder / "sample")
    whole = read_here(path, key, chosen, audience, folder / "whole")
    few = read_here(sample, key, chosen, audience, folder / "few")
    wanted = min(rows, sum(chunk.rows for chunk in whole.chunks))
    if not wanted:
        raise CommandError("no row of the file would be sent; listrak-relay plan says why", ExitCode.NOT_WELL)
    if few.rows_read != wanted or few.rejected:
        raise CommandError(
            f"destination {chosen.name} says under file how its files are written, and a sample made here is not; "
            "write a file with a few rows yourself, and send it: listrak-relay send",
            ExitCode.NOT_WELL,
        )
    types = {column.name: column.data_type for column in whole.columns}
    other = [column.name for column in few.columns if types.get(column.name) is not column.data_type]
    if other:
        raise CommandError(
            f"from so few rows profile fields would be made of another type than from the whole file: "
            f"{', '.join(other)}. Say their type in the data template of destination {chosen.name}, or take more "
            "--rows",
            ExitCode.NOT_WELL,
        )
    return sample, few


def _before(stack: Stack, chosen: AudienceDestination, audience: str, read: IngestedAudience) -> dict[str, Any] | None:
    """None: it cannot be known; of a list for texts, or one without a profile field yet."""
    if not isinstance(chosen, EmailDestination):
        return None
    try:
        return compared(stack.function_settings("DeliverEmailFunction"), chosen, audience, read)
    except NoProfileFieldError:
        return None


def _drop(options: Told, stack: Stack, chosen: AudienceDestination, audience: str, sample: Path) -> str:
    warn_if_paused(options, stack, chosen)
    folder, marker = f"{chosen.name}/{audience}/", _marker(chosen.file)
    if marker:
        folder += f"{TEST_NAME}/"
    key = f"{folder}{TEST_NAME}.csv"
    version = stack.drop(key, sample)
    if marker:
        key = folder + marker
        empty = sample.with_name("marker")
        empty.write_bytes(b"")
        version = stack.drop(key, empty)
    run_id = DroppedFile(stack.drop_bucket, key, version, 0, "").run_id
    follow_to_end(options, stack, run_id, key)
    return run_id


def _marker(rules: FileRules) -> str | None:
    """A name that is one of the destination's success markers."""
    return rules.success_marker and rules.success_marker.replace("*", "test").replace("?", "x")


def _undo(chosen: AudienceDestination, audience: str, before: dict[str, Any] | None) -> list[str]:
    """Sentences."""
    said, where = [], chosen.list_name
    if isinstance(chosen, EmailDestination):
        field = f"the profile field {audience} of group {chosen.profile_field_group}"
        said.append(f"To undo: delete {field} in Listrak, which nothing else uses.")
    if before is None:
        said.append(f"Who was not on {where} before and is now stays so until you take them from it in Listrak.")
    elif new := before["new_or_had_unsubscribed"]:
        said.append(
            f"{new:,} of them were not subscribed to {where} before: who is now stays so until you unsubscribe them in "
            "Listrak."
        )
    else:
        said.append(f"All whom it says to subscribe were subscribed to {where} before.")
    made = [name for name in before["fields_made"] if name != audience] if before else []
    if made:
        said.append(f"Profile fields made, as the whole file would make them: {', '.join(made)}.")
    if before and before["would_be_unsubscribed"]:
        said.append(f"{before['would_be_unsubscribed']:,} who say no were unsubscribed, as the file says.")
    return said
