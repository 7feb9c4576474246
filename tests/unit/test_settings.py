"""Settings from the environment."""

import pytest

from listrak_relay.errors import ConfigurationError
from listrak_relay.settings.delivering import (
    DeliverEmailSettings,
    DeliverSmsSettings,
    MonitorSettings,
    RelayFeedSettings,
)
from listrak_relay.settings.ending import CloseSettings
from listrak_relay.settings.reading import IngestSettings, RangeSettings
from tests.support.fakes.environment import ENVIRONMENT

KINDS = [
    IngestSettings,
    DeliverEmailSettings,
    DeliverSmsSettings,
    MonitorSettings,
    CloseSettings,
    RelayFeedSettings,
    RangeSettings,
]


@pytest.mark.parametrize("kind", KINDS)
def test_the_required_settings_are_enough(kind: type[IngestSettings]) -> None:
    assert kind.from_env(ENVIRONMENT).aws.work_bucket == "work"


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", ["WORK_BUCKET", "LEDGER_TABLE", "CLOSE_QUEUE_URL"])
def test_a_missing_setting_is_named(kind: type[IngestSettings], name: str) -> None:
    with pytest.raises(ConfigurationError, match=name):
        kind.from_env(ENVIRONMENT | {name: " "})


@pytest.mark.parametrize("value", ["many", "-1", "nan"])
def test_a_number_that_is_none_is_named(value: str) -> None:
    with pytest.raises(ConfigurationError, match="MAX_CHUNK_BYTES"):
        IngestSettings.from_env(ENVIRONMENT | {"MAX_CHUNK_BYTES": value})


def test_the_addresses_are_settings_and_their_default_is_listrak() -> None:
    assert DeliverEmailSettings.from_env(ENVIRONMENT).listrak.base_url == "https://api.listrak.com/email/v1"
    changed = DeliverEmailSettings.from_env(ENVIRONMENT | {"LISTRAK_EMAIL_URL": "http://127.0.0.1:8080/email/v1/"})
    assert changed.listrak.base_url == "http://127.0.0.1:8080/email/v1"
    assert DeliverSmsSettings.from_env(ENVIRONMENT).listrak.base_url == "https://api.listrak.com/sms/v1"


def test_a_chunk_is_never_larger_than_listrak_takes() -> None:
    assert (
        IngestSettings.from_env(ENVIRONMENT | {"MAX_CHUNK_BYTES": "999000000"}).reading.max_chunk_bytes == 195_000_000
    )


def test_a_range_has_an_even_number_of_bytes_since_utf_16_has_two_for_a_character() -> None:
    assert RangeSettings.from_env(ENVIRONMENT).range_bytes == 256_000_000
    assert RangeSettings.from_env(ENVIRONMENT | {"RANGE_MB": "0.001001"}).range_bytes == 1_000


def test_files_above_three_gigabytes_are_read_in_ranges_unless_said_otherwise() -> None:
    assert IngestSettings.from_env(ENVIRONMENT).large_file_bytes == 3_000_000_000
    assert IngestSettings.from_env(ENVIRONMENT | {"LARGE_FILE_MB": "10000"}).large_file_bytes == 10_000_000_000


@pytest.mark.parametrize(("hours", "days", "fits"), [("24", "3", True), ("48", "4", True), ("24", "2", False)])
def test_runs_must_end_before_what_they_need_expires(hours: str, days: str, fits: bool) -> None:
    env = ENVIRONMENT | {"IMPORT_DEADLINE_HOURS": hours, "WORK_RETENTION_DAYS": days}
    if fits:
        assert CloseSettings.from_env(env).run_deadline == (float(hours) + 24) * 3600
        return
    with pytest.raises(ConfigurationError, match="WorkRetentionDays=2; set that to 3"):
        CloseSettings.from_env(env)


@pytest.mark.parametrize(("function_mb", "duckdb_mb"), [("2048", 851), ("3008", 1_250), ("10240", 4_255)])
def test_duckdb_has_its_share_of_the_function_s_memory(function_mb: str, duckdb_mb: int) -> None:
    env = ENVIRONMENT | {"AWS_LAMBDA_FUNCTION_MEMORY_SIZE": function_mb}

    assert IngestSettings.from_env(env).reading.memory_limit_mb == duckdb_mb
    assert RangeSettings.from_env(env).reading.memory_limit_mb == duckdb_mb


def test_a_mirror_run_of_a_hundred_million_people_fits_into_the_usual_memory() -> None:
    def most(megabytes: str) -> int:
        env = ENVIRONMENT | {"AWS_LAMBDA_FUNCTION_MEMORY_SIZE": megabytes}
        return DeliverEmailSettings.from_env(env).mirror_contacts

    assert most("1769") > 100_000_000
    assert most("3008") > 2 * 100_000_000
    assert most("1024") > 50_000_000
