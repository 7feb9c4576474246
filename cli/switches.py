"""How the library's help shows options that take no value."""

from __future__ import annotations

from typing import Any

from typer.core import TyperOption


def show_without_type() -> None:
    """A switch that says ``<bool>`` behind its name reads as if it took a value; from now on none does."""
    of_library = TyperOption.display_type_rich

    def shown(option: TyperOption, ctx: Any) -> str | None:
        return None if option.is_flag else of_library(option, ctx)

    setattr(TyperOption, "display_type_rich", shown)  # noqa: B010 - it offers no setting, and mypy no assignment
