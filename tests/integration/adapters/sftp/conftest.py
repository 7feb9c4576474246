"""An SFTP server of its own for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from listrak_relay.domain.feeds.sftp_account import SftpAccount
from local.sftp_server.server import SftpServer
from local.sftp_server.state import Users
from tests.support.sftp.cutting_proxy import CuttingProxy, cutting_proxy
from tests.support.sftp.transfers import account


@pytest.fixture
def server(tmp_path: Path) -> Iterator[SftpServer]:
    folder = tmp_path / "listrak"
    folder.mkdir()
    server = SftpServer(folder, Users({"relay": "made-up"}))
    server.start()
    yield server
    server.stop()


@pytest.fixture
def on_server(server: SftpServer) -> SftpAccount:
    return account(server.port, host_key=server.host_key_lines[0])


@pytest.fixture
def proxy(server: SftpServer) -> Iterator[CuttingProxy]:
    """Between the client and the server."""
    with cutting_proxy(server.port) as proxy:
        yield proxy
