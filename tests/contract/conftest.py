"""Listrak as its documents describe it; tests that need them are skipped where they are not at hand."""

import pytest

from tests.support.listrak.published_api import PublishedApi, published_api


@pytest.fixture(scope="session")
def email_api() -> PublishedApi:
    return published_api("email")


@pytest.fixture(scope="session")
def sms_api() -> PublishedApi:
    return published_api("sms")
