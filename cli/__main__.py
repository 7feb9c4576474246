"""`python -m cli`, the same as `listrak-relay`."""

from cli.main import main

if __name__ == "__main__":
    main()
