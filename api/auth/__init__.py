"""Who asks, and what they may see: roles, keys, tokens, masked and scoped reading, the audit log."""

from api.auth.audit import AuditLog, Change
from api.auth.authentication import Authenticator, describe_challenge, open_authenticator
from api.auth.caller import CLEARANCE, Caller, Role
from api.auth.guard import GuardedReader
from api.auth.keys import ApiKey, add_key, list_keys, revoke_key
from api.auth.policy import Policy, list_visible
from api.auth.pseudonyms import Pseudonyms
from api.auth.secret import Secret
from api.auth.sightings import Sightings
from api.auth.tokens import WidgetTokens

__all__ = [
    "CLEARANCE",
    "ApiKey",
    "AuditLog",
    "Authenticator",
    "Caller",
    "Change",
    "GuardedReader",
    "Policy",
    "Pseudonyms",
    "Role",
    "Secret",
    "Sightings",
    "WidgetTokens",
    "add_key",
    "describe_challenge",
    "list_keys",
    "list_visible",
    "open_authenticator",
    "revoke_key",
]
