"""Who opted out of a sender code, read as a whole although the published answer has no cursor.

Where a page is full and names no next one, the time that it covers is split and each half is asked for by the published
``startDate`` and ``endDate``. Listrak does not say in which zone its dates are, so they are cut by its own text.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from listrak_relay.adapters.listrak.calls import PAGE_SIZE, START, ListrakCalls
from listrak_relay.adapters.listrak.values import Item, phone_number, text, written_moment
from listrak_relay.domain.opt_outs.opt_out import OptOut
from listrak_relay.domain.values.plain_values import from_json, to_json
from listrak_relay.errors import ConfigurationError, RetryableError
from listrak_relay.ports.listrak_sms import OptOutPage

NAME = "GET OptOut page"

MOST_PAGES = 10_000

MOST_HALVINGS = 64
"""Seconds since the year 1 are halved 36 times; whoever needs more does not heed the dates."""

_SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class _Span:
    """Both ends belong to it, in ISO 8601 to the second; None is open. ``depth``: how often it was halved."""

    start: str | None = None
    end: str | None = None
    depth: int = 0

    def query(self) -> dict[str, str]:
        ends = {"startDate": self.start, "endDate": self.end}
        return {name: end for name, end in ends.items() if end is not None}


@dataclass(frozen=True, slots=True, repr=False)
class _Place:
    """How far the reading is. ``spans``: not yet read to their ends, the last one next, by its ``cursor``. ``missing``:
    numbers that have to be shown again. ``read``: pages so far."""

    spans: tuple[_Span, ...]
    cursor: str = START
    missing: tuple[str, ...] = ()
    read: int = 0

    @property
    def token(self) -> str | None:
        """None: nothing is left to be read or to be said."""
        return str(to_json(self), "utf-8") if self.spans or self.missing else None


def opt_out_pages(calls: ListrakCalls, path: str, since: float | None, cursor: str | None) -> Iterator[OptOutPage]:
    """Numbers in Listrak's spelling, some of them more than once. ``since``: epoch seconds, None for all there are.

    Raises:
        RetryableError: a page could not be read, or is not as Listrak publishes it.
        ConfigurationError: no asking brings the whole of them out (code ``opt_outs_unreadable``).
    """
    place = from_json(_Place, cursor) if cursor else _Place((_Span(_begin(since)),))
    seen: set[str] = set()
    while place.spans:
        span = place.spans[-1]
        if place.cursor in seen:
            raise RetryableError(f"{NAME}: a cursor comes again, so the end was not reached")
        if place.read == MOST_PAGES:
            raise RetryableError(f"{NAME}: no end after {MOST_PAGES} pages")
        seen.add(place.cursor)
        items, following = calls.page(path, NAME, span.query(), place.cursor, lambda item: item)
        found, nameless = _opt_outs(items)
        shown = frozenset(one.contact for one in found)
        missing = tuple(number for number in place.missing if number not in shown)
        here, place = place, replace(place, missing=missing, read=place.read + 1)
        if following is not None:
            place = replace(place, cursor=following)
        else:
            seen.clear()
            full = here.cursor == START and len(items) >= PAGE_SIZE
            try:
                place = _behind(place, items if full else ())
            except ConfigurationError:
                # Whom it has shown holds all the same.
                yield OptOutPage(found, here.token, nameless)
                raise
        yield OptOutPage(found, place.token, nameless)
    if place.missing:
        raise _unreadable("its dates do not bring out again whom it has shown")


def _begin(since: float | None) -> str | None:
    return None if since is None else _text(datetime.fromtimestamp(since, UTC).replace(tzinfo=None))


def _behind(place: _Place, full: Sequence[Item]) -> _Place:
    """Where the reading goes on behind the last page of a span. ``full``: that page, if there may be more that no
    cursor leads to."""
    rest = place.spans[:-1]
    if not full:
        return replace(place, spans=rest, cursor=START)
    parts, apart = _split(place.spans[-1], full)
    missing = place.missing
    if apart:
        numbers = (phone_number(item, "phoneNumber") for item in full)
        missing = tuple(dict.fromkeys((*missing, *filter(None, numbers))))
    return replace(place, spans=(*rest, *parts), cursor=START, missing=missing)


def _opt_outs(items: Sequence[Item]) -> tuple[tuple[OptOut, ...], tuple[str, ...]]:
    """Those with a number, and when those opted out of whom there is none."""
    all_ = [
        OptOut(phone_number(item, "phoneNumber"), written_moment(item, "optOutDate"), text(item, "optOutReason"))
        for item in items
    ]
    nameless = tuple(one.at for one in all_ if not one.contact)
    return tuple(one for one in all_ if one.contact), nameless


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
        return [_Span(span.start, _text(first), depth), _Span(_text(last), span.end, depth)], True
    middle = _text(first + (last - first) / 2)
    return [_Span(span.start, middle, depth), _Span(middle, span.end, depth)], False


def _text(moment: datetime) -> str:
    return moment.replace(microsecond=0).isoformat(timespec="seconds")


def _moment(value: str) -> datetime | None:
    """To the second, as written; None where that cannot be read."""
    try:
        return datetime.fromisoformat(value).replace(tzinfo=None, microsecond=0)
    except ValueError:
        return None


def _unreadable(why: str) -> ConfigurationError:
    return ConfigurationError("opt_outs_unreadable", f"{NAME}: Listrak's opt-outs cannot be read as a whole: {why}")
