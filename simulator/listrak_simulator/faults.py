"""Rules that make chosen requests go wrong, and what going wrong can mean."""

import json
import random
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

EFFECTS = {
    "answer": "send `status` and `headers` instead of the real answer, with `error` and `message`, with the JSON value "
    "`body`, or with `text` of `content_type`",
    "drop": "close the connection without an answer",
    "stall": "wait `seconds`, then answer (or, with `handle` false, close the connection)",
    "truncate": "send half of the real answer's body, then close the connection",
}
_HANDLED_UNLESS_TOLD = {"stall": True, "truncate": True}
_RULE_KEYS = {"method", "path", "nth", "count", "probability", "seed", "effect"}
_EFFECT_KEYS = {
    *("kind", "handle", "status", "error", "message", "headers", "seconds"),
    *("body", "text", "content_type"),
}
_JSON, _HTML = "application/json", "text/html; charset=utf-8"


@dataclass(frozen=True)
class Effect:
    kind: str
    handle: bool
    """Whether the request takes effect although its answer is lost or replaced."""

    status: int = 500
    error: str = "ERROR_UNHANDLED_EXCEPTION"
    message: str = "An unexpected error occurred."
    headers: dict[str, str] = field(default_factory=dict)
    seconds: float = 0.0
    text: str | None = None
    """The whole body of an answer, in place of ``error`` and ``message``."""

    content_type: str = _HTML

    @classmethod
    def parse(cls, document: Mapping[str, Any]) -> "Effect":
        _refuse_unknown(document, _EFFECT_KEYS, "effect")
        kind = document.get("kind")
        if kind not in EFFECTS:
            raise ValueError(f"effect kind {kind!r} is not one of {', '.join(EFFECTS)}")
        if kind == "truncate" and document.get("handle") is False:
            raise ValueError("a truncated answer needs a real one: leave out `handle`")
        values = {"handle": _HANDLED_UNLESS_TOLD.get(kind, False), **document}
        if "body" in values:
            if "text" in values:
                raise ValueError("an effect has a `body` or a `text`, not both")
            values = {"content_type": _JSON, **values, "text": json.dumps(values["body"])}
            del values["body"]
        return cls(**values)


@dataclass
class Rule:
    """Hits requests whose method and path match, from the ``nth`` on, ``count`` times, each with ``probability``."""

    rule_id: str
    method: str | None
    path: str
    nth: int
    count: int | None
    probability: float
    effect: Effect
    chance: random.Random
    seen: int = 0
    hits: int = 0

    @classmethod
    def parse(cls, rule_id: str, document: Mapping[str, Any]) -> "Rule":
        """Raises ValueError saying which key is wrong."""
        _refuse_unknown(document, _RULE_KEYS, "fault rule")
        if "effect" not in document:
            raise ValueError("a fault rule needs an `effect`")
        path = document.get("path", "")
        try:
            re.compile(path)
        except re.error as error:
            raise ValueError(f"path {path!r} is not a regular expression: {error}") from error
        return cls(
            rule_id=rule_id,
            method=document.get("method"),
            path=path,
            nth=int(document.get("nth", 1)),
            count=document.get("count"),
            probability=float(document.get("probability", 1)),
            effect=Effect.parse(document["effect"]),
            chance=random.Random(document.get("seed", 0)),
        )

    def strikes(self, method: str, path: str) -> bool:
        if (self.method and self.method != method) or not re.search(self.path, path):
            return False
        self.seen += 1
        if self.seen < self.nth or (self.count is not None and self.hits >= self.count):
            return False
        if self.chance.random() >= self.probability:
            return False
        self.hits += 1
        return True

    def describe(self) -> dict[str, Any]:
        return {
            "id": self.rule_id,
            "method": self.method,
            "path": self.path,
            "nth": self.nth,
            "count": self.count,
            "probability": self.probability,
            "effect": vars(self.effect),
            "seen": self.seen,
            "hits": self.hits,
        }


class FaultRules:
    """The rules in force; the first that strikes decides."""

    def __init__(self) -> None:
        self._rules: dict[str, Rule] = {}
        self._added = 0

    def add(self, document: Mapping[str, Any]) -> Rule:
        self._added += 1
        rule = Rule.parse(f"fault-{self._added}", document)
        self._rules[rule.rule_id] = rule
        return rule

    def remove(self, rule_id: str) -> bool:
        return self._rules.pop(rule_id, None) is not None

    def clear(self) -> None:
        self._rules.clear()

    def describe(self) -> list[dict[str, Any]]:
        return [rule.describe() for rule in self._rules.values()]

    def striking(self, method: str, path: str) -> Rule | None:
        return next((rule for rule in self._rules.values() if rule.strikes(method, path)), None)


def _refuse_unknown(document: Mapping[str, Any], known: set[str], what: str) -> None:
    unknown = set(document) - known
    if unknown:
        raise ValueError(
            f"unknown key {sorted(unknown)[0]!r} in a {what}; the known ones are {', '.join(sorted(known))}"
        )
