"""What `deliver_email` takes while it counts a mirror run's list, beside the hashes of the people of its file."""

from __future__ import annotations

import hashlib
import importlib
import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import BinaryIO, cast

from bench._memory import peak_memory
from listrak_relay.adapters.aws.clients import client
from listrak_relay.adapters.listrak.answer import Answer
from listrak_relay.adapters.listrak.calls import PAGE_SIZE
from listrak_relay.adapters.listrak.email import ListrakEmail
from listrak_relay.adapters.listrak.http import ListrakHttp
from listrak_relay.adapters.listrak.token import ListrakToken
from listrak_relay.adapters.listrak.transport import Request
from listrak_relay.domain.delivery.email_plan import EmailPlan
from listrak_relay.domain.delivery.plans import Stage
from listrak_relay.domain.destinations.choices import Mode
from listrak_relay.domain.destinations.destinations import EmailDestination
from listrak_relay.domain.run import work_keys as keys
from listrak_relay.domain.run.manifest import Action, Chunk, EmailManifest, ProfileColumn, RunManifest
from listrak_relay.domain.run.runs import DroppedFile
from listrak_relay.settings.delivering import DeliverEmailSettings
from listrak_relay.use_cases.email.leavers import Leavers
from listrak_relay.use_cases.email.prepare import PrepareEmail
from listrak_relay.use_cases.email.staying import Staying
from listrak_relay.wiring.assembly.common import superseding
from tests.support.fakes import (
    FakeClock,
    FakeLedger,
    FakeObjectStore,
)
from tests.support.fakes.environment import ENVIRONMENT
from tests.support.fakes.run_ports import fake_run_ports

_AUDIENCE = 7
LISTED = 1_100_000
"""Twice what is written down as a part, and some."""


@dataclass(frozen=True)
class Beside:
    """Resident bytes."""

    idle: int
    peak: int


class Pages:
    """`Transport` of a list whose every contact is a member of the audience."""

    def __init__(self) -> None:
        self._given = 0

    def send(self, request: Request) -> Answer:
        assert request.query
        ended = request.query["subscriptionState"] == "Unsubscribed" or self._given >= LISTED
        items = [] if ended else [_contact(number) for number in range(self._given, self._given + PAGE_SIZE)]
        self._given += len(items)
        following = f"page-{self._given}" if items else None
        body = {"status": 200, "nextPageCursor": following, "data": items}
        return Answer(200, {}, json.dumps(body).encode())


class Token:
    def current(self, *, fresh_secret: bool = False) -> str:
        return "token" if fresh_secret else ""

    def forget(self, token: str) -> None:
        raise SystemExit(f"{token} was refused")


class Forgetful(FakeObjectStore):
    """Keeps what was written last, as an upload keeps a part."""

    @contextmanager
    def writing(self, key: str, content_type: str) -> Iterator[BinaryIO]:
        self.objects = {name: body for name, body in self.objects.items() if "leavers" not in name}
        with super().writing(key, content_type) as body:
            yield body


def _contact(number: int) -> dict[str, object]:
    """With what Listrak publishes of one."""
    return {
        "emailAddress": f"person.{number:09d}@example.com",
        "subscriptionState": "Subscribed",
        "resubscribed": False,
        "externalContactID": "",
        "subscribeDate": "2026-11-23T08:00:00Z",
        "subscribeMethod": "Imported",
        "unsubscribeDate": None,
        "unsubscribeMethod": "",
        "segmentationFieldValues": [{"segmentationFieldId": _AUDIENCE, "value": "on"}],
    }


def beside(_: int, __: Path, result: Connection) -> None:
    """Resident bytes of the function with its clients, and at most while the list is read."""
    given = {"AWS_DEFAULT_REGION": "us-east-1", "AWS_ACCESS_KEY_ID": "local", "AWS_SECRET_ACCESS_KEY": "local"}
    os.environ.update(given | ENVIRONMENT)
    for module in ("doorways", "wiring.deliver_email"):
        importlib.import_module(f"listrak_relay.{module}")  # as its handler does when it is loaded
    for service in ("dynamodb", "s3", "secretsmanager", "sqs"):
        client(service)
    clock, store = FakeClock(), Forgetful()
    run = fake_run_ports(ledger=FakeLedger(clock), store=store, clock=clock)
    settings = DeliverEmailSettings.from_env()
    leavers = Leavers(
        ledger=run.ledger,
        store=store,
        clock=clock,
        superseding=superseding(run),
        wait=1.0,
        deadline=settings.import_deadline,
        max_attempts=settings.max_import_attempts,
    )
    prepare = PrepareEmail(
        ledger=run.ledger,
        pause=time.sleep,
        leavers=leavers,
        staying=Staying(store, settings.mirror_contacts),
        superseding=superseding(run),
        poll_seconds=1.0,
        most_leavers_bytes=settings.most_leavers_bytes,
        leavers_in_memory=settings.leavers_in_memory,
    )
    manifest, objects = _one_row()
    store.objects |= objects
    plan = EmailPlan(Stage.GUARD, 1, audience_field_id=_AUDIENCE, lock="mirror/1/1")
    run.ledger.put_plan(manifest.run_id, plan)
    http = ListrakHttp("https://listrak.example.com", Pages(), cast("ListrakToken", Token()), time.sleep)
    plans: list[EmailPlan] = []
    idle, peak = peak_memory(
        lambda: plans.append(prepare.plan_for(manifest, ListrakEmail(http), "bench", lambda: 900.0, waited=False))
    )
    if plans[0].leaving != LISTED:
        raise SystemExit(f"{plans[0].leaving} of {LISTED} were counted")
    result.send(Beside(idle, peak))


def _one_row() -> tuple[EmailManifest, dict[str, bytes]]:
    """The manifest of a run whose file has one person, and the objects of its chunk."""
    run_id, body = "email-0123456789abcdef", b"somebody@example.com\n"
    key, rows_key = keys.chunk_key(run_id, "update-0001"), keys.rows_key(run_id, "update-0001")
    chunk = Chunk("update-0001", Action.UPDATE, key, rows_key, 1, len(body), hashlib.sha256(body).hexdigest())
    return mirror_manifest(run_id, (), chunk), {key: body, rows_key: b"2\n"}


def mirror_manifest(run_id: str, columns: tuple[ProfileColumn, ...], chunk: Chunk) -> EmailManifest:
    return RunManifest(
        run_id=run_id,
        source=DroppedFile("drop", "email/vip/file.csv", "v1", chunk.size, "2026-11-29T00:00:00Z"),
        destination=EmailDestination("email", mode=Mode.MIRROR),
        audience="vip",
        columns=columns,
        chunks=(chunk,),
        rows_read=chunk.rows,
        rejected=0,
        duplicates=0,
    )
