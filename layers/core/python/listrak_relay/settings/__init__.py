"""Environment → one frozen dataclass per function. `environment.py` alone reads `os.environ`."""
