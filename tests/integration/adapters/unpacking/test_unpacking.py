"""Every layer around a file is taken off by content, and what is unsafe is refused within the limits."""

from __future__ import annotations

import bz2
import gzip
import io
import random
import tarfile
import zipfile
from dataclasses import replace
from pathlib import Path

import pysequoia
import pytest
import zstandard as zstd

from listrak_relay.adapters.duckdb.audience_reader import DuckDbAudienceReader
from listrak_relay.adapters.duckdb.sessions import Sessions
from listrak_relay.adapters.duckdb.writing.chunk_files import ChunkSizes
from listrak_relay.adapters.unpacking.limits import UnpackLimits
from listrak_relay.domain.destinations.file_rules import FileRules
from listrak_relay.domain.run.runs import DroppedFile
from listrak_relay.errors import ConfigurationError, FileRejectedError
from listrak_relay.ports.reading import IngestedAudience, LocalFile
from listrak_relay.ports.secrets import PgpKey
from tests.support.files.audience_files import EMAIL, LIMITS, read_file
from tests.support.files.packed import KEY, ONE, encrypted, tarred, zipped

TWO = b"N,Email\n3,c@example.com\n"
ROWS = {2: ["a@example.com", "1"], 3: ["b@example.com", "2"]}

SOURCE = DroppedFile("drop", "email/vip/people.csv", "v1", 0, "2026-01-31T00:00:00Z")


def linked(kind: bytes) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        member = tarfile.TarInfo("people.csv")
        member.type, member.linkname = kind, "/etc/passwd"
        archive.addfile(member)
    return packed.getvalue()


def symlink_in_zip() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        member = zipfile.ZipInfo("people.csv")
        member.external_attr = 0o120777 << 16
        archive.writestr(member, "/etc/passwd")
    return packed.getvalue()


def other_method() -> bytes:
    """A zip file whose member says that it is packed by Deflate64."""
    body = bytearray(zipped(("x.csv", ONE)))
    body[8] = body[body.find(b"PK\1\2") + 10] = 9
    return bytes(body)


def long_window() -> bytes:
    parameters = zstd.ZstdCompressionParameters.from_level(1, window_log=28)
    packing = zstd.ZstdCompressor(compression_params=parameters).compressobj()
    return packing.compress(ONE) + packing.flush()


def pax_header(size: int) -> bytes:
    member = tarfile.TarInfo("pax")
    member.type, member.size = tarfile.XHDTYPE, size
    return member.tobuf() + b"\0" * size


@pytest.mark.parametrize(
    "body",
    [
        gzip.compress(ONE),
        gzip.compress(ONE[:20]) + gzip.compress(ONE[20:]),
        gzip.compress(ONE) + b"\0" * 512,
        gzip.compress(ONE[:9]) + b"\0" * 300_000 + gzip.compress(ONE[9:]) + b"\0" * 300_000,
        bz2.compress(ONE),
        bz2.compress(ONE[:9]) + bz2.compress(ONE[9:]),
        zstd.compress(ONE),
        zstd.compress(ONE[:9]) + zstd.compress(ONE[9:]),
        b"\x53\x2a\x4d\x18\x04\0\0\0skip" + zstd.compress(ONE) + b"\x50\x2a\x4d\x18\0\0\0\0",
        zipped(("x.csv", ONE)),
        zipped(("x.csv", ONE), zip64=1),
        b"MZ" + b"\0" * 500 + zipped(("x.csv", ONE)),
        zipped(("folder/x.csv.gz", gzip.compress(ONE)), ("folder/_SUCCESS", b""), ("__MACOSX/._x.csv", b"\0\0")),
        tarred(("x.csv", ONE)),
        tarred(("x.csv", ONE), mode="w:gz"),
        tarred(("x.csv", ONE), mode="w:bz2"),
        gzip.compress(zipped(("x.csv", ONE))),
    ],
    ids=[
        "gz",
        "gz members",
        "gz padded",
        "gz much padded",
        "bz2",
        "bz2 streams",
        "zstd",
        "zstd frames",
        "zstd frames to skip",
        "zip",
        "zip64",
        "zip that unpacks itself",
        "zip of gz",
        "tar",
        "tgz",
        "tar.bz2",
        "zip in gz",
    ],
)
def test_a_packed_file_is_read_as_if_it_were_plain(tmp_path: Path, body: bytes) -> None:
    assert read_file(tmp_path, body).values == ROWS


def test_large_files_pass_through_in_blocks(tmp_path: Path) -> None:
    chance = random.Random(1)
    body = b"email,n\n" + b"".join(b"p%d@example.com,%d\n" % (n, chance.randrange(10**9)) for n in range(100_000))

    for packed in (gzip.compress(body, 1), bz2.compress(body), zstd.compress(body), tarred(("x", body), mode="w:gz")):
        assert len(read_file(tmp_path, packed).rows) == 100_000


def test_an_archive_of_parts_is_one_run_whose_rejects_name_the_part(tmp_path: Path) -> None:
    broken = b"email,n\nnobody,4\n"

    read = read_file(tmp_path, tarred(("b.csv", TWO), ("c/.keep", b""), ("a.csv", ONE), ("d.csv", broken), mode="w:gz"))

    assert read.values == {**ROWS, 5: ["c@example.com", "3"]}
    assert read.reasons == {7: "email_invalid"}
    key = "email/vip/people.csv"
    assert [(part.name, part.offset) for part in read.result.parts] == [
        (f"{key}!a.csv", 0),
        (f"{key}!b.csv", 3),
        (f"{key}!d.csv", 5),
    ]
    assert read.result.notes["unpacked"] == ["gzip", "tar"]


def test_parts_with_other_columns_are_refused_with_both_lists(tmp_path: Path) -> None:
    with pytest.raises(FileRejectedError, match=r'"Email".*"email", "n"') as caught:
        read_file(tmp_path, zipped(("a.csv", ONE), ("b.csv", b"Email\nc@example.com\n")))

    assert caught.value.code == "parts_differ"


def test_a_part_of_json_may_lack_a_key_that_another_has(tmp_path: Path) -> None:
    one, two = b'{"email": "a@example.com", "n": 1}\n', b'{"email": "b@example.com", "city": "Oslo"}\n'

    read = read_file(tmp_path, zipped(("a.json", one), ("b.json", two)))

    assert read.values == {1: ["a@example.com", "1", ""], 2: ["b@example.com", "", "Oslo"]}


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"Rar!\x1a\x07\x01\x00" + b"x" * 60, "format_unsupported"),
        (b"\xfd7zXZ\0" + b"x" * 60, "format_unsupported"),
        (b"%PDF-1.7\n", "format_unsupported"),
        ("email\na@example.com\n".encode("utf-32"), "format_unsupported"),
        (gzip.compress(ONE)[:-9], "file_truncated"),
        (bz2.compress(ONE)[:-9], "file_truncated"),
        (zstd.compress(ONE)[:-3], "file_truncated"),
        (gzip.compress(ONE)[:-8] + b"12345678", "archive_damaged"),
        (gzip.compress(ONE) + b"more", "archive_damaged"),
        (zipped(("x.csv", ONE))[:-30], "archive_damaged"),
        (other_method(), "archive_method"),
        (long_window(), "archive_method"),
        (tarred(("x.csv", ONE * 900))[:9_000], "archive_damaged"),
        (tarred(("a.csv", ONE)) + tarred(("b.csv", ONE)), "archive_damaged"),
        (tarred(("a.csv", ONE), ("b.csv", ONE)).replace(b"b.csv", b"c.csv"), "archive_damaged"),
        (tarred(("a.csv", ONE))[:1024] + pax_header(1 << 21), "archive_damaged"),
        (zipped(("../x.csv", ONE)), "archive_unsafe"),
        (zipped(("/x.csv", ONE)), "archive_unsafe"),
        (zipped(("C:\\x.csv", ONE)), "archive_unsafe"),
        (tarred(("a/../../x.csv", ONE)), "archive_unsafe"),
        (linked(tarfile.SYMTYPE), "archive_unsafe"),
        (linked(tarfile.LNKTYPE), "archive_unsafe"),
        (linked(tarfile.CHRTYPE), "archive_unsafe"),
        (symlink_in_zip(), "archive_unsafe"),
        (zipped(("x.zip", zipped(("x.csv", ONE)))), "archive_nested"),
        (tarred(("x.tar", tarred(("x.csv", ONE)))), "archive_nested"),
        (gzip.compress(gzip.compress(ONE)), "archive_nested"),
        (zipped(("x.gz", gzip.compress(gzip.compress(ONE)))), "archive_nested"),
        (zipped((".keep", b"")), "file_empty"),
        (zipped(*((f"{n}.csv", b"") for n in range(10_001))), "archive_too_many"),
    ],
    ids=map(str, range(30)),
)
def test_what_is_damaged_or_unsafe_is_refused_by_name(tmp_path: Path, body: bytes, code: str) -> None:
    with pytest.raises(FileRejectedError, match=r"email/vip/people\.csv") as caught:
        read_file(tmp_path, body)

    assert caught.value.code == code


def read_within(folder: Path, body: bytes, limits: UnpackLimits, **rules: str) -> IngestedAudience:
    path = folder / "dropped"
    path.write_bytes(body)
    sessions = Sessions(
        memory_limit_mb=256, threads=1, limits=limits, key_for=lambda secret: PgpKey(secret, str(KEY), "")
    )
    reader = DuckDbAudienceReader(sessions, ChunkSizes(max_bytes=10**6, one_by_one_rows=10, sms_rows=10))
    destination = replace(EMAIL, file=FileRules(pgp_secret=rules.get("pgp_secret")))
    return reader.read([LocalFile(SOURCE.key, path)], SOURCE, destination, "vip", folder / "out")


@pytest.mark.parametrize(
    "pack",
    [gzip.compress, bz2.compress, zstd.compress, lambda body: zipped(("x.csv", body))],
    ids=["gz", "bz2", "zstd", "zip"],
)
def test_a_bomb_stops_at_the_limit_and_leaves_nothing_on_the_disk(tmp_path: Path, pack: object) -> None:
    body = pack(ONE + b"\n" * 30_000_000)  # type: ignore[operator]

    with pytest.raises(FileRejectedError) as caught:
        read_within(tmp_path, body, UnpackLimits(unpacked=20_000_000))

    assert caught.value.code == "file_too_large"
    assert "IngestTmpMb" in str(caught.value)
    assert not list((tmp_path / "out").iterdir())


def test_a_ratio_that_no_file_of_people_has_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileRejectedError) as caught:
        read_within(tmp_path, gzip.compress(ONE + b"\n" * 120_000_000), LIMITS)

    assert caught.value.code == "archive_bomb"


def test_a_workbook_that_unpacks_to_too_much_is_refused(tmp_path: Path) -> None:
    body = zipped(("xl/workbook.xml", b" " * 3_000_000))

    with pytest.raises(FileRejectedError) as caught:
        read_within(tmp_path, body, replace(LIMITS, workbook=1_000_000))

    assert caught.value.code == "file_too_large"


@pytest.mark.parametrize(
    "inner",
    [ONE, gzip.compress(ONE), tarred(("x.csv", ONE), mode="w:gz"), zipped(("x", ONE))],
    ids=["plain", "gz", "tgz", "zip"],
)
def test_an_encrypted_file_is_opened_by_the_key_in_the_secret(tmp_path: Path, inner: bytes) -> None:
    result = read_within(tmp_path, encrypted(inner), LIMITS, pgp_secret="stack/pgp-key")

    assert result.rows_read == 2
    assert result.notes["unpacked"][0] == "pgp"


def test_an_encrypted_file_without_a_key_says_which_setting_is_missing(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"file\.pgp_secret") as caught:
        read_file(tmp_path, encrypted(ONE))

    assert caught.value.code == "pgp_key_missing"


@pytest.mark.parametrize(
    ("what", "code"), [("another key", "pgp_unreadable"), ("damaged", "pgp_unreadable"), ("bomb", "file_too_large")]
)
def test_a_file_that_cannot_be_decrypted_is_refused(tmp_path: Path, what: str, code: str) -> None:
    body = encrypted(ONE * 1_000)
    if what == "another key":
        other = pysequoia.Tsk.generate("other <other@example.com>")
        body = bytes(pysequoia.encrypt(recipients=[other.extract_certificate()], bytes=ONE))
    elif what == "damaged":
        body = body[: len(body) // 2]

    with pytest.raises(FileRejectedError) as caught:
        read_within(tmp_path, body, UnpackLimits(unpacked=10_000), pgp_secret="stack/pgp-key")

    assert caught.value.code == code


@pytest.mark.parametrize(
    ("member", "kind"),
    [
        ("META-INF/manifest.xml", "an OpenDocument file"),
        ("content.xml", "an OpenDocument file"),
        ("word/document.xml", "a Word document"),
        ("Index/Document.iwa", "a file of Apple's Numbers or Pages"),
    ],
)
def test_a_document_that_is_packed_as_a_zip_file_is_named(tmp_path: Path, member: str, kind: str) -> None:
    with pytest.raises(FileRejectedError, match=f"this is {kind}.*save it as .xlsx, or as CSV") as raised:
        read_file(tmp_path, zipped(("mimetype", b"x"), (member, b"<x/>")))

    assert raised.value.code == "format_unsupported"
