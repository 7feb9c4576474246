"""The whole of Listrak Relay on one machine: emulated AWS, the real template and handlers, a Listrak simulator."""

import sys
from pathlib import Path

# The simulator is a project of its own. Nobody needs to install it to have the stack.
sys.path.append(str(Path(__file__).resolve().parents[1] / "simulator"))
