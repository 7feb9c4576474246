"""Listrak as it is published: our own table of that, which is everywhere, and its documents, which are not."""

import pytest

from tests.support.listrak.contract.published_api import PublishedApi


@pytest.fixture(scope="session")
def email_api() -> PublishedApi:
    return PublishedApi("email")


@pytest.fixture(scope="session")
def sms_api() -> PublishedApi:
    return PublishedApi("sms")
