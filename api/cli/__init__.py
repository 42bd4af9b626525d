"""The command line."""

from api.cli.main import main, motivo

__all__ = ["main", "motivo"]
