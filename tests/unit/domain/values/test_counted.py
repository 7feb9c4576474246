"""Numbers of things, as people read them."""

from __future__ import annotations

import pytest

from listrak_relay.domain.values.counted import counted, were


@pytest.mark.parametrize(
    ("number", "said"), [(0, "0 rows were"), (1, "1 row was"), (2, "2 rows were"), (2_000, "2,000 rows were")]
)
def test_one_thing_is_told_as_one(number: int, said: str) -> None:
    assert f"{counted(number, 'row')} {were(number)}" == said
