"""Environment → one frozen dataclass per function. The only reader of `os.environ` in this package."""
