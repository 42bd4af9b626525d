"""Who asks, and what they may see: roles, keys, tokens, masked and scoped reading, the audit log."""

from api.auth.caller import CLEARANCE, Caller, Role

__all__ = ["CLEARANCE", "Caller", "Role"]
