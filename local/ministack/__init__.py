"""The second emulator: MiniStack, which holds every call to the policies of the role that makes it."""
