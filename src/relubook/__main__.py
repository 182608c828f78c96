"""`python -m relubook` is the command `relubook`."""

from relubook.cli import main

if __name__ == "__main__":
    main()
