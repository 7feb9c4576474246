"""What Lambda hands a handler, as far as the handlers look at it."""

from aws_lambda_powertools.utilities.typing import LambdaContext


class Context(LambdaContext):
    def __init__(self, seconds: float = 900.0) -> None:
        self._function_name = "function"
        self._memory_limit_in_mb = 512
        self._invoked_function_arn = "arn:aws:lambda:us-east-1:123456789012:function:function"
        self._aws_request_id = "request-1"
        self._seconds = seconds

    def get_remaining_time_in_millis(self) -> int:  # type: ignore[override]
        return int(self._seconds * 1000)
