"""The command ``listrak-simulator``: see README.md."""

import argparse
import json
import re
import sys
from pathlib import Path

from listrak_simulator.app import build_app
from listrak_simulator.server import serve
from listrak_simulator.simulator import Simulator

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9 _-]{0,29}")


def main() -> int:
    parser = argparse.ArgumentParser(prog="listrak-simulator", description="A stand-in for Listrak.")
    parser.add_argument("--port", type=int, default=0, help="0, the default, takes a free one")
    parser.add_argument("--ready-file", type=Path, metavar="PATH", help="gets the URL as soon as the server answers")
    parser.add_argument("--seed", type=Path, metavar="FILE", help="JSON with lists, clients and settings to start from")
    parser.add_argument(
        "--folder", type=_folder, action="append", default=[], metavar="NAME=PATH", help="shown on the pages, too"
    )
    options = parser.parse_args()
    try:
        seed = json.loads(options.seed.read_text("utf-8")) if options.seed else None
        simulator = Simulator(seed, dict(options.folder))
    except (OSError, ValueError, TypeError, KeyError) as error:
        print(f"the seed file {options.seed} cannot be used: {error}", file=sys.stderr)
        return 2
    serve(build_app(simulator), options.port, options.ready_file)
    return 0


def _folder(text: str) -> tuple[str, Path]:
    name, _, path = text.partition("=")
    if not _NAME.fullmatch(name) or not path:
        raise argparse.ArgumentTypeError(f"{text!r} must be NAME=PATH, the name of letters, digits, spaces, - and _")
    return name, Path(path)


if __name__ == "__main__":
    sys.exit(main())
