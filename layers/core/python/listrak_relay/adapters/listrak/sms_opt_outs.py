"""Who opted out of a sender code, read as a whole although the published answer has no cursor.

Where a page is full and names no next one, the time that it covers is split and each half is asked for by the published
``startDate`` and ``endDate``. Listrak does not say in which zone its dates are, so they are cut by its own text.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from listrak_relay.adapters.listrak.calls import PAGE_SIZE, ListrakCalls
from listrak_relay.adapters.listrak.values import Item, text, written_moment
from listrak_relay.domain.opt_outs.opt_out import OptOut
from listrak_relay.errors import ConfigurationError, RetryableError

NAME = "GET OptOut page"

MOST_PAGES = 10_000

MOST_HALVINGS = 64
"""Seconds since the year 1 are halved 36 times; whoever needs more does not heed the dates."""

_SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class _Span:
    """Both ends belong to it; None is open. ``depth``: how often it was halved."""

    start: datetime | None = None
    end: datetime | None = None
    depth: int = 0

    def query(self) -> dict[str, str]:
        ends = {"startDate": self.start, "endDate": self.end}
        return {name: end.isoformat(timespec="seconds") for name, end in ends.items() if end is not None}


def opt_out_pages(calls: ListrakCalls, path: str, since: float | None) -> Iterator[list[OptOut]]:
    """Numbers in Listrak's spelling, some of them more than once. ``since``: epoch seconds, None for all there are.

    Raises:
        RetryableError: a page could not be read, or is not as Listrak publishes it.
        ConfigurationError: no asking brings the whole of them out (code ``opt_outs_unreadable``).
    """
    begin = None if since is None else datetime.fromtimestamp(since, UTC).replace(tzinfo=None, microsecond=0)
    spans, missing, read = [_Span(begin)], set[str](), 0
    while spans:
        span = spans.pop()
        pages = _pages(calls, path, span)
        while True:
            try:
                items = next(pages)
            except StopIteration as ended:
                full: Sequence[Item] = ended.value
                break
            read += 1
            if read > MOST_PAGES:
                raise RetryableError(f"{NAME}: no end after {MOST_PAGES} pages")
            found = [_opt_out(item) for item in items]
            missing.difference_update(one.contact for one in found)
            yield found
        if full:
            parts, apart = _split(span, full)
            spans += parts
            if apart:
                missing.update(text(item, "phoneNumber") for item in full)
    if missing:
        raise _unreadable("its dates do not bring out again whom it has shown")


def _opt_out(item: Item) -> OptOut:
    return OptOut(text(item, "phoneNumber"), written_moment(item, "optOutDate"), text(item, "optOutReason"))


def _pages(calls: ListrakCalls, path: str, span: _Span) -> Generator[list[Item], None, Sequence[Item]]:
    """Every page by its cursors. Returns the last one if there may be more that no cursor leads to, else nothing."""
    seen: set[str] = set()
    cursor: str | None = "Start"
    items: list[Item] = []
    while cursor is not None:
        if cursor in seen:
            raise RetryableError(f"{NAME}: a cursor comes again, so the end was not reached")
        seen.add(cursor)
        items, cursor = calls.page(path, NAME, span.query(), cursor)
        yield items
    ended_by_cursor = len(seen) > 1
    return () if ended_by_cursor or len(items) < PAGE_SIZE else items


def _split(span: _Span, full: Sequence[Item]) -> tuple[list[_Span], bool]:
    """The parts of a span, each of which leaves out some of the page, and whether moments within a second that is in
    neither may be lost between them."""
    dates = [moment for item in full if (moment := _moment(text(item, "optOutDate")))]
    first, last = min(dates, default=None), max(dates, default=None)
    if first is None or last is None or first == last:
        raise _unreadable(f"it lists {len(full):,} of one second and no cursor to more")
    depth = span.depth + 1
    if depth > MOST_HALVINGS:
        raise _unreadable("it does not heed the dates that it is asked for")
    if last - first == _SECOND:
        return [_Span(span.start, first, depth), _Span(last, span.end, depth)], True
    middle = (first + (last - first) / 2).replace(microsecond=0)
    return [_Span(span.start, middle, depth), _Span(middle, span.end, depth)], False


def _moment(value: str) -> datetime | None:
    """To the second, as written; None where that cannot be read."""
    try:
        return datetime.fromisoformat(value).replace(tzinfo=None, microsecond=0)
    except ValueError:
        return None


def _unreadable(why: str) -> ConfigurationError:
    return ConfigurationError("opt_outs_unreadable", f"{NAME}: Listrak's opt-outs cannot be read as a whole: {why}")
