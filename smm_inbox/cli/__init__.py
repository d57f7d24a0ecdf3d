"""The command line: ``smm-inbox`` and its commands; everything heavy is loaded by the command."""

from .entry import main

__all__ = ["main"]
