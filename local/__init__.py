"""The whole of Listrak Relay on one machine: emulated AWS, the real template and handlers, a Listrak simulator."""
