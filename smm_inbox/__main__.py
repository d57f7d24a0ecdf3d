"""Starts the program: ``python -m smm_inbox`` and the ``smm-inbox`` script."""

import gc
import sys

# Start-up makes many objects and hardly any garbage: looking for it costs a good part of the time
# to the first frame. The screen after it, and every longer command, switch it on again.
gc.disable()

from smm_inbox.cli import main  # noqa: E402

if __name__ == "__main__":
    sys.exit(main())
