"""Who is let in, and that a server whose key is not pinned learns nothing about us."""

from pathlib import Path

import asyncssh
import pytest

from listrak_relay.domain.feeds.sftp_account import SftpAccount
from listrak_relay.domain.feeds.sftp_host_key import pinned_keys
from listrak_relay.errors import ConfigurationError, RetryableError
from local.sftp_server.server import SftpServer
from local.sftp_server.state import Users
from tests.support.sftp.cutting_proxy import CuttingProxy
from tests.support.sftp.interactive import interactive
from tests.support.sftp.server import running_sftp_server
from tests.support.sftp.transfers import NAME, Note, account, files_in, gateway, some_bytes, upload_of

CONTENT = some_bytes(100_000)
SECRETS = ("made-up", "mistyped", "PRIVATE KEY", "opens the key")


def public(key: asyncssh.SSHKey) -> str:
    return key.export_public_key().decode().strip()


def refusal_of(on: SftpAccount) -> ConfigurationError:
    with pytest.raises(ConfigurationError) as refusal:
        gateway(on).deliver(upload_of(CONTENT), Note())
    assert not [secret for secret in SECRETS if secret in str(refusal.value)]
    return refusal.value


@pytest.mark.parametrize(
    ("algorithm", "options", "form"),
    [
        ("ssh-rsa", {"key_size": 2048}, "openssh"),
        ("ssh-rsa", {"key_size": 2048}, "pkcs1-pem"),
        ("ssh-rsa", {"key_size": 2048}, "pkcs8-pem"),
        ("ecdsa-sha2-nistp256", {}, "openssh"),
        ("ecdsa-sha2-nistp521", {}, "pkcs8-pem"),
        ("ssh-ed25519", {}, "openssh"),
        ("ssh-ed25519", {}, "pkcs8-pem"),
    ],
)
@pytest.mark.parametrize("passphrase", [None, "opens the key"], ids=["plain", "encrypted"])
def test_a_private_key_signs_in(
    tmp_path: Path, algorithm: str, options: dict[str, int], form: str, passphrase: str | None
) -> None:
    key = asyncssh.generate_private_key(algorithm, **options)  # type: ignore[arg-type]  # each kind has its own
    text = key.export_private_key(form, passphrase, rounds=50 if form == "openssh" else 1024).decode()
    with running_sftp_server(tmp_path / "listrak", Users(keys={"relay": [public(key)]})) as sftp_server:
        pin = sftp_server.host_key_lines[0]
        on = account(sftp_server.port, host_key=pin, password=None, private_key=text, passphrase=passphrase)

        gateway(on).deliver(upload_of(CONTENT), Note())

        assert files_in(sftp_server.folder) == {NAME: CONTENT}


@pytest.mark.parametrize("form", ["openssh", "pkcs8-pem"])
def test_a_private_key_whose_lines_the_console_has_joined_signs_in(tmp_path: Path, form: str) -> None:
    key = asyncssh.generate_private_key("ssh-ed25519")
    text = key.export_private_key(form).decode().replace("\n", " ")
    with running_sftp_server(tmp_path / "listrak", Users(keys={"relay": [public(key)]})) as sftp_server:
        on = account(sftp_server.port, host_key=sftp_server.host_key_lines[0], password=None, private_key=text)

        gateway(on).deliver(upload_of(CONTENT), Note())

        assert files_in(sftp_server.folder) == {NAME: CONTENT}


def test_an_encrypted_cipher_that_also_authenticates_is_preferred(
    sftp_server: SftpServer, sftp_account: SftpAccount
) -> None:
    gateway(sftp_account).deliver(upload_of(CONTENT), Note())

    assert sftp_server.journal.ciphers == ["aes128-gcm@openssh.com"]


@pytest.mark.parametrize(
    "values",
    [{"password": "mistyped"}, {"username": "nobody"}],
    ids=["wrong password", "unknown user"],
)
def test_refused_credentials_are_for_an_operator(sftp_server: SftpServer, values: dict[str, str]) -> None:
    refusal = refusal_of(account(sftp_server.port, host_key=sftp_server.host_key_lines[0], **values))

    assert refusal.code == "sftp_credentials_refused"
    assert "ask the server's owner whether the account is locked" in str(refusal)
    assert sftp_server.journal.signed_in == []


@pytest.mark.parametrize(
    "rounds",
    [
        [[("Password: ", False)]],
        [[("Username: ", True), ("Password: ", False)]],
        [[("Password for relay: ", False)], []],
    ],
    ids=["one prompt", "the name too", "a word behind it"],
)
def test_a_password_is_typed_where_the_server_asks_for_it(tmp_path: Path, rounds: list[list[tuple[str, bool]]]) -> None:
    with running_sftp_server(tmp_path / "listrak", login=interactive(*rounds)) as sftp_server:
        gateway(account(sftp_server.port, host_key=sftp_server.host_key_lines[0])).deliver(upload_of(CONTENT), Note())

        assert files_in(sftp_server.folder) == {NAME: CONTENT}


def test_a_password_that_is_wrong_at_the_prompt_is_for_an_operator(tmp_path: Path) -> None:
    with running_sftp_server(tmp_path / "listrak", login=interactive([("Password: ", False)])) as sftp_server:
        refusal = refusal_of(account(sftp_server.port, host_key=sftp_server.host_key_lines[0], password="mistyped"))

        assert refusal.code == "sftp_credentials_refused"


def test_a_prompt_for_a_code_that_works_once_is_named_and_not_answered_by_the_password(tmp_path: Path) -> None:
    rounds = [[("Password: ", False)], [("Verification code: ", False)]]
    with running_sftp_server(tmp_path / "listrak", login=interactive(*rounds)) as sftp_server:
        refusal = refusal_of(account(sftp_server.port, host_key=sftp_server.host_key_lines[0]))

        assert refusal.code == "sftp_credentials_refused"
        assert 'it asks "Verification code:", which the secret has no answer to' in str(refusal)


@pytest.mark.parametrize("signature", ["rsa-sha2-256", "rsa-sha2-512"])
def test_a_server_that_takes_rsa_by_sha2_only_is_signed_in_to(tmp_path: Path, signature: str) -> None:
    host, key = (asyncssh.generate_private_key("ssh-rsa", key_size=2048) for _ in range(2))
    users = Users(keys={"relay": [public(key)]})
    with running_sftp_server(tmp_path / "listrak", users, host, signature_algs=[signature]) as sftp_server:
        text = key.export_private_key("openssh").decode()
        on = account(sftp_server.port, host_key=sftp_server.host_key_lines[0], password=None, private_key=text)

        gateway(on).deliver(upload_of(CONTENT), Note())

        assert files_in(sftp_server.folder) == {NAME: CONTENT}


def test_a_private_key_that_the_server_does_not_know_is_for_an_operator(sftp_server: SftpServer) -> None:
    text = asyncssh.generate_private_key("ssh-ed25519").export_private_key().decode()

    refusal = refusal_of(
        account(sftp_server.port, host_key=sftp_server.host_key_lines[0], password=None, private_key=text)
    )

    assert refusal.code == "sftp_credentials_refused"
    assert "private_key" in str(refusal)


def test_a_server_without_sftp_is_for_an_operator(tmp_path: Path) -> None:
    with running_sftp_server(tmp_path / "listrak", gives_no_sftp=True) as sftp_server:
        assert refusal_of(account(sftp_server.port, host_key=sftp_server.host_key_lines[0])).code == "sftp_refused"


@pytest.mark.parametrize("pinned", ["key", "fingerprint"])
def test_a_server_with_another_key_learns_nothing(sftp_server: SftpServer, pinned: str) -> None:
    other = asyncssh.generate_private_key("ssh-ed25519")
    pin = public(other) if pinned == "key" else other.get_fingerprint()

    refusal = refusal_of(account(sftp_server.port, host_key=pin))

    assert refusal.code == "sftp_host_key_mismatch"
    assert sftp_server.host_keys[0].get_fingerprint() in str(refusal)
    assert other.get_fingerprint() in str(refusal)
    assert sftp_server.journal.tried == []


def test_a_server_learns_nothing_while_no_key_is_pinned(sftp_server: SftpServer) -> None:
    refusal = refusal_of(account(sftp_server.port))

    assert refusal.code == "sftp_host_key_not_pinned"
    assert sftp_server.host_keys[0].get_fingerprint() in str(refusal)
    assert sftp_server.journal.tried == []


@pytest.mark.parametrize("pinned", ["key", "fingerprint", "both"])
@pytest.mark.parametrize("kind", [0, 1, 2], ids=["ed25519", "ecdsa", "rsa"])
def test_any_key_of_a_server_that_has_several_may_be_pinned(tmp_path: Path, kind: int, pinned: str) -> None:
    keys = [
        asyncssh.generate_private_key("ssh-ed25519"),
        asyncssh.generate_private_key("ecdsa-sha2-nistp384"),
        asyncssh.generate_private_key("ssh-rsa", key_size=2048),
    ]
    pins = {"key": public(keys[kind]), "fingerprint": keys[kind].get_fingerprint()}
    pins["both"] = public(asyncssh.generate_private_key("ssh-ed25519")) + "\n" + pins["key"]
    with running_sftp_server(tmp_path / "listrak", Users({"relay": "made-up"}), *keys) as sftp_server:
        gateway(account(sftp_server.port, host_key=pins[pinned])).deliver(upload_of(CONTENT), Note())

        assert files_in(sftp_server.folder) == {NAME: CONTENT}


def test_a_check_shows_keys_and_folder_and_writes_nothing(sftp_server: SftpServer) -> None:
    (sftp_server.folder / "in").mkdir()
    (sftp_server.folder / "in/earlier.csv").write_bytes(b"12345")
    pin = sftp_server.host_keys[0].get_fingerprint()

    check = gateway(account(sftp_server.port, host_key=pin, folder="in")).check()

    assert check.trusted
    assert [(key.kind, key.fingerprint) for key in check.offered] == [("ssh-ed25519", pin)]
    assert check.pinned == (pin,)
    assert check.cipher == "aes128-gcm@openssh.com"
    assert check.folder == "/in"
    assert [(entry.name, entry.size, entry.is_folder) for entry in check.entries] == [("earlier.csv", 5, False)]
    assert sftp_server.journal.bytes_written == 0


@pytest.mark.parametrize("pinned", [False, True])
def test_a_check_of_a_key_that_is_not_pinned_shows_it_and_sends_no_credentials(
    sftp_server: SftpServer, pinned: bool
) -> None:
    other = public(asyncssh.generate_private_key("ssh-ed25519"))

    check = gateway(account(sftp_server.port, host_key=other if pinned else None)).check()

    assert not check.trusted
    assert [key.fingerprint for key in check.offered] == [sftp_server.host_keys[0].get_fingerprint()]
    assert check.pinned == (tuple(pin.fingerprint for pin in pinned_keys(other)) if pinned else ())
    assert check.entries == ()
    assert sftp_server.journal.tried == []


def test_a_check_of_a_folder_that_is_missing_says_so(sftp_server: SftpServer) -> None:
    with pytest.raises(ConfigurationError) as refusal:
        gateway(account(sftp_server.port, host_key=sftp_server.host_key_lines[0], folder="no")).check()

    assert refusal.value.code == "sftp_folder_missing"


def test_a_server_that_is_not_there_is_tried_again(sftp_server: SftpServer, proxy: CuttingProxy) -> None:
    nowhere = account(1, host_key=sftp_server.host_key_lines[0])

    with pytest.raises(RetryableError, match="could not connect"):
        gateway(nowhere).deliver(upload_of(CONTENT), Note())


@pytest.mark.parametrize("bytes_let_through", [0, 30, 1_500], ids=["greeting", "keys", "later"])
def test_a_server_that_stands_still_before_the_session_is_left(
    sftp_server: SftpServer, proxy: CuttingProxy, bytes_let_through: int
) -> None:
    proxy.limit, proxy.stalls = bytes_let_through, True

    with pytest.raises(RetryableError, match="stood still for 1 s while"):
        gateway(account(proxy.port, host_key=sftp_server.host_key_lines[0]), patience=1).deliver(
            upload_of(CONTENT), Note()
        )


def test_a_server_that_does_not_judge_the_credentials_is_tried_again(
    sftp_server: SftpServer, sftp_account: SftpAccount
) -> None:
    sftp_server.faults.stall_at_sign_in = True

    with pytest.raises(RetryableError, match="stood still for 1 s while signing in"):
        gateway(sftp_account, patience=1).deliver(upload_of(CONTENT), Note())
