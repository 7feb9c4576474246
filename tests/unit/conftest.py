"""Unit tests open no network socket; one that tries fails with ``SocketBlockedError``, and so do its fixtures."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import pytest_socket

STARTED_ONCE = {"emulator", "_program"}
"""Fixtures of the session: where an earlier test has started them, no further socket may be needed to use them."""


@contextmanager
def _sockets_off() -> Iterator[None]:
    pytest_socket.disable_socket(allow_unix_socket=True)
    try:
        yield
    finally:
        pytest_socket.enable_socket()


# Hooks rather than a fixture, which fixtures of a wider scope would come before. Taking down is left out: it may be the
# end of what tests of other levels have started.
@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_setup(item: pytest.Function) -> Iterator[None]:
    with _sockets_off():
        yield
    servers = STARTED_ONCE & set(item.fixturenames)
    assert not servers, f"a unit test has no server, such as {', '.join(sorted(servers))}"


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_call() -> Iterator[None]:
    with _sockets_off():
        yield
