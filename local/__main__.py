"""`python -m local up|demo|run`."""

import sys
from io import TextIOWrapper

from local.paths import CORE


def main() -> int:
    """Whoever interrupts while the commands are being loaded, which takes a second, gets no traceback."""
    sys.path.insert(0, str(CORE))  # `listrak_relay` is not installed anywhere, it is deployed from here
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # of a letter that the terminal has not, its number
    try:
        from local.command_line import main as run  # noqa: PLC0415 # it is what may be interrupted
    except KeyboardInterrupt:
        print("\nInterrupted before anything was started.", file=sys.stderr)
        return 130
    return run()


if __name__ == "__main__":
    sys.exit(main())
