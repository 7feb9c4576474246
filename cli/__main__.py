"""`python -m cli`, the same as `listrak-relay`."""

import sys
from io import TextIOWrapper


def main() -> None:
    """Whoever interrupts while the commands are being loaded, which takes a second, gets no traceback."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # of a letter that the terminal has not, its number
    try:
        from cli.main import main as run  # noqa: PLC0415 - it is what may be interrupted
    except KeyboardInterrupt:
        print("error: interrupted", file=sys.stderr)
        sys.exit(130)
    run()


if __name__ == "__main__":
    main()
