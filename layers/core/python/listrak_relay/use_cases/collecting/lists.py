"""Which lists there are to collect from."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from listrak_relay.domain.destinations.choices import Channel
from listrak_relay.domain.destinations.destinations import BUILT_IN, AudienceDestination, Destination
from listrak_relay.domain.lanes.lane import lane_of


def lists_of(
    destinations: Mapping[str, Destination], was_dropped_for: Callable[[str], bool]
) -> dict[str, AudienceDestination]:
    """Lane → a destination that goes to this list. A destination that nobody has configured counts as soon as a file
    was dropped for it: not every stack has both channels."""
    found: dict[str, AudienceDestination] = {}
    for name, destination in sorted(destinations.items()):
        lane = lane_of(destination)
        if lane is None or destination.channel is Channel.SFTP or lane in found:
            continue
        if destination != BUILT_IN.get(name) or was_dropped_for(name):
            found[lane] = destination
    return found
