"""The published error codes, each with the status and message of the published samples."""


class ApiError(Exception):
    """An answer of the form ``{"status", "error", "message"}``."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.message = message


def invalid_parameter(name: str) -> ApiError:
    return ApiError(400, "ERROR_INVALID_PARAMETER", f"An invalid value was supplied for {name}.")


def refused(code: str, message: str) -> ApiError:
    """A rule of the resource itself said no. The published routes declare 400 for all of these codes."""
    return ApiError(400, code, message)


def not_located(*parameters: str) -> ApiError:
    names = " and ".join(parameters)
    if len(parameters) > 2:  # noqa: PLR2004  a list of three takes commas, as in the published samples
        names = ", ".join(parameters[:-1]) + f", and {parameters[-1]}"
    return ApiError(
        404, "ERROR_UNABLE_TO_LOCATE_RESOURCE", f"Unable to locate a resource associated with the {names} supplied."
    )


def number_not_found() -> ApiError:
    return refused("ERROR_PHONE_NUMBER_NOT_FOUND", "The phone number does not exist on the sender code.")


def too_many_calls() -> ApiError:
    return ApiError(429, "ERROR_TOO_MANY_REQUESTS", "Too many requests were made.")


def unauthorized() -> ApiError:
    return ApiError(401, "ERROR_UNAUTHORIZED", "Authorization was denied for this request.")


def invalid_credentials() -> ApiError:
    return ApiError(400, "ERROR_INVALID_CREDENTIALS", "The client credentials supplied are invalid.")


def malformed_body() -> ApiError:
    return ApiError(400, "ERROR_MALFORMED_REQUEST_BODY", "The request body is not valid JSON.")


def unsupported_content_type(expected: str) -> ApiError:
    return ApiError(415, "ERROR_UNSUPPORTED_CONTENT_TYPE", f"The Content-Type of this request must be {expected}.")


def unsupported_method() -> ApiError:
    return ApiError(405, "ERROR_UNSUPPORTED_METHOD", "The route does not support the requested method.")


def unknown_route() -> ApiError:
    return ApiError(404, "ERROR_UNKNOWN_ROUTE", "The route supplied does not exist.")


def unsafe_route() -> ApiError:
    return ApiError(400, "ERROR_UNSAFE_ROUTE", "An invalid character was supplied in the route.")


def unhandled() -> ApiError:
    return ApiError(500, "ERROR_UNHANDLED_EXCEPTION", "An unexpected error occurred.")
