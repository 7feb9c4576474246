"""What the steps of a large file hand on, when they do not agree."""

from __future__ import annotations

import pytest

from listrak_relay.domain.reading.ranges import JoinedRanges, WrittenRange
from listrak_relay.errors import FileRejectedError
from listrak_relay.use_cases.ranges.written import check_written


def written(number: int, rejected: int) -> WrittenRange:
    return WrittenRange(number, (), (), (), (), rejected)


def joined(rows: int, duplicates: int = 0) -> JoinedRanges:
    return JoinedRanges({}, rows, 0, duplicates, ())


def test_each_row_that_was_read_is_in_a_chunk_a_reject_or_a_duplicate() -> None:
    check_written([written(0, 2), written(1, 3)], joined(6, duplicates=1), "vip.csv")


@pytest.mark.parametrize("rows", [4, 6])
def test_rows_that_were_lost_between_the_steps_stop_the_run(rows: int) -> None:
    with pytest.raises(FileRejectedError, match="nothing was sent") as told:
        check_written([written(0, 2), written(1, 3)], joined(rows), "vip.csv")

    assert told.value.code == "rows_unbalanced"
