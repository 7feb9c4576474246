"""Refusals by Listrak of whatever channel; what the codes of a channel mean stands in a module of its own."""

from __future__ import annotations

from http import HTTPStatus

from listrak_relay.adapters.listrak.http import ListrakRefusalError
from listrak_relay.errors import ConfigurationError

NOT_LOCATED, UNKNOWN_ROUTE = "ERROR_UNABLE_TO_LOCATE_RESOURCE", "ERROR_UNKNOWN_ROUTE"


def is_missing(refusal: ListrakRefusalError) -> bool:
    """What the path names is not there."""
    return refusal.status == HTTPStatus.NOT_FOUND


def is_not_located(refusal: ListrakRefusalError) -> bool:
    """What the path names is not there, by Listrak's own word and not by a route that nobody knows."""
    return is_missing(refusal) and refusal.code == NOT_LOCATED


def refused(refusal: ListrakRefusalError, name: str, hint: str = "") -> ConfigurationError:
    """Of a call that is wrong as such, as far as is known: it stops the run."""
    return ConfigurationError("listrak_refused", f"{name}: Listrak answered {refusal.status} {refusal.code}{hint}")
