"""Environment → a dataclass for each function, in a module of its name; `environment` alone reads `os.environ`."""
