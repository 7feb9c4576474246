"""`python -m local.emulator --port N --ready-file PATH`: moto's server with what the local stack needs beyond it."""

from __future__ import annotations

import argparse
import logging
from pathlib import Path

from moto.core.config import default_user_config
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, MotoRequestHandler, create_backend_app
from werkzeug.serving import make_server

from local.emulator import (
    lookups,
    mappings,
    memory,
    move_tasks,
    queues,
    s3_notifications,
    schedules,
    state_machines,
    templates,
    thread_safety,
)
from local.emulator.authorization import Authorization
from local.emulator.invocations import Invocations
from local.emulator.message_state import MessageState
from local.permissions.decisions import DecisionFile


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m local.emulator", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--ready-file", type=Path, required=True, help="gets the address when it serves")
    parser.add_argument("--invoke-api", required=True, help="address of the stack's Invoke call")
    parser.add_argument("--decisions", type=Path, required=True, help="gets a line of JSON for each decision of IAM")
    parser.add_argument("--longest-retry", type=float, required=True, help="seconds, of a state's retries")
    arguments = parser.parse_args()

    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    default_user_config["lambda"] = {
        "use_docker": False
    }  # moto only keeps the functions; local.lambda_runtime runs them
    lookups.install()
    memory.install()
    s3_notifications.install()
    schedules.install()
    templates.install()
    mappings.install()
    queues.install()
    move_tasks.install(thread_safety.install())  # around all that changes queues
    moto_server = DomainDispatcherApplication(create_backend_app)
    invocations = Invocations(thread_safety.OneTableRequestAtATime(moto_server), arguments.invoke_api)
    application = MessageState(Authorization(invocations, DecisionFile(arguments.decisions)))
    server = make_server("127.0.0.1", arguments.port, application, threaded=True, request_handler=MotoRequestHandler)
    endpoint = f"http://127.0.0.1:{server.server_port}"
    state_machines.install(endpoint, arguments.longest_retry)

    written = arguments.ready_file.with_suffix(".part")
    written.write_text(f"{endpoint}\n")
    written.replace(arguments.ready_file)
    server.serve_forever()


if __name__ == "__main__":
    main()
