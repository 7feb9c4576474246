"""Which dropped objects hold no data, by name and size."""

from __future__ import annotations

import pytest

from listrak_relay.domain.run.object_kinds import why_no_data

MARKERS = """
    _SUCCESS _success people.DONE .DONE data.csv.done may.complete ready SUCCESS data.ok data.trg people.csv.md5
    .keep .gitkeep .s3keep .placeholder .DS_Store Thumbs.db desktop.ini ._people.csv ~$people.xlsx .~lock.people.ods#
    manifest unload_manifest manifest.json _committed_17 _started_17 _metadata .part-00000.csv.crc out_$folder$ out/
    people.csv.metadata v1.metadata.json people.csv.crc
    _temporary/0/part-00000.csv _delta_log/00000000000000000000.json __MACOSX/people.csv
    people.csv.sha512 .hoodie/20260131.commit _impala_insert_staging/0/part-0.csv
"""
DATA = """
    people.csv data.complete.csv done.csv success.csv manifest_customers.csv manifest-2026.json people_done
    part-00000-7f.c000.snappy.parquet 0000_part_00 000 people .people.csv .people.ndjson x.done/people.csv _SUCCESS.csv
    people.tmp.csv in.people.csv
"""


UNFINISHED = """
    people.csv.filepart people.csv.part people.csv.tmp people.csv.partial people.csv.crdownload people.csv._COPYING_
    people.csv.temp .~people.csv ~$people.xlsx people.csv~ people.csv.swp people.csv.inprogress
    .in.people.csv. .people.csv.Xy12ab people.csv.tmp.1234 people.csv.tmp-0a1b people.csv.swo .goutputstream-X1Y2Z3
"""


@pytest.mark.parametrize("name", UNFINISHED.split())
def test_a_file_that_is_still_being_written_is_none_to_send_whatever_its_size(name: str) -> None:
    assert why_no_data(f"email/vip/{name}", 600_000_000)


@pytest.mark.parametrize("name", MARKERS.split())
def test_markers_of_tools_hold_no_data(name: str) -> None:
    assert why_no_data(f"email/vip/{name}", 10)


@pytest.mark.parametrize("name", DATA.split())
def test_files_of_rows_are_not_taken_for_markers(name: str) -> None:
    assert why_no_data(f"email/vip/{name}", 10) is None


def test_an_object_of_many_bytes_is_no_marker_whatever_its_name() -> None:
    assert why_no_data("email/vip/customers_manifest", 6_000_000) is None
