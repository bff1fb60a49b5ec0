"""The command line: thin; every command's work is done by the room it belongs to."""

from netgain.cli.app import main

__all__ = ["main"]
