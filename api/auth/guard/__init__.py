"""Reading what a caller may see, and nothing else."""

from api.auth.guard.reader import GuardedReader

__all__ = ["GuardedReader"]
