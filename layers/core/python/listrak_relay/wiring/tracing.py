"""Whether invocations are traced."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from listrak_relay.adapters.aws.tracing import traced
from listrak_relay.settings.shared import tracing_is_on

Handler = Callable[[dict[str, Any], LambdaContext], Any]


def traced_if_wanted(handler: Handler) -> Handler:
    """``handler`` itself unless the stack's setting ``Tracing`` is ``Active``."""
    return traced(handler) if tracing_is_on() else handler
