"""The measurement of archives of small parts reads every part of each kind, and says whether its bar holds."""

from __future__ import annotations

import pytest

from bench import parts


def test_archives_of_each_kind_are_read_whole_and_the_bar_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    parts.run(3)

    told = capsys.readouterr().out
    assert all(kind in told for kind in ("csv", "json", "parquet"))
    assert "3 parts of CSV in less than 10 s" in told
