"""The commands that the documentation names, as they are typed against a stack, one after the other."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tests.support.paths import ROOT

PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
_COMMAND = re.compile(r"`(?:tools/)?(listrak-relay [^`]+)`|^(?:\$ )?(?:tools/)?(listrak-relay .+)$", re.MULTILINE)
_PLACEHOLDERS = {
    "<run id>": "$RUN",
    "RUN": "$RUN",
    "<key>": "email/vip/customers.csv",
    "FILE": "customers.csv",
    "NAME": "vip",
}
_PLACEHOLDER = re.compile("|".join(rf"(?<![\w$]){re.escape(word)}(?!\w)" for word in _PLACEHOLDERS))


@dataclass(frozen=True, slots=True)
class Step:
    """``typed`` in a folder that has `customers.csv`, and the stack's account of SFTP in `sftp.json`.

    ``answers``: to what it asks. ``code``: how it ends.
    """

    typed: str
    answers: str = ""
    code: int = 0


def documented_commands() -> set[str]:
    """Each as it is typed, the run of an earlier step as ``$RUN``."""
    found = (one or other for page in PAGES for one, other in _COMMAND.findall(page.read_text(encoding="utf-8")))
    return {_PLACEHOLDER.sub(lambda match: _PLACEHOLDERS[match[0]], command) for command in found}


def story(email: tuple[str, str], sms: tuple[str, str]) -> list[Step]:
    """``email``, ``sms``: id and secret that Listrak takes. The first step that sends a file gives ``$RUN``."""
    return [
        Step("listrak-relay plan customers.csv"),
        Step("listrak-relay plan ~/customers.csv"),
        Step("listrak-relay plan customers.csv --destination email --audience vip"),
        Step("listrak-relay send customers.csv --destination email --audience vip"),
        Step("listrak-relay plan customers.csv --audience vip --deployed --listrak"),
        Step("listrak-relay test customers.csv --audience vip --rows 5"),
        Step("listrak-relay runs"),
        Step("listrak-relay --local runs"),
        Step("listrak-relay runs --days 7"),
        Step("listrak-relay run $RUN"),
        Step("listrak-relay rejects $RUN"),
        Step("listrak-relay --local rejects $RUN"),
        Step("listrak-relay report $RUN --open"),
        Step("listrak-relay cost $RUN"),
        Step("listrak-relay cost --days 30 --month 100M", code=1),  # nothing counts calls on one machine
        Step("listrak-relay capacity --contacts 100M --audiences 1000 --destinations 50 --hours 8"),
        Step(
            "listrak-relay capacity --contacts 100M --audiences 1000 --destinations 50 --listrak-imports one-queue",
            code=1,
        ),
        Step("listrak-relay redrive $RUN"),
        Step("listrak-relay redrive"),
        Step("listrak-relay replay email/vip/customers.csv"),
        Step("listrak-relay lists"),
        Step('listrak-relay fields "Master List"'),
        Step("listrak-relay init", "\n\n"),
        Step("listrak-relay rotate email", "\n".join([*email, ""])),
        Step("listrak-relay rotate sms", "\n".join([*sms, ""])),
        Step("listrak-relay rotate feeds --file sftp.json"),
        Step("listrak-relay config add vip --list VIP --mode mirror"),
        Step("listrak-relay config add products --channel sftp --set missing_columns=expected"),
        Step("listrak-relay config show > destinations.yaml"),
        Step("listrak-relay config check destinations.yaml"),
        Step("listrak-relay config push destinations.yaml"),
        Step("listrak-relay plan customers.csv --destination vip --deployed"),
        Step("listrak-relay pause --destination vip"),
        Step("listrak-relay pause"),
        Step("listrak-relay resume"),
        Step("listrak-relay resume --destination vip"),
        Step("listrak-relay doctor"),
        Step("listrak-relay who ana@example.com"),
        Step("listrak-relay who her@example.com", code=1),
        Step("listrak-relay forget ana@example.com", "y\n"),
        Step("listrak-relay forget her@example.com", "y\n"),
    ]
