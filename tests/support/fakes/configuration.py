"""Destinations and secrets given by the test."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from listrak_relay.domain.destinations.destinations import BUILT_IN, Destination
from listrak_relay.errors import ConfigurationError
from listrak_relay.ports.secrets import Credentials
from tests.support.fakes.script import Script


class FakeDestinationBook:
    """`ports.destinations.DestinationBook`: the built-in destinations and these. ``asked``: how often it was."""

    def __init__(self, *destinations: Destination) -> None:
        self.destinations = BUILT_IN | {destination.name: destination for destination in destinations}
        self.faulty_names: Sequence[str] = ()
        self.script = Script()
        self._later: list[dict[str, Destination]] = []

    def change_after_a_question(self, *destinations: Destination) -> None:
        """Whoever asks once more gets these. To be told again for each further change."""
        self._later.append(BUILT_IN | {destination.name: destination for destination in destinations})

    @property
    def asked(self) -> int:
        return self.script.calls.count("find")

    def faulty(self) -> Sequence[str]:
        return self.faulty_names

    def find(self, name: str) -> Destination:
        with self.script.step("find"):
            found, self.destinations = self.destinations, self._later.pop(0) if self._later else self.destinations
            if name not in found:
                known = ", ".join(sorted(found))
                raise ConfigurationError("destination_unknown", f"no destination {name!r}; known: {known}")
            return found[name]

    def all(self) -> Mapping[str, Destination]:
        with self.script.step("all"):
            return self.destinations


class FakeSecretStore:
    """`ports.secrets.SecretStore`. A secret changed by ``rotate`` is seen by a ``fresh`` read only, as with a cache."""

    def __init__(self, secrets: Mapping[str, Credentials] | None = None) -> None:
        self.script = Script()
        self._kept: dict[str, Credentials] = dict(secrets or {})
        self._cached: dict[str, Credentials] = {}

    def rotate(self, secret: str, credentials: Credentials) -> None:
        self._kept[secret] = credentials

    def credentials(self, secret: str, fresh: bool = False) -> Credentials:
        with self.script.step("credentials"):
            if fresh or secret not in self._cached:
                if secret not in self._kept:
                    raise ConfigurationError("secret_missing", f"secret {secret} does not exist")
                self._cached[secret] = self._kept[secret]
            return self._cached[secret]
