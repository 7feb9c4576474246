"""The delivery plan of a feed's run: the name of its file on the SFTP server."""

from __future__ import annotations

from dataclasses import dataclass

from listrak_relay.domain.delivery.plans import RunPlan


@dataclass(frozen=True, slots=True)
class FeedPlan(RunPlan):
    """``name``: the final name, chosen once.
    ``publishing``: the server may have been asked to give it (`ports.sftp.Publication`)."""

    name: str
    publishing: bool = False
