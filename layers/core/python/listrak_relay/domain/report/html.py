"""What the pages of reports are made of: a page, its sections, tables and lists. Each text is shown as text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape

from listrak_relay.domain.report.style import STYLE


def page(title: str, body: Iterable[str]) -> str:
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)} · Listrak Relay</title><style>{STYLE}</style></head>"
        f"<body><main>{''.join(body)}</main></body></html>\n"
    )


def section(title: str, inner: str) -> str:
    """Empty where nothing is in it."""
    return f"<section><h2>{escape(title)}</h2>{inner}</section>" if inner else ""


def paragraph(title: str, text: str) -> str:
    return section(title, f"<p>{escape(text)}</p>" if text else "")


def to_look_at(title: str, lines: Iterable[str]) -> str:
    """A section that a person should not overlook."""
    items = "".join(f"<li>{escape(line)}</li>" for line in lines)
    return f'<section class="attention"><h2>{escape(title)}</h2><ul>{items}</ul></section>' if items else ""


def badge(status: str, *, look: bool = False) -> str:
    """``look``: all went well by its status, and yet a person must look."""
    return f'<span class="badge {status.lower()}{" looked" if look else ""}">{status}</span>'


def facts(found: Mapping[str, Sequence[str]]) -> str:
    """Name → values, a name without any left out. Names from a file may be written from right to left."""
    rows = (
        f"<tr><th>{escape(name)}</th><td>{', '.join(f'<bdi>{escape(value)}</bdi>' for value in values)}</td></tr>"
        for name, values in found.items()
        if any(values)
    )
    table = "".join(rows)
    return f"<table class=facts>{table}</table>" if table else ""


def link(file: str, what: str) -> str:
    return f'<li><a href="{escape(file)}">{escape(file)}</a>: {escape(what)}</li>'
