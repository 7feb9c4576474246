"""`python -m cli`, the same as `listrak-relay`."""

import sys


def main() -> None:
    """Whoever interrupts while the commands are being loaded, which takes a second, gets no traceback."""
    try:
        from cli.main import main as run  # noqa: PLC0415 - it is what may be interrupted
    except KeyboardInterrupt:
        print("error: interrupted", file=sys.stderr)
        sys.exit(130)
    run()


if __name__ == "__main__":
    main()
