"""A file goes to an SFTP server and has its final name when it is whole, whatever goes wrong between."""

import io
import random
from collections.abc import Callable
from dataclasses import replace

import pytest

from listrak_relay.adapters.sftp.gateway import ParamikoSftp
from listrak_relay.domain.feeds.sftp_account import SftpAccount
from listrak_relay.errors import ConfigurationError, OutcomeUnknownError, RelayError, RetryableError
from listrak_relay.ports.sftp import Delivered
from local.sftp_server.server import SftpServer
from tests.support.sftp.cutting_proxy import CuttingProxy
from tests.support.sftp.transfers import (
    IN_FLIGHT,
    NAME,
    Note,
    account,
    deliver_in_the_end,
    files_in,
    gateway,
    some_bytes,
    upload_of,
)

CONTENT = some_bytes(3_000_001)


@pytest.mark.parametrize("size", [0, 1, 32_768, IN_FLIGHT, 3_000_001])
def test_a_file_arrives_byte_for_byte(sftp_server: SftpServer, sftp_account: SftpAccount, size: int) -> None:
    content = some_bytes(size)

    delivered = gateway(sftp_account).deliver(upload_of(content), Note())

    assert delivered == Delivered(sent=size)
    assert files_in(sftp_server.folder) == {NAME: content}


def test_a_file_lands_in_the_folder_of_the_secret(sftp_server: SftpServer) -> None:
    (sftp_server.folder / "in/feeds").mkdir(parents=True)
    there = account(sftp_server.port, host_key=sftp_server.host_key_lines[0], folder="/in/feeds/")

    gateway(there).deliver(upload_of(CONTENT), Note())

    assert files_in(sftp_server.folder / "in/feeds") == {NAME: CONTENT}


def test_the_note_is_made_of_a_whole_file_that_has_no_final_name_yet(
    sftp_server: SftpServer, sftp_account: SftpAccount
) -> None:
    seen: list[dict[str, bytes]] = []

    class Watching(Note):
        def begin(self) -> None:
            seen.append(files_in(sftp_server.folder))

    upload = upload_of(CONTENT)
    gateway(sftp_account).deliver(upload, Watching())

    assert seen == [{f".{NAME}.{upload.content_id}.part": CONTENT}]


def test_a_body_that_gives_few_bytes_at_a_time_arrives_whole(
    sftp_server: SftpServer, sftp_account: SftpAccount
) -> None:
    class Trickle(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            return super().read(min(size or 0, 7_919))

    gateway(sftp_account).deliver(
        replace(upload_of(CONTENT), open_body=lambda offset: Trickle(CONTENT[offset:])), Note()
    )

    assert files_in(sftp_server.folder) == {NAME: CONTENT}


@pytest.mark.parametrize("change", [-1, 1], ids=["shorter", "longer"])
def test_a_body_of_another_size_than_said_gets_no_final_name(
    sftp_server: SftpServer, sftp_account: SftpAccount, change: int
) -> None:
    note = Note()

    with pytest.raises(RetryableError, match="ended at byte" if change < 0 else "is longer than"):
        gateway(sftp_account).deliver(replace(upload_of(CONTENT), size=len(CONTENT) - change), note)

    assert NAME not in files_in(sftp_server.folder)
    assert note.history == []


def test_a_body_that_breaks_is_reported_as_what_it_raised(sftp_server: SftpServer, sftp_account: SftpAccount) -> None:
    class Breaking(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            if self.tell():
                raise RetryableError("storage is not reachable")
            return super().read(size)

    with pytest.raises(RetryableError, match="storage is not reachable"):
        gateway(sftp_account).deliver(replace(upload_of(CONTENT), open_body=lambda _: Breaking(CONTENT)), Note())

    assert NAME not in files_in(sftp_server.folder)


def test_of_a_body_that_turns_out_to_be_wrong_nothing_is_left_to_go_on_with(
    sftp_server: SftpServer, sftp_account: SftpAccount
) -> None:
    class Wrong(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            if self.tell() > 2_000_000:
                raise ConfigurationError("chunk_changed", "it is not what was written")
            return super().read(size)

    with pytest.raises(ConfigurationError, match="not what was written"):
        gateway(sftp_account).deliver(replace(upload_of(CONTENT), open_body=lambda _: Wrong(CONTENT)), Note())

    assert files_in(sftp_server.folder) == {}


def test_an_attempt_goes_on_where_the_connection_was_cut(sftp_server: SftpServer, sftp_account: SftpAccount) -> None:
    sftp_server.faults.cut_after = 2_500_000
    note = Note()

    with pytest.raises(RetryableError, match="broke while"):
        gateway(sftp_account).deliver(upload_of(CONTENT), note)
    left = next(iter(files_in(sftp_server.folder).values()))
    delivered = gateway(sftp_account).deliver(upload_of(CONTENT), note)

    assert delivered.resumed_at == len(left) - IN_FLIGHT
    assert delivered.sent == len(CONTENT) - delivered.resumed_at
    assert files_in(sftp_server.folder) == {NAME: CONTENT}


def test_what_other_content_left_under_the_same_name_is_not_gone_on_with(
    sftp_server: SftpServer, sftp_account: SftpAccount
) -> None:
    sftp_server.faults.cut_after = 2_500_000
    with pytest.raises(RetryableError):
        gateway(sftp_account).deliver(upload_of(some_bytes(3_000_001, seed=2)), Note())

    delivered = gateway(sftp_account).deliver(upload_of(CONTENT), Note())

    assert delivered.resumed_at == 0
    assert files_in(sftp_server.folder)[NAME] == CONTENT


def test_an_unfinished_file_that_is_too_long_is_begun_anew(sftp_server: SftpServer, sftp_account: SftpAccount) -> None:
    upload = upload_of(CONTENT)
    (sftp_server.folder / f".{NAME}.{upload.content_id}.part").write_bytes(CONTENT + b"more")

    delivered = gateway(sftp_account).deliver(upload, Note())

    assert delivered.resumed_at == 0
    assert files_in(sftp_server.folder) == {NAME: CONTENT}


def test_a_server_that_lets_no_file_be_opened_twice_gets_the_file_anew(
    sftp_server: SftpServer, sftp_account: SftpAccount
) -> None:
    sftp_server.faults.cut_after = 2_500_000
    with pytest.raises(RetryableError):
        gateway(sftp_account).deliver(upload_of(CONTENT), Note())
    sftp_server.faults.refuse_to_reopen = True

    delivered = gateway(sftp_account).deliver(upload_of(CONTENT), Note())

    assert delivered == Delivered(sent=len(CONTENT))
    assert files_in(sftp_server.folder) == {NAME: CONTENT}


def test_the_final_name_holds_the_whole_file_or_nothing_wherever_the_connection_is_cut(
    sftp_server: SftpServer, proxy: CuttingProxy
) -> None:
    content = some_bytes(1_500_000)
    through_proxy = account(proxy.port, host_key=sftp_server.host_key_lines[0])
    chance = random.Random(20_260_102)
    # Half of them anywhere, half of them near the ends, where names and sizes are asked for.
    points = [chance.randrange(1_510_000) for _ in range(50)]
    points += [chance.randrange(4_000) for _ in range(20)]
    points += [1_500_000 + chance.randrange(2_000, 8_000) for _ in range(30)]
    attempts = 0

    def final_name_is_right() -> None:
        final = sftp_server.folder / NAME
        assert not final.exists() or final.read_bytes() == content

    def attempt(number: int) -> ParamikoSftp:
        proxy.limit = (point, chance.randrange(1_400_000), None)[min(number, 2)]
        return gateway(through_proxy)

    for point in points:
        _, taken = deliver_in_the_end(attempt, upload_of(content), Note(), after_each=final_name_is_right)

        assert files_in(sftp_server.folder) == {NAME: content}, f"cut after {point} bytes"
        (sftp_server.folder / NAME).unlink()
        attempts += taken
    assert attempts > 2 * len(points), "the cuts came too late to break anything"


@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize("taken_away", [False, True], ids=["kept", "taken away"])
def test_a_lost_answer_to_the_rename_is_settled_by_the_next_attempt(
    sftp_server: SftpServer, sftp_account: SftpAccount, moment: str, taken_away: bool
) -> None:
    sftp_server.faults.cut_at_rename = moment
    sftp_server.faults.take_away = lambda _: taken_away
    note = Note()
    with pytest.raises(OutcomeUnknownError):
        gateway(sftp_account).deliver(upload_of(CONTENT), note)

    delivered = gateway(sftp_account).deliver(upload_of(CONTENT), note)

    assert delivered.earlier == (moment == "after")
    assert delivered.sent == 0
    assert files_in(sftp_server.folder) | sftp_server.journal.taken == {NAME: CONTENT}


def test_a_file_that_the_importer_takes_away_at_once_is_delivered(
    sftp_server: SftpServer, sftp_account: SftpAccount
) -> None:
    sftp_server.faults.take_away = lambda _: True

    delivered = gateway(sftp_account).deliver(upload_of(CONTENT), Note())

    assert delivered == Delivered(sent=len(CONTENT))
    assert files_in(sftp_server.folder) == {}
    assert sftp_server.journal.taken == {NAME: CONTENT}


def test_a_server_that_failed_between_the_two_names_is_tidied_up(
    sftp_server: SftpServer, sftp_account: SftpAccount
) -> None:
    upload = upload_of(CONTENT)
    for name in (NAME, f".{NAME}.{upload.content_id}.part"):
        (sftp_server.folder / name).write_bytes(CONTENT)

    delivered = gateway(sftp_account).deliver(upload, Note(made=True))

    assert delivered == Delivered(earlier=True)
    assert files_in(sftp_server.folder) == {NAME: CONTENT}


def test_a_server_that_failed_between_the_two_names_keeps_the_final_one_when_it_is_cleared(
    sftp_server: SftpServer, sftp_account: SftpAccount
) -> None:
    upload, note = upload_of(CONTENT), Note(made=True)
    for name in (NAME, f".{NAME}.{upload.content_id}.part"):
        (sftp_server.folder / name).write_bytes(CONTENT)

    assert gateway(sftp_account).clear(NAME, upload.content_id, note)

    assert files_in(sftp_server.folder) == {NAME: CONTENT}
    assert note.made


def test_a_rename_whose_answer_is_lost_each_time_is_a_failure_that_uses_up_tries(
    sftp_server: SftpServer, sftp_account: SftpAccount
) -> None:
    note = Note()
    seen = []
    for _ in range(3):
        sftp_server.faults.cut_at_rename = "before"
        with pytest.raises(RelayError) as caught:
            gateway(sftp_account).deliver(upload_of(CONTENT), note)
        seen.append(type(caught.value))

    assert seen == [OutcomeUnknownError, RetryableError, RetryableError]


def test_a_file_that_is_not_ours_keeps_its_name(sftp_server: SftpServer, sftp_account: SftpAccount) -> None:
    (sftp_server.folder / NAME).write_bytes(b"theirs")

    with pytest.raises(ConfigurationError, match=r"6 bytes.*not ours to replace") as refusal:
        gateway(sftp_account).deliver(upload_of(CONTENT), Note())

    assert refusal.value.code == "sftp_file_exists"
    assert files_in(sftp_server.folder) == {NAME: b"theirs"}


def test_a_file_that_appears_while_we_send_keeps_its_name(sftp_server: SftpServer, sftp_account: SftpAccount) -> None:
    class Late(Note):
        def begin(self) -> None:
            super().begin()
            (sftp_server.folder / NAME).write_bytes(b"theirs")

    note = Late()
    with pytest.raises(ConfigurationError) as refusal:
        gateway(sftp_account).deliver(upload_of(CONTENT), note)

    assert refusal.value.code == "sftp_file_exists"
    assert (sftp_server.folder / NAME).read_bytes() == b"theirs"
    assert note.history == ["begin", "withdraw"]


@pytest.mark.parametrize("no_posix_rename", [False, True])
def test_a_file_gives_way_where_the_setting_says_so(
    sftp_server: SftpServer, sftp_account: SftpAccount, no_posix_rename: bool
) -> None:
    sftp_server.faults.no_posix_rename = no_posix_rename
    (sftp_server.folder / NAME).write_bytes(b"old")

    gateway(sftp_account, replace=True).deliver(upload_of(CONTENT), Note())

    assert files_in(sftp_server.folder) == {NAME: CONTENT}


def breaks(**faults: object) -> Callable[[SftpServer], None]:
    def apply(sftp_server: SftpServer) -> None:
        for name, value in faults.items():
            setattr(sftp_server.faults, name, value)

    return apply


def test_a_full_disk_is_tried_again_and_what_was_sent_is_removed(
    sftp_server: SftpServer, sftp_account: SftpAccount
) -> None:
    sftp_server.faults.room = 1_000_000

    with pytest.raises(RetryableError, match="disk or our share of it full"):
        gateway(sftp_account).deliver(upload_of(CONTENT), Note())
    assert files_in(sftp_server.folder) == {}

    sftp_server.faults.room = None
    gateway(sftp_account).deliver(upload_of(CONTENT), Note())
    assert files_in(sftp_server.folder) == {NAME: CONTENT}


def test_a_disk_that_is_full_for_the_last_byte_alone_is_noticed(
    sftp_server: SftpServer, sftp_account: SftpAccount
) -> None:
    sftp_server.faults.room = len(CONTENT) - 1

    with pytest.raises(RetryableError, match="disk or our share of it full"):
        gateway(sftp_account).deliver(upload_of(CONTENT), Note())

    assert files_in(sftp_server.folder) == {}


def test_a_file_that_is_short_on_the_server_gets_no_final_name(
    sftp_server: SftpServer, sftp_account: SftpAccount
) -> None:
    sftp_server.faults.short_by = 1

    with pytest.raises(RetryableError, match="3000000 bytes on the SFTP server, not 3000001"):
        gateway(sftp_account).deliver(upload_of(CONTENT), Note())

    assert files_in(sftp_server.folder) == {}


@pytest.mark.parametrize(
    ("fault", "folder", "code"),
    [
        (breaks(read_only=True), "", "sftp_folder_read_only"),
        (breaks(refuse_rename=True), "", "sftp_folder_read_only"),
        (breaks(), "not-there", "sftp_folder_missing"),
    ],
    ids=["read-only", "no renaming", "no folder"],
)
def test_a_folder_that_cannot_be_used_is_for_an_operator(
    sftp_server: SftpServer, fault: Callable[[SftpServer], None], folder: str, code: str
) -> None:
    fault(sftp_server)
    there = account(sftp_server.port, host_key=sftp_server.host_key_lines[0], folder=folder)

    with pytest.raises(ConfigurationError) as refusal:
        gateway(there).deliver(upload_of(CONTENT), Note())

    assert refusal.value.code == code
    assert NAME not in files_in(sftp_server.folder)


def test_an_importer_that_takes_temporary_names_is_for_an_operator(
    sftp_server: SftpServer, sftp_account: SftpAccount
) -> None:
    class Taken(Note):
        def begin(self) -> None:
            super().begin()
            for path in sftp_server.folder.iterdir():
                path.unlink()

    note = Taken()
    with pytest.raises(ConfigurationError) as refusal:
        gateway(sftp_account).deliver(upload_of(CONTENT), note)

    assert refusal.value.code == "sftp_part_taken"
    assert not note.made


def test_a_server_that_no_longer_answers_is_left(sftp_server: SftpServer, sftp_account: SftpAccount) -> None:
    sftp_server.faults.stall_after = 200_000

    with pytest.raises(RetryableError, match=r"stood still for 1 s while"):
        gateway(sftp_account, patience=1).deliver(upload_of(some_bytes(6_000_000)), Note())

    assert NAME not in files_in(sftp_server.folder)


def test_a_server_that_no_longer_reads_is_left(sftp_server: SftpServer, proxy: CuttingProxy) -> None:
    proxy.limit, proxy.stalls = 200_000, True
    through_proxy = account(proxy.port, host_key=sftp_server.host_key_lines[0])

    with pytest.raises(RetryableError, match=r"stood still for 1 s while"):
        gateway(through_proxy, patience=1).deliver(upload_of(some_bytes(12_000_000)), Note())

    assert NAME not in files_in(sftp_server.folder)


def test_a_server_that_answers_late_each_time_is_waited_for(sftp_server: SftpServer, sftp_account: SftpAccount) -> None:
    # All answers together take longer than the patience with one.
    sftp_server.faults.late = 0.4
    content = some_bytes(200_000)

    delivered = gateway(sftp_account, patience=1).deliver(upload_of(content), Note())

    assert delivered == Delivered(sent=len(content))
    assert files_in(sftp_server.folder) == {NAME: content}


@pytest.mark.parametrize("moment", ["before", "after"])
def test_an_answer_to_the_rename_that_never_comes_is_settled_by_the_next_attempt(
    sftp_server: SftpServer, sftp_account: SftpAccount, moment: str
) -> None:
    sftp_server.faults.stall_at_rename = moment
    note = Note()
    with pytest.raises(OutcomeUnknownError):
        gateway(sftp_account, patience=1).deliver(upload_of(CONTENT), note)

    delivered = gateway(sftp_account).deliver(upload_of(CONTENT), note)

    assert delivered.earlier == (moment == "after")
    assert files_in(sftp_server.folder) == {NAME: CONTENT}
