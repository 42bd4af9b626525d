"""The one error family of Motivo.

    MotivoError                 exit  http
    ├── UsageError               2    400   the command or call itself is wrong
    ├── InputError               3    422   a file, row or project file is wrong
    │   ├── ProjectError         3    422   the project file, with its line
    │   └── SourceError          3    422   a source that cannot be read
    ├── StoreError               4    503   the store cannot be reached or used
    ├── NotFoundError            5    404   what was asked for is not there
    ├── RefusedError             6    403   possible, but not allowed
    │   └── AuthenticationError  6    401   it is not known who asks, or no longer
    ├── MissingExtraError        7    501   needs an optional part that is not installed
    ├── ServiceError             8    502   a service that Motivo asks does not answer as it must
    ├── OvertimeError            9    504   it takes longer than it may
    └── LimitError               10   429   it asks for more than one may

Each class carries `code` (stable, for programs), `exit_code` (for the shell) and `http_status`
(for services). The message says what is wrong; `hint` says what to do about it.
"""

from __future__ import annotations


class MotivoError(Exception):
    """The root of the family; raise one of its children."""

    code = "error"
    exit_code = 1
    http_status = 500

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} ({self.hint})" if self.hint else self.message


class UsageError(MotivoError):
    """The command or the call itself is wrong."""

    code = "usage"
    exit_code = 2
    http_status = 400


class InputError(MotivoError):
    """Something that was given to read is wrong."""

    code = "bad_input"
    exit_code = 3
    http_status = 422


class ProjectError(InputError):
    """The project file is wrong. The message starts with `file:line`."""

    code = "bad_project"


class SourceError(InputError):
    """A source cannot be read, or not as the project file says."""

    code = "bad_source"


class StoreError(MotivoError):
    """The store cannot be reached, or what it holds cannot be used."""

    code = "store_unreachable"
    exit_code = 4
    http_status = 503


class NotFoundError(MotivoError):
    """What was asked for is not in the store."""

    code = "not_found"
    exit_code = 5
    http_status = 404


class RefusedError(MotivoError):
    """The request is understood, and is not allowed."""

    code = "refused"
    exit_code = 6
    http_status = 403


class AuthenticationError(RefusedError):
    """Who asks has not said who they are, or may be so no longer."""

    code = "unauthenticated"
    http_status = 401


class MissingExtraError(MotivoError):
    """An optional part is not installed."""

    code = "missing_extra"
    exit_code = 7
    http_status = 501

    def __init__(self, extra: str, purpose: str) -> None:
        super().__init__(f"{purpose} needs the extra '{extra}'", hint=f"pip install 'motivo[{extra}]'")
        self.extra = extra


class ServiceError(MotivoError):
    """A service outside, which was named in settings, cannot be reached or does not answer as it must."""

    code = "service_failed"
    exit_code = 8
    http_status = 502


class OvertimeError(MotivoError):
    """An answer takes longer than it may; the work on it has ended."""

    code = "overtime"
    exit_code = 9
    http_status = 504


class LimitError(MotivoError):
    """More is asked for than one may: too much at once, or too often."""

    code = "over_limit"
    exit_code = 10
    http_status = 429
