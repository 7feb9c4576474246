"""Keeps moto from finding out at each request what does not change: which of its services answers a host, for which it
looks through its own folder, and what the methods of a service are. Small requests take two thirds of the time so."""

from __future__ import annotations

from functools import cache

from moto.core import responses
from moto.moto_server.werkzeug_app import DomainDispatcherApplication

_METHODS = "method_names_from_class"


def install() -> None:
    """There is a host for each service and region, so little is kept. Raises AttributeError: moto has changed."""
    dispatcher = DomainDispatcherApplication
    dispatcher.get_backend_for_host = cache(dispatcher.get_backend_for_host)  # type: ignore[method-assign] # no setting
    setattr(responses, _METHODS, cache(getattr(responses, _METHODS)))
