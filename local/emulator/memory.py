"""Keeps moto from remembering everything that it ever made.

Each of its objects is entered in a list of its class, so that tests can begin anew: messages that were deleted, and the
copies of whole tables that a transaction makes to be undone by. A stack that is up for hours would fill the memory.
"""

from __future__ import annotations

from typing import Any

from moto.core.common_models import BaseModel


def install() -> None:
    """Raises AttributeError: moto has changed."""
    if "__new__" not in vars(BaseModel):
        raise AttributeError(f"moto enters its objects nowhere by now: {__name__} can go")

    def new(cls: type[BaseModel], *_arguments: Any, **_named: Any) -> Any:
        return object.__new__(cls)

    BaseModel.__new__ = new  # type: ignore[method-assign] # moto has no setting for it
