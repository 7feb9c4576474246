"""One file for each list and day, in a form that any platform reads and that may even be dropped again."""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Iterable, Mapping

from listrak_relay.domain.destinations.choices import Channel
from listrak_relay.domain.destinations.destinations import AudienceDestination
from listrak_relay.domain.opt_outs.opt_out import UNDATED, OptOut
from listrak_relay.domain.opt_outs.windows import Window
from listrak_relay.domain.values.csv_lines import csv_writer

CONTACT_COLUMNS: Mapping[Channel, str] = {Channel.EMAIL: "email_address", Channel.SMS: "phone_number"}


def folder_name(list_name: str, lane: str) -> str:
    """Of a list: its name in small letters, and what tells two lists of one name apart."""
    name = re.sub(r"[^a-z0-9]+", "-", list_name.casefold()).strip("-")
    mark = hashlib.sha256(lane.encode()).hexdigest()[:8]
    return f"{name}-{mark}" if name else mark


def day_key(destination: AudienceDestination, lane: str, day: str) -> str:
    """``day``: ``YYYY-MM-DD``, or `UNDATED`."""
    return f"{destination.channel.value}/{folder_name(destination.list_name, lane)}/{day}.csv"


def by_day(opt_outs: Iterable[OptOut], window: Window) -> dict[str, list[OptOut]]:
    """The days of the window, and the one behind it if it holds somebody; each in order. Whoever left before the window
    is in none: their day has been written before."""
    days: dict[str, set[OptOut]] = {day: set() for day in window.days()}
    first = window.first.isoformat()
    for one in opt_outs:
        if one.day >= first:  # Letters come after digits, so the undated ones stay.
            days.setdefault(one.day, set()).add(one)
    until = window.until.isoformat()
    return {day: sorted(days[day]) for day in sorted(days) if day <= until or day == UNDATED}


def file_of(opt_outs: Iterable[OptOut], destination: AudienceDestination) -> bytes:
    """CSV in UTF-8: address or number, when, how, list."""
    text = io.StringIO(newline="")
    rows = csv_writer(text)
    rows.writerow([CONTACT_COLUMNS[destination.channel], "opted_out_at", "how", "list"])
    rows.writerows([one.contact, one.at, one.how, destination.list_name] for one in opt_outs)
    return text.getvalue().encode()
