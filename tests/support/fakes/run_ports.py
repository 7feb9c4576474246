"""The ports that several functions have, as fakes but for those that are given."""

from __future__ import annotations

from typing import Any

from listrak_relay.wiring.assembly.ports import RunPorts
from tests.support.fakes.clock import FakeClock
from tests.support.fakes.lanes import FakeLanes
from tests.support.fakes.ledger import FakeLedger
from tests.support.fakes.messaging import FakeQueue
from tests.support.fakes.person_hashes import FakePersonHashes
from tests.support.fakes.stores import FakeImportPaces, FakeObjectStore, FakePauses


def fake_run_ports(**given: Any) -> RunPorts:
    """``given``: by the names of `RunPorts`. A ledger that is not given has a clock of its own."""
    clock = FakeClock()
    fakes = RunPorts(
        ledger=FakeLedger(clock),
        lanes=FakeLanes(),
        pauses=FakePauses(),
        import_paces=FakeImportPaces(),
        store=FakeObjectStore(),
        person_hashes=FakePersonHashes(),
        clock=clock,
        close_queue=FakeQueue(),
    )
    return fakes._replace(**given)
