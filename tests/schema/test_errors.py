"""The error family: one root, stable codes, all of it drawn in the docstring."""

from __future__ import annotations

import re

import pytest

from schema import errors
from schema.errors import InputError, MissingExtraError, MotivoError, ProjectError, SourceError

FAMILY = [e for e in vars(errors).values() if isinstance(e, type) and issubclass(e, MotivoError)]
DRAWN = {
    name: (int(exit_code), int(status))
    for name, exit_code, status in re.findall(r"── (\w+)\s+(\d+)\s+(\d+)", errors.__doc__ or "")
}


def test_codes_are_unique() -> None:
    codes = [e.code for e in FAMILY]
    assert len(set(codes)) == len(codes)
    assert all(re.fullmatch(r"[a-z_]+", code) for code in codes)


def test_every_error_is_drawn_with_its_numbers() -> None:
    assert {e.__name__: (e.exit_code, e.http_status) for e in FAMILY if e is not MotivoError} == DRAWN


def test_kinds_of_error_leave_the_shell_by_their_own_codes() -> None:
    direct = [e for e in FAMILY if e.__base__ is MotivoError]
    assert len({e.exit_code for e in direct}) == len(direct)
    assert all(e.exit_code not in (0, 1) for e in direct)
    assert issubclass(ProjectError, InputError)
    assert issubclass(SourceError, InputError)


@pytest.mark.parametrize("error", [e for e in FAMILY if e is not errors.MissingExtraError])
def test_an_error_says_what_is_wrong_and_what_to_do(error: type[MotivoError]) -> None:
    assert str(error("it broke")) == "it broke"
    told = error("it broke", hint="mend it")
    assert (told.message, told.hint, str(told)) == ("it broke", "mend it", "it broke (mend it)")


def test_a_missing_extra_names_how_to_install_it() -> None:
    error = MissingExtraError("spark", "bulk work")
    assert error.extra == "spark"
    assert str(error) == "bulk work needs the extra 'spark' (pip install 'motivo[spark]')"
