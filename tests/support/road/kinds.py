"""What can go wrong with one call, by name. Imports nothing of the program."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from tests.support.road.answers import ANSWERS, Said
from tests.support.road.exchange import LISTRAK, SFTP, Heard, Reply

BEFORE, AFTER = False, True


class Caller(Protocol):
    """Whoever waits for the answer to one call."""

    heard: Heard

    def kill(self) -> None:
        """Its process, at once. It gets no answer."""

    def reset(self) -> None:
        """The connection, without an answer."""

    def hold(self) -> None:
        """Say nothing until it hangs up, or its patience is taken to have ended."""

    def drip(self, reply: Reply) -> None:
        """The answer byte by byte."""

    def break_off(self, reply: Reply) -> None:
        """Half the answer, then the connection's end."""

    def answer(self, reply: Reply) -> None: ...

    def forward(self, heard: Heard) -> Reply:
        """What the true server says."""


Act = Callable[[Caller, Reply | None], None]
"""``Reply``: of the true server, where the call has taken effect."""


@dataclass(frozen=True, slots=True)
class Kind:
    """``fits``: given service and operation. ``moments``: whether it strikes before the call takes effect, or after."""

    act: Act
    fits: Callable[[str, str], bool]
    moments: tuple[bool, ...] = (BEFORE, AFTER)


def _anything(_service: str, _operation: str) -> bool:
    return True


def _listrak(service: str, _operation: str) -> bool:
    return service == LISTRAK


def _web(service: str, _operation: str) -> bool:
    return service != SFTP


def _aws(service: str, _operation: str) -> bool:
    return service not in {LISTRAK, SFTP}


def _only(wanted: str, *operations: str) -> Callable[[str, str], bool]:
    return lambda service, operation: service == wanted and (not operations or operation in operations)


def _says(said: Said) -> Act:
    headers = [("Content-Type", said.content_type), *said.headers.items()]
    return lambda caller, _: caller.answer(Reply(said.status, headers, said.content))


def _aws_says(status: int, code: str) -> Act:
    """In the form of the service."""

    def act(caller: Caller, _: Reply | None) -> None:
        service = caller.heard.service
        if service in {"s3", "sns"}:
            inner = f"<Code>{code}</Code><Message>Made up.</Message><RequestId>{uuid.uuid4()}</RequestId>"
            text = f"<Error>{inner}</Error>"
            text = text if service == "s3" else f"<ErrorResponse>{text}</ErrorResponse>"
            caller.answer(Reply(status, [("Content-Type", "application/xml")], text.encode()))
            return
        headers = [("Content-Type", "application/x-amz-json-1.0"), ("x-amzn-query-error", f"{code};Receiver")]
        body = json.dumps({"__type": f"com.amazonaws.made.up#{code}", "message": "Made up."})
        caller.answer(Reply(status, headers, body.encode()))

    return act


def _transaction_conflict(caller: Caller, _: Reply | None) -> None:
    """Of a transaction it is one reason among those of its parts."""
    if caller.heard.operation != "TransactWriteItems":
        _aws_says(400, "TransactionConflictException")(caller, None)
        return
    parts = len(caller.heard.fields()["TransactItems"])
    reasons = [{"Code": "TransactionConflict", "Message": "Made up."}, *({"Code": "None"} for _ in range(parts - 1))]
    body = {
        "__type": "com.amazonaws.dynamodb.v20120810#TransactionCanceledException",
        "message": "Transaction cancelled, please refer cancellation reasons [TransactionConflict]",
        "CancellationReasons": reasons,
    }
    caller.answer(Reply(400, [("Content-Type", "application/x-amz-json-1.0")], json.dumps(body).encode()))


def _part_of_a_batch(caller: Caller, _: Reply | None) -> None:
    """Every second message is taken, the first one among those that are not."""
    fields = caller.heard.fields()
    refused, taken = fields["Entries"][::2], fields["Entries"][1::2]
    answered: dict[str, list[object]] = {}
    if taken:
        body = json.dumps({**fields, "Entries": taken}).encode()
        heard = Heard(caller.heard.method, caller.heard.target, caller.heard.headers, body)
        answered = json.loads(caller.forward(heard).body)
    failed = [{"Id": each["Id"], "SenderFault": False, "Code": "InternalError"} for each in refused]
    both = {"Successful": answered.get("Successful", []), "Failed": [*answered.get("Failed", []), *failed]}
    caller.answer(Reply(200, [("Content-Type", "application/x-amz-json-1.0")], json.dumps(both).encode()))


def _true(act: Callable[[Caller, Reply], None]) -> Act:
    def of_the_true_answer(caller: Caller, reply: Reply | None) -> None:
        assert reply is not None
        act(caller, reply)

    return of_the_true_answer


KINDS: Mapping[str, Kind] = {
    "killed": Kind(lambda caller, _: caller.kill(), _anything),
    "reset": Kind(lambda caller, _: caller.reset(), _anything),
    "silence": Kind(lambda caller, _: caller.hold(), _anything),
    "drip": Kind(_true(lambda caller, reply: caller.drip(reply)), _web, (AFTER,)),
    "half an answer": Kind(_true(lambda caller, reply: caller.break_off(reply)), _web, (AFTER,)),
    # Listrak
    **{
        name: Kind(_says(said), _listrak, (BEFORE,) if said.refuses else (BEFORE, AFTER))
        for name, said in ANSWERS.items()
    },
    # AWS
    "AWS 500": Kind(_aws_says(500, "InternalServerError"), _aws),
    "S3 503": Kind(_aws_says(503, "SlowDown"), _only("s3"), (BEFORE,)),
    "throttled": Kind(
        _aws_says(400, "ThrottlingException"), lambda s, _: s not in {LISTRAK, SFTP, "s3", "sns"}, (BEFORE,)
    ),
    "DynamoDB conflict": Kind(
        _transaction_conflict,
        _only("dynamodb", "PutItem", "UpdateItem", "DeleteItem", "TransactWriteItems"),
        (BEFORE,),
    ),
    "part of a batch": Kind(_part_of_a_batch, _only("sqs", "SendMessageBatch"), (BEFORE,)),
}
"""What the caller meets in place of the true answer."""
