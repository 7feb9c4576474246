"""Everything one simulated account holds, and its return to the seed."""

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

from starlette.requests import Request

from listrak_simulator import clock
from listrak_simulator.credentials import DEFAULT_CLIENTS, Client, Credentials
from listrak_simulator.email_api import seed as email_seed
from listrak_simulator.email_api.account import EmailAccount
from listrak_simulator.faults import FaultRules
from listrak_simulator.journal import Journal
from listrak_simulator.privacy_api.account import PrivacyAccount
from listrak_simulator.settings import Settings
from listrak_simulator.sms_api import seed as sms_seed
from listrak_simulator.sms_api.account import SmsAccount
from listrak_simulator.sms_api.default_seed import DEFAULT as DEFAULT_SMS

_SEED_KEYS = {"clients", "settings", "lists", "sms"}
_DEFAULT_SEED: Mapping[str, Any] = {"lists": email_seed.DEFAULT_LISTS, "sms": DEFAULT_SMS}


class Simulator:
    """The state behind every route. Tests change it through ``/control`` only."""

    def __init__(self, seed: Mapping[str, Any] | None = None, folders: Mapping[str, Path] | None = None) -> None:
        """Without ``seed`` the account starts with the default lists and sender code. ``folders``: by name, those that
        the pages show beside it.

        Raises:
            ValueError: the seed has an unknown key or a wrong value; the message says which.
        """
        self._starting_seed = _DEFAULT_SEED if seed is None else seed
        self.folders = dict(folders or {})
        self.journal = Journal()
        self.faults = FaultRules()
        self.reset()

    def reset(self) -> None:
        """Back to the state at the start: lists, sender codes, clients, tokens, settings, clock, faults and journal."""
        clock.set_ahead(0)
        self.settings = Settings()
        self.credentials = Credentials(DEFAULT_CLIENTS)
        self.email = EmailAccount()
        self.sms = SmsAccount()
        self.privacy = PrivacyAccount()
        self.faults.clear()
        self.journal.clear()
        self.plant(self._starting_seed)
        self._started_at = clock.now()

    def horizon(self, lag: float) -> float:
        """The moment up to which reads show what happened, in seconds since the epoch, if they lag by so many seconds.

        What was there at the start is always seen.
        """
        return max(clock.now() - lag, self._started_at) if lag else math.inf

    def plant(self, seed: Mapping[str, Any]) -> None:
        """Add what ``seed`` describes to what is there. Raises ValueError, see ``__init__``."""
        unknown = set(seed) - _SEED_KEYS
        if unknown:
            known = ", ".join(sorted(_SEED_KEYS))
            raise ValueError(f"unknown key {sorted(unknown)[0]!r} in the seed; the known ones are {known}")
        if "clients" in seed:
            self.credentials.replace_clients([Client.parse(client) for client in seed["clients"]])
        self.settings = self.settings.changed(seed.get("settings", {}))
        for document in seed.get("lists", []):
            email_seed.plant_list(self.email, document)
        sms_seed.plant(self.sms, seed.get("sms", {}))


def simulator_of(request: Request) -> Simulator:
    return cast(Simulator, request.app.state.simulator)


def contact_horizon(request: Request) -> float:
    simulator = simulator_of(request)
    return simulator.horizon(simulator.settings.contact_lag_seconds)


def opt_out_horizon(request: Request) -> float:
    simulator = simulator_of(request)
    return simulator.horizon(simulator.settings.opt_out_lag_seconds)


def import_horizon(request: Request) -> float:
    simulator = simulator_of(request)
    return simulator.horizon(simulator.settings.import_lag_seconds)


def field_horizon(request: Request) -> float:
    simulator = simulator_of(request)
    return simulator.horizon(simulator.settings.field_lag_seconds)
