"""Values of CloudFormation's intrinsic functions, for what the emulator's CloudFormation leaves to us."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from local.errors import LocalStackError
from local.template.source import Document

_NOTHING = object()
_PLACEHOLDER = re.compile(r"\$\{(!?)([A-Za-z0-9:.]+)\}")

KNOWN = frozenset(
    {
        "Ref",
        "Condition",
        "Fn::GetAtt",
        "Fn::GetAZs",
        "Fn::Sub",
        "Fn::Join",
        "Fn::Split",
        "Fn::Select",
        "Fn::If",
        "Fn::FindInMap",
    }
    | {"Fn::Equals", "Fn::Not", "Fn::Or"}
)


def intrinsic(value: Any) -> str | None:
    """The name of the function if ``value`` is a call of one."""
    if isinstance(value, dict) and len(value) == 1:
        name, argument = next(iter(value.items()))
        # A policy's statement has a key Condition too, which holds a mapping.
        if name == "Ref" or name.startswith("Fn::") or (name == "Condition" and isinstance(argument, str)):
            return str(name)
    return None


def functions(value: Any) -> Iterator[str]:
    """Names of all that are called in it."""
    if name := intrinsic(value):
        yield name
    if isinstance(value, dict):
        for item in value.values():
            yield from functions(item)
    elif isinstance(value, list):
        for item in value:
            yield from functions(item)


class Resolver:
    """``parameters``: all of them, lists as lists. ``ref`` and ``attribute`` give what a deployed resource is and has;
    they raise KeyError for a name that is none."""

    def __init__(
        self,
        template: Document,
        parameters: Mapping[str, Any],
        pseudo: Mapping[str, str],
        ref: Callable[[str], str],
        attribute: Callable[[str, str], str],
    ) -> None:
        self._conditions = template.get("Conditions", {})
        self._mappings = template.get("Mappings", {})
        self._parameters = parameters
        self._pseudo = pseudo
        self._ref_resource = ref
        self._attribute = attribute

    def resolve(self, value: Any) -> Any:
        """The value without functions; keys and items that turn out as ``AWS::NoValue`` are left out.

        Raises LocalStackError: a function or name that is not known.
        """
        result = self._value(value)
        return None if result is _NOTHING else result

    def condition(self, name: str) -> bool:
        return bool(self._value(self._conditions[name]))

    def _value(self, value: Any) -> Any:
        if isinstance(value, list):
            return [item for item in map(self._value, value) if item is not _NOTHING]
        if not isinstance(value, dict):
            return value
        if name := intrinsic(value):
            return self._call(name, value[name])
        pairs = ((key, self._value(item)) for key, item in value.items())
        return {key: item for key, item in pairs if item is not _NOTHING}

    def _call(self, name: str, argument: Any) -> Any:
        match name, argument:
            case "Ref", str():
                return self._ref(argument)
            case "Fn::GetAtt", [str(resource), str(attribute)]:
                return self._attribute(resource, attribute)
            case "Fn::FindInMap", [mapping, key, name]:
                return self._mappings[mapping][self._value(key)][self._value(name)]
            case "Fn::GetAZs", str():
                return [f"{argument or self._pseudo['AWS::Region']}{zone}" for zone in "abc"]
            case "Fn::If", [str(condition), then, otherwise]:
                return self._value(then if self.condition(condition) else otherwise)
            case (("Fn::Sub" | "Fn::Join" | "Fn::Split" | "Fn::Select"), _):
                return self._text(name, argument)
            case _:
                return self._truth(name, argument)

    def _text(self, name: str, argument: Any) -> Any:
        match name, argument:
            case "Fn::Sub", str():
                return self._sub(argument, {})
            case "Fn::Sub", [str(text), dict(values)]:
                return self._sub(text, self._value(values))
            case "Fn::Join", [str(delimiter), parts]:
                return delimiter.join(map(str, self._value(parts)))
            case "Fn::Split", [str(delimiter), source]:
                return str(self._value(source)).split(delimiter)
            case "Fn::Select", [index, items]:
                values, place = self._value(items), int(index)
                if isinstance(values, list) and 0 <= place < len(values):
                    return values[place]
        raise _unresolvable(name, argument)

    def _truth(self, name: str, argument: Any) -> bool:
        match name, argument:
            case "Condition", str():
                return self.condition(argument)
            case "Fn::Equals", [left, right]:
                return str(self._value(left)) == str(self._value(right))
            case "Fn::Not", [inner]:
                return not self._value(inner)
            case "Fn::Or", list():
                return any(map(self._value, argument))
            case "Fn::And", list():
                return all(map(self._value, argument))
        raise _unresolvable(name, argument)

    def _ref(self, name: str) -> Any:
        if name == "AWS::NoValue":
            return _NOTHING
        if name in self._pseudo:
            return self._pseudo[name]
        if name in self._parameters:
            return self._parameters[name]
        try:
            return self._ref_resource(name)
        except KeyError:
            raise LocalStackError(
                f"the template refers to {name}, which is no parameter and no deployed resource"
            ) from None

    def _sub(self, text: str, values: Mapping[str, Any]) -> str:
        def replace(found: re.Match[str]) -> str:
            literal, name = found.groups()
            if literal:
                return f"${{{name}}}"
            if name in values:
                return str(values[name])
            if "." in name:
                return self._attribute(*name.split(".", 1))
            return str(self._ref(name))

        return _PLACEHOLDER.sub(replace, text)


def _unresolvable(name: str, argument: Any) -> LocalStackError:
    return LocalStackError(f"the local stack cannot resolve {name}: {argument!r}")
