"""What was typed and cannot be followed, in a sentence that says what to type."""

from __future__ import annotations

import re
from typing import Any

import typer

WrongUseError: type[Exception] = typer.BadParameter.__mro__[1]
"""What the library raises before a command begins; it gives this class no public name."""
_TOO_MANY = re.compile(r"unexpected extra arguments? ?\(?s?\)? \((?P<which>.*)\)")


def wrong_use(error: Any) -> str:
    """``error``: a WrongUseError; the library's own words, where they say what to do."""
    where = error.ctx.command_path if error.ctx else "listrak-relay"
    text = " ".join(error.format_message().split()).rstrip(".")
    parameter = getattr(error, "param", None)
    if isinstance(error, typer.BadParameter) and parameter is not None:
        text = _of_parameter(text, parameter, where)
    elif too_many := _TOO_MANY.search(text):
        text = (
            f"{too_many['which']} is more than this command takes; name one thing at a time, and put what has spaces "
            "in quotes"
        )
    text = text[:1].lower() + text[1:] if not text.split(" ")[0].isupper() else text
    text = text.replace(". Did you", "; did you")
    return f"{text}{' How' if text.endswith('?') else '; how'} it is used: {where} --help"


def _of_parameter(text: str, parameter: Any, where: str) -> str:
    name = parameter.opts[0] if parameter.opts[0].startswith("-") else parameter.name.upper()
    if "issing" in text.split(" ")[0]:
        return f"{name} is missing: {where} {name}"
    least, most = getattr(parameter, "min", None), getattr(parameter, "max", None)
    if least is not None:
        to = f" from {least} to {most:,}" if most is not None else f" of {least} or more"
        return f"{name} takes a whole number{to}, such as {name} {parameter.default or least}"
    return text.replace("Value error, ", "")
