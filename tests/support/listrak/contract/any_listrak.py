"""A Listrak that answers each operation with what its table of facts allows, and with nothing that makes sense.

Values are drawn by chance; some are null, missing, of another kind, or accompanied by others that nobody published. It
remembers nothing but the names of files that it was sent, so what it says now is not what it said a moment ago.
"""

from __future__ import annotations

import json
import random
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from listrak_relay.adapters.listrak.answer import Answer
from listrak_relay.adapters.listrak.transport import NoAnswerError, Request
from tests.support.listrak.client import token_reply
from tests.support.listrak.contract.facts import Answer as PublishedAnswer
from tests.support.listrak.contract.facts import Facts, Operation, Value, facts_of

_NUMBERS = (0, 1, 2, 3, 7, 50, 345, 5_000, -1, -68, 2**31 - 1, -(2**31), 2**53, 10**40)
_WORDS = ("", " ", "x", "true", "Null", "0", "7", "ГОД", "a" * 300, "on", "%00", "../..", "😀")
_MOMENTS = ("0001-01-01T00:00:00", "2026-11-23T08:00:00", "2026-11-23T08:00:00.123Z", "9999-12-31T23:59:59", "soon", "")
_OF_ANOTHER_KIND: Sequence[Any] = (None, True, 0, -1, 1.5, 1e300, "", "x", [], [None], {}, {"data": {}}, "12", [[]])
_UNPUBLISHED = ("nextYearsProperty", "error", "message", "resourceId", "status", "data")
_OFTEN = (0.0, 0.01, 0.05, 0.3)


class Oddity(NamedTuple):
    """How often, of all values: is null, is missing, has another one beside it, is of another kind than published, or
    of no use. ``refusals``: of all answers. ``endless``: of pages, which lead to one that was not seen before."""

    nulls: float
    missing: float
    more: float
    other_kinds: float
    useless: float
    refusals: float
    endless: float

    @classmethod
    def drawn(cls, chance: random.Random) -> Oddity:
        """Of one kind, or of all."""
        kinds = range(len(cls._fields))
        one = chance.choice((*kinds, None))
        return cls(*(chance.choice(_OFTEN) if one in (place, None) else 0.0 for place in kinds))


class Changed(NamedTuple):
    """A call that may change something."""

    method: str
    path: str


class AnyListrak:
    """`adapters.listrak.transport.Transport`. ``known``: property → values that are of use."""

    def __init__(self, chance: random.Random, oddity: Oddity, known: Mapping[str, Sequence[Any]]) -> None:
        self.changes: list[Changed] = []
        self.asked = 0
        self._chance, self._oddity = chance, oddity
        self._known = {name: list(values) for name, values in known.items()}
        self._named: set[tuple[str, Any]] = set()

    def send(self, request: Request) -> Answer:
        if request.form is not None:
            return _answer(200, token_reply().body)
        self.asked += 1
        path = urlsplit(request.url).path
        body = request.json if request.upload is None else json.loads(request.upload.readall() or b"")
        if request.method != "GET":
            self.changes.append(Changed(request.method, path))
        if isinstance(body, dict) and "fileName" in body:
            self._known.setdefault("importFileName", []).append(body["fileName"])
        facts = facts_of("email" if path.startswith("/email") else "sms")
        operation = _operation(facts, request.method, path)
        if self._happens(self._oddity.refusals):
            return self._refusal(facts)
        status, forms = self._chance.choice(list(operation.answers.items()))
        return _answer(status, self._odd(self._body(facts, status, self._chance.choice(forms))))

    def _refusal(self, facts: Facts) -> Answer:
        if self._happens(0.1):
            raise NoAnswerError
        status, code = self._chance.choice(sorted(facts.statuses)), self._chance.choice(sorted(facts.codes))
        return _answer(status, self._odd({"status": status, "error": code, "message": self._useful("message", _WORDS)}))

    def _body(self, facts: Facts, status: int, answer: PublishedAnswer) -> Any:
        if answer.form in {"created", "updated", "deleted"}:
            return {"status": status, "resourceId": str(self._useful("resourceId", _NUMBERS))}
        if answer.form == "bare":
            return self._shape(facts, answer.shape)
        if answer.form == "one":
            return {"status": status, "data": self._shape(facts, answer.shape)}
        self._named.clear()
        many = 0 if self._happens(0.03) else self._chance.choice((1, 2, 3, 8))
        body = {"status": status, "data": [self._shape(facts, answer.shape) for _ in range(many)]}
        if answer.form == "page":
            further = str(self._chance.random()) if self._happens(self._oddity.endless) else "next"
            body["nextPageCursor"] = self._chance.choice((None, "", further, further))
        return body

    def _shape(self, facts: Facts, name: str) -> dict[str, Any]:
        return {key: self._value(facts, key, value) for key, value in facts.shapes[name].items()}

    def _value(self, facts: Facts, name: str, value: Value) -> Any:
        if value.nullable and self._happens(0.5):
            return None
        match value.kind:
            case "int32":
                return self._useful(name, _NUMBERS)
            case "flag":
                return self._happens(0.5)
            case "moment":
                return self._chance.choice(_MOMENTS)
            case "list":
                several = range(self._chance.choice((0, 1, 2)))
                texts = value.of == "text"
                return [self._useful(name, _WORDS) if texts else self._shape(facts, value.of) for _ in several]
            case _:
                return self._useful(name, value.allowed or _WORDS)

    def _useful(self, name: str, others: Sequence[Any]) -> Any:
        """Of names and ids none twice in a collection."""
        known = [each for each in self._known.get(name, ()) if (name, each) not in self._named]
        value = self._chance.choice(known if known and not self._happens(self._oddity.useless) else others)
        if name.endswith(("Name", "Id", "code")):
            self._named.add((name, value))
        return value

    def _odd(self, value: Any) -> Any:
        """On any level."""
        if self._happens(self._oddity.nulls):
            return None
        if self._happens(self._oddity.other_kinds):
            return self._chance.choice(_OF_ANOTHER_KIND)
        if isinstance(value, list):
            return [self._odd(each) for each in value]
        if not isinstance(value, dict):
            return value
        kept = {name: self._odd(each) for name, each in value.items() if not self._happens(self._oddity.missing)}
        more = {
            name: self._chance.choice(_WORDS)
            for name in _UNPUBLISHED
            if name not in kept and self._happens(self._oddity.more)
        }
        return {**kept, **more}

    def _happens(self, often: float) -> bool:
        return self._chance.random() < often


def _operation(facts: Facts, method: str, path: str) -> Operation:
    matching = [each for each in facts.operations if each.method == method and each.path_values(path) is not None]
    assert matching, f"{method} {path} is not published"
    return min(matching, key=lambda each: each.template.count("{"))


def _answer(status: int, body: object) -> Answer:
    return Answer(status, {}, json.dumps(body).encode())
