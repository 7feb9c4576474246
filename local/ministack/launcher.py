"""`python -m local.ministack.launcher …`: MiniStack's server. Runs in an environment of its own, since MiniStack pins
versions of libraries that the project has in others; `local.ministack.start` starts it.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import socket
from pathlib import Path

LOOPBACK = "127.0.0.1"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m local.ministack.launcher", description=__doc__)
    parser.add_argument("--ready-file", type=Path, required=True, help="gets the address when it serves")
    parser.add_argument("--decisions", type=Path, required=True, help="gets a line of JSON for each decision of IAM")
    parser.add_argument("--certificate", type=Path, required=True, help="PEM, of the address")
    parser.add_argument("--key", type=Path, required=True, help="PEM, of the certificate")
    parser.add_argument("--python", required=True, help="interpreter of the functions")
    arguments = parser.parse_args()

    listening = socket.create_server((LOOPBACK, 0))
    port = listening.getsockname()[1]
    os.environ.pop("PYTHONPATH", None)  # ours; functions inherit the environment
    os.environ |= {
        "AUTH": "true",
        "GATEWAY_PORT": str(port),
        "MINISTACK_HOST": LOOPBACK,
        "USE_SSL": "1",
        "MINISTACK_SSL_CERT": str(arguments.certificate),
        "MINISTACK_SSL_KEY": str(arguments.key),
        "AWS_ENDPOINT_URL": f"https://{LOOPBACK}:{port}",
        "AWS_CA_BUNDLE": str(arguments.certificate),
    }
    from local.ministack import mending  # noqa: PLC0415 # MiniStack reads its environment when it is imported

    mending.install(arguments.python, arguments.decisions)
    written = arguments.ready_file.with_suffix(".part")
    written.write_text(os.environ["AWS_ENDPOINT_URL"] + "\n")
    # The socket listens already: whoever connects from now on waits in its queue until the server is up.
    written.replace(arguments.ready_file)
    asyncio.run(mending.serve(listening, arguments.certificate, arguments.key))


if __name__ == "__main__":
    main()
