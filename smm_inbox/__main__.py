"""Starts the program: ``python -m smm_inbox`` and the ``smm-inbox`` script."""

import sys

from smm_inbox.cli import main

if __name__ == "__main__":
    sys.exit(main())
