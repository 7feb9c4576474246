"""`python -m local up|demo|run`."""

import sys

from local.paths import CORE

if __name__ == "__main__":
    sys.path.insert(0, str(CORE))  # `listrak_relay` is not installed anywhere, it is deployed from here
    from local.command_line import main

    sys.exit(main())
