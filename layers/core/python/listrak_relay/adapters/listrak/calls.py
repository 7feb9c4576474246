"""The kinds of calls that Listrak's APIs are made of: one thing, a collection, its pages, a creation."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, BinaryIO, TypeVar

from listrak_relay.adapters.listrak.base64_body import Base64JsonBody, SizeMismatchError
from listrak_relay.adapters.listrak.call import Call
from listrak_relay.adapters.listrak.http import ListrakHttp
from listrak_relay.adapters.listrak.refusals import ListrakRefusalError, refused
from listrak_relay.adapters.listrak.values import Item, items_of, next_cursor, page_items_of, resource_id
from listrak_relay.errors import ConfigurationError, RetryableError

PAGE_SIZE = 5000
"""The most that Listrak gives on a page."""

MOST_PAGES = 10_000
"""Twice what the largest import file can fill; whoever gives more never ends."""

START = "Start"
"""The cursor of the first page."""

T = TypeVar("T")

Explain = Callable[[ListrakRefusalError, str], ConfigurationError]
"""What a refusal of the route of that name is to an operator."""


class ListrakCalls:
    """``name``: the route without its values. Every method raises as `ListrakHttp.call` does, but for a refusal:

    Raises:
        ConfigurationError: Listrak refuses the call (code ``listrak_refused``, or what ``explain`` makes of it).
    """

    def __init__(
        self,
        http: ListrakHttp,
        most_pages: int = MOST_PAGES,
        explain: Explain = refused,
    ) -> None:
        self.http, self._most_pages, self._explain = http, most_pages, explain

    def call(self, call: Call) -> dict[str, Any]:
        return self.ask(call, lambda answer: answer)

    def ask(self, call: Call, read: Callable[[dict[str, Any]], T]) -> T:
        """``read``: as for `ListrakHttp.ask`."""
        try:
            return self.http.ask(call, read)
        except ListrakRefusalError as refusal:
            raise self._explain(refusal, call.name) from None

    def create(self, path: str, name: str, body: Mapping[str, Any]) -> int:
        """Returns the id. Raises OutcomeUnknownError too."""
        return resource_id(self.call(Call("POST", path, name, repeatable=False, json=body)), name)

    def send_file(
        self, path: str, name: str, values: Mapping[str, Any], body: BinaryIO, size: int, explain: Explain | None = None
    ) -> int:
        """POST ``size`` bytes as a part of ``values``, in constant memory; returns the id of the import.

        Raises:
            OutcomeUnknownError: sent, and no usable answer.
            RetryableError: nothing was imported; also when the file is not of that size.
        """
        request = Base64JsonBody(values, "fileStream", body, size)
        try:
            return resource_id(self.http.upload(path, name, request), name)
        except SizeMismatchError as error:
            raise RetryableError(f"{name}: {error}; nothing was imported") from None
        except ListrakRefusalError as refusal:
            raise (explain or self._explain)(refusal, name) from None

    def collection(self, path: str, name: str, read: Callable[[Item], T], *, never_null: bool = False) -> list[T]:
        """``read``: what is wanted of an item; it raises RetryableError where that is not there. ``never_null``: null
        is no word for a collection of nothing."""
        items = page_items_of if never_null else items_of
        question = Call("GET", path, name, repeatable=True)
        return self.ask(question, lambda answer: [read(item) for item in items(answer, name)])

    def page(
        self, path: str, name: str, query: Mapping[str, str], cursor: str, read: Callable[[Item], T]
    ) -> tuple[list[T], str | None]:
        """At most `PAGE_SIZE` items, and the cursor of the next page. ``read``: as for `collection`."""
        question = Call("GET", path, name, repeatable=True, query={**query, "cursor": cursor, "count": str(PAGE_SIZE)})
        return self.ask(
            question, lambda answer: ([read(item) for item in page_items_of(answer, name)], next_cursor(answer, name))
        )

    def pages(self, path: str, name: str, query: Mapping[str, str], read: Callable[[Item], T]) -> Iterator[T]:
        """Every item."""
        for items, _ in self.each_page(path, name, query, read):
            yield from items

    def each_page(
        self, path: str, name: str, query: Mapping[str, str], read: Callable[[Item], T], cursor: str | None = None
    ) -> Iterator[tuple[list[T], str | None]]:
        """The items page by page, each page with the cursor of the next, None if there is none. One that comes again
        ends it: what follows has been read. ``cursor``: of the first page, None for that of the whole."""
        seen: set[str] = set()
        cursor = cursor or START
        while cursor:
            if len(seen) == self._most_pages:
                raise RetryableError(f"{name}: no end after {self._most_pages} pages")
            seen.add(cursor)
            items, cursor = self.page(path, name, query, cursor, read)
            cursor = None if cursor in seen else cursor
            yield items, cursor
