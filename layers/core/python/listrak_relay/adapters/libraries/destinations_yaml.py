"""YAML text of `config/destinations.yaml` → destinations.

PyYAML composes the node graph, which keeps line numbers and duplicate keys; nothing is constructed but scalars of the
YAML 1.1 core types. Aliases, tags and deep nesting have no use here and are refused before they can cost anything.
"""

from __future__ import annotations

import codecs
from typing import cast

import yaml

from listrak_relay.domain.configuration.destination_rules import Destinations, read_destinations
from listrak_relay.domain.configuration.located import Entry, Faults, Items, Node, Place, Scalar, Table
from listrak_relay.domain.destinations.destinations import Destination

MAX_BYTES = 1_000_000
"""Of the file. A real one has a few thousand, and YAML is slow to read."""

MAX_DEPTH = 10
"""Of nesting. The deepest key that means something is at 5."""

_HINTS = {
    "mapping values are not allowed here": "; end the line before with a colon, or put a value that has one in quotes",
    "could not find expected ':'": "; write a key, a colon and a space before each value, and close each quote",
    "block end": "; indent the keys of one table by the same number of spaces",
    "cannot start any token": "; put the value in quotes",
    "unexpected end of stream": "; close the quote or the bracket that is open",
}
"""What the library says → what to do."""

_CONSTRUCTED = {f"tag:yaml.org,2002:{name}" for name in ("bool", "int", "float", "null")}


def parse_destinations(body: bytes, source: str) -> dict[str, Destination]:
    """All destinations, the built-in ones included. ``source`` names the file in messages.

    Raises:
        ConfigurationError: ``destinations_invalid``, with every fault of the file.
    """
    parsed = parse_configuration(body, source)
    if parsed.error:
        raise parsed.error
    return dict(parsed.sound)


def parse_configuration(body: bytes, source: str) -> Destinations:
    """What is sound of it, and the faults of the rest.

    Raises:
        ConfigurationError: ``destinations_invalid``: the file as a whole cannot be understood.
    """
    place = Place(Faults(source))
    document = _document(body, place)
    if place.faults.count or document is None:
        raise place.faults.error()
    return read_destinations(document, source)


def _document(body: bytes, place: Place) -> Node | None:
    if len(body) > MAX_BYTES:
        place.fault(1, f"the file is larger than {MAX_BYTES:,} bytes")
        return None
    try:
        # The mark comes off before decoding, so that positions in both are the same.
        body = body.removeprefix(codecs.BOM_UTF8)
        text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        line = body.count(b"\n", 0, error.start) + 1
        place.fault(line, "the file is not UTF-8 from here on; save it as UTF-8")
        return None
    try:
        loader = _Loader(text)
        root = loader.get_single_node()
        if root is None:
            return Scalar(None, "", 1)
        return _located(root, loader, place)
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        place.fault(line, f"not YAML: the character U+{cast('int', error.character):04X} is not allowed")
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        if "found character '\\t'" in (error.problem or ""):
            place.fault(line, "not YAML: there is a tab at its beginning; write spaces in its place")
            return None
        said = ", ".join(filter(None, (error.context, error.problem)))
        hint = next((hint for words, hint in _HINTS.items() if words in said), "")
        place.fault(line, f"not YAML: {said}{hint}")
    except (ValueError, OverflowError):
        # PyYAML passes numbers out of escapes and directives to int() and chr() unchecked.
        place.fault(loader.line + 1, "not YAML: a number in an escape or a directive is out of range")
    return None


class _Loader(yaml.SafeLoader):
    """Composes without aliases, tags and deep nesting."""

    depth = 0

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        event: yaml.Event = self.peek_event()  # type: ignore[no-untyped-call]
        if isinstance(event, yaml.AliasEvent):
            self._refuse(event, f"the alias *{event.anchor} is not allowed here; write the value out")
        if getattr(event, "tag", None) is not None:
            self._refuse(event, "tags are not allowed here; text that begins with ! goes in quotes")
        self.depth += 1
        if self.depth > MAX_DEPTH:
            self._refuse(event, f"nested more than {MAX_DEPTH} deep")
        node = super().compose_node(parent, index)
        self.depth -= 1
        return node

    def _refuse(self, event: yaml.Event, problem: str) -> None:
        raise yaml.composer.ComposerError(None, None, problem, cast("yaml.Mark", event.start_mark))


def _located(node: yaml.Node, loader: _Loader, place: Place) -> Node:
    line = node.start_mark.line + 1
    if isinstance(node, yaml.SequenceNode):
        return Items(tuple(_located(item, loader, place) for item in node.value), line)
    if isinstance(node, yaml.MappingNode):
        entries = []
        for key, value in node.value:
            if isinstance(key, yaml.ScalarNode):
                entries.append(Entry(key.value, key.start_mark.line + 1, _located(value, loader, place)))
            else:
                place.fault(key.start_mark.line + 1, "a key must be text, not a list or table")
        return Table(tuple(entries), line)
    return _scalar(cast(yaml.ScalarNode, node), loader, line, place)


def _scalar(node: yaml.ScalarNode, loader: _Loader, line: int, place: Place) -> Scalar:
    """Dates and the like stay text: nothing here takes one, and the text is what the writer meant."""
    value: str | int | float | bool | None = node.value
    if node.tag in _CONSTRUCTED:
        try:
            value = loader.construct_object(node)
        except (ValueError, OverflowError):
            place.fault(line, "looks like a number but is none that can be read; text goes in quotes")
    return Scalar(value, node.value, line)
