"""Files sent to OpenSSH's own server, whose reading of the protocol is nobody's of this project."""

import random
import subprocess
from pathlib import Path

import pytest

from listrak_relay.domain.feeds.sftp_account import SftpAccount
from listrak_relay.errors import ConfigurationError, RetryableError
from listrak_relay.ports.sftp import Delivered
from tests.support.sftp.cutting_proxy import CuttingProxy
from tests.support.sftp.openssh import OpenSsh, account_on, make_key, running_sshd
from tests.support.sftp.transfers import (
    IN_FLIGHT,
    NAME,
    Note,
    deliver_in_the_end,
    files_in,
    gateway,
    some_bytes,
    upload_of,
)

pytestmark = pytest.mark.transfer

CONTENT = some_bytes(5_000_001)


def code_of(on: SftpAccount) -> str:
    with pytest.raises(ConfigurationError) as refusal:
        gateway(on).deliver(upload_of(CONTENT), Note())
    return refusal.value.code


@pytest.mark.parametrize("size", [0, 1, 5_000_001])
def test_a_file_arrives_byte_for_byte(sshd: OpenSsh, sftp_account: SftpAccount, size: int) -> None:
    content = some_bytes(size)

    delivered = gateway(sftp_account).deliver(upload_of(content), Note())

    assert delivered == Delivered(sent=size)
    assert files_in(sshd.folder) == {NAME: content}


@pytest.mark.parametrize("kind", ["ed25519", "ecdsa", "rsa"])
def test_each_host_key_may_be_pinned_by_what_ssh_keygen_shows(sshd: OpenSsh, kind: str) -> None:
    shown = subprocess.run(
        ["ssh-keygen", "-l", "-f", sshd.host_keys[kind]], capture_output=True, text=True, check=True
    ).stdout

    gateway(account_on(sshd, host_key=shown)).deliver(upload_of(CONTENT), Note())

    assert files_in(sshd.folder) == {NAME: CONTENT}


def test_what_ssh_keyscan_shows_may_be_pinned(sshd: OpenSsh) -> None:
    shown = subprocess.run(
        ["ssh-keyscan", "-p", str(sshd.port), "127.0.0.1"], capture_output=True, text=True, check=True
    ).stdout

    gateway(account_on(sshd, host_key=shown)).deliver(upload_of(CONTENT), Note())

    assert files_in(sshd.folder) == {NAME: CONTENT}


def test_a_wrong_host_key_refuses_before_anything_is_sent(sshd: OpenSsh, tmp_path: Path) -> None:
    other = make_key(tmp_path / "other", "ed25519").with_suffix(".pub").read_text(encoding="utf-8")
    before = len(sshd.log.read_text(encoding="utf-8"))

    code = code_of(account_on(sshd, host_key=other))

    assert code == "sftp_host_key_mismatch"
    assert "publickey" not in sshd.log.read_text(encoding="utf-8")[before:]


def test_a_wrong_password_is_for_an_operator(sshd: OpenSsh) -> None:
    assert code_of(account_on(sshd, private_key=None, password="mistyped")) == "sftp_credentials_refused"


def test_a_wrong_private_key_is_for_an_operator(sshd: OpenSsh, tmp_path: Path) -> None:
    other = make_key(tmp_path / "other", "rsa").read_text(encoding="utf-8")

    assert code_of(account_on(sshd, private_key=other)) == "sftp_credentials_refused"


@pytest.mark.parametrize("kind", ["rsa", "ecdsa", "ed25519"])
def test_private_keys_with_a_passphrase_sign_in(sshd: OpenSsh, tmp_path: Path, kind: str) -> None:
    key = make_key(tmp_path / "user", kind, "opens the key")
    authorized = sshd.user_key.with_name("authorized_keys")
    with authorized.open("a", encoding="utf-8") as lines:
        lines.write(key.with_suffix(".pub").read_text(encoding="utf-8"))

    on = account_on(sshd, private_key=key.read_text(encoding="utf-8"), passphrase="opens the key")
    gateway(on).deliver(upload_of(CONTENT), Note())

    assert files_in(sshd.folder) == {NAME: CONTENT}


@pytest.mark.parametrize(
    "options",
    [
        ("Ciphers chacha20-poly1305@openssh.com,aes256-ctr", "MACs hmac-sha2-256-etm@openssh.com"),
        ("Ciphers aes256-gcm@openssh.com",),
        ("RekeyLimit 1M",),
    ],
    ids=["without GCM", "AES-256", "new keys every megabyte"],
)
def test_servers_set_up_in_other_ways_are_spoken_to(tmp_path: Path, options: tuple[str, ...]) -> None:
    folder = tmp_path / "files"
    folder.mkdir()
    with running_sshd(tmp_path, folder, *options) as sshd:
        gateway(account_on(sshd)).deliver(upload_of(CONTENT), Note())

        assert files_in(folder) == {NAME: CONTENT}


def test_the_final_name_holds_the_whole_file_or_nothing_wherever_the_connection_is_cut(
    sshd: OpenSsh, proxy: CuttingProxy
) -> None:
    through_proxy = account_on(sshd, port=proxy.port)
    chance = random.Random(20_260_102)
    points = [chance.randrange(5_010_000) for _ in range(25)]
    points += [5_000_000 + chance.randrange(2_000, 10_000) for _ in range(25)]
    resumed = 0

    def final_name_is_right() -> None:
        final = sshd.folder / NAME
        assert not final.exists() or final.read_bytes() == CONTENT

    for point in points:
        proxy.limit = point

        delivered, _ = deliver_in_the_end(
            lambda _: gateway(through_proxy), upload_of(CONTENT), Note(), after_each=final_name_is_right
        )

        assert files_in(sshd.folder) == {NAME: CONTENT}, f"cut after {point} bytes"
        (sshd.folder / NAME).unlink()
        resumed += delivered.resumed_at > 0
    assert resumed


def test_an_attempt_goes_on_where_the_connection_was_cut(
    sshd: OpenSsh, sftp_account: SftpAccount, proxy: CuttingProxy
) -> None:
    proxy.limit = 4_000_000
    with pytest.raises(RetryableError):
        gateway(account_on(sshd, port=proxy.port)).deliver(upload_of(CONTENT), Note())

    delivered = gateway(sftp_account).deliver(upload_of(CONTENT), Note())

    assert 4_000_000 - 2 * IN_FLIGHT < delivered.resumed_at < 4_000_000
    assert files_in(sshd.folder) == {NAME: CONTENT}


def test_a_server_that_stands_still_is_left(sshd: OpenSsh, proxy: CuttingProxy) -> None:
    proxy.limit, proxy.stalls = 1_000_000, True

    with pytest.raises(RetryableError, match="stood still for 1 s while"):
        gateway(account_on(sshd, port=proxy.port), patience=1).deliver(upload_of(some_bytes(12_000_000)), Note())

    assert NAME not in files_in(sshd.folder)


def test_a_file_that_is_not_ours_keeps_its_name(sshd: OpenSsh, sftp_account: SftpAccount) -> None:
    (sshd.folder / NAME).write_bytes(b"theirs")

    assert code_of(sftp_account) == "sftp_file_exists"
    assert files_in(sshd.folder) == {NAME: b"theirs"}


def test_a_file_that_appears_while_we_send_keeps_its_name(sshd: OpenSsh, sftp_account: SftpAccount) -> None:
    class Late(Note):
        def begin(self) -> None:
            super().begin()
            (sshd.folder / NAME).write_bytes(b"theirs")

    with pytest.raises(ConfigurationError, match="not ours to replace"):
        gateway(sftp_account).deliver(upload_of(CONTENT), Late())

    assert (sshd.folder / NAME).read_bytes() == b"theirs"


def test_a_file_gives_way_where_the_setting_says_so(sshd: OpenSsh, sftp_account: SftpAccount) -> None:
    (sshd.folder / NAME).write_bytes(b"old")

    gateway(sftp_account, replace=True).deliver(upload_of(CONTENT), Note())

    assert files_in(sshd.folder) == {NAME: CONTENT}


def test_a_folder_that_is_missing_is_for_an_operator(sshd: OpenSsh) -> None:
    assert code_of(account_on(sshd, folder="not-there")) == "sftp_folder_missing"


def test_a_server_that_is_read_only_is_for_an_operator(tmp_path: Path) -> None:
    folder = tmp_path / "files"
    folder.mkdir()
    with running_sshd(tmp_path, folder, f"ForceCommand internal-sftp -R -d {folder}") as sshd:
        assert code_of(account_on(sshd)) == "sftp_folder_read_only"
    assert files_in(folder) == {}


def test_a_full_disk_is_tried_again_and_what_was_sent_is_removed(sshd: OpenSsh, sftp_account: SftpAccount) -> None:
    upload = upload_of(CONTENT)
    # Linux's device that is always full takes the place of what an earlier attempt left.
    (sshd.folder / f".{NAME}.{upload.content_id}.part").symlink_to("/dev/full")

    with pytest.raises(RetryableError, match="disk or our share of it full"):
        gateway(sftp_account).deliver(upload, Note())

    assert files_in(sshd.folder) == {}
