"""Names of files on an SFTP server."""

import fnmatch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listrak_relay.domain.destinations.sftp_names import final_name, temporary_name_of
from listrak_relay.errors import ConfigurationError

WORDS = st.text(alphabet="abcXYZ019_-", min_size=1, max_size=20)


@pytest.mark.parametrize("name", ["", ".", "..", "in/a.csv", "a\\b.csv", "a\nb.csv", "a\0.csv", "ä" * 128])
def test_what_is_no_plain_file_name_is_refused(name: str) -> None:
    with pytest.raises(ConfigurationError) as refusal:
        final_name(name)

    assert refusal.value.code == "sftp_name_invalid"


@given(name=WORDS, content=WORDS, other=WORDS)
def test_each_content_has_a_temporary_name_of_its_own(name: str, content: str, other: str) -> None:
    assert (temporary_name_of(name, content) == temporary_name_of(name, other)) == (content == other)


@given(name=WORDS, content=WORDS)
def test_a_temporary_name_is_none_that_an_importer_waits_for(name: str, content: str) -> None:
    part = temporary_name_of(f"Listrak_Order_Feed_{name}.csv", content)

    assert part.startswith(".")
    assert not fnmatch.fnmatch(part, "*.csv")


@pytest.mark.parametrize("pattern", ["{name}.part", "{id}.part", "{name}.{id}.{id}", "tmp/{name}.{id}"])
def test_a_pattern_that_gives_no_name_of_its_own_is_refused(pattern: str) -> None:
    with pytest.raises(ConfigurationError):
        temporary_name_of("a.csv", "1", pattern)


@pytest.mark.parametrize("content", ["", "a/b", "a.b", "a" * 65])
def test_a_content_id_is_a_plain_word(content: str) -> None:
    with pytest.raises(ValueError, match="content id"):
        temporary_name_of("a.csv", content)


def test_a_name_that_looks_like_a_placeholder_is_left_alone() -> None:
    assert temporary_name_of("{id}.csv", "1") == ".{id}.csv.1.part"
