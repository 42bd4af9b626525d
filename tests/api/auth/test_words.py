"""What is refused is told in three languages."""

from __future__ import annotations

import pytest

from api.auth import Role
from api.auth.words import WORDS, translate
from schema import MotivoError
from tests.api.auth.conftest import NORTH, Guard


@pytest.mark.parametrize("language", ["es", "pt"])
def test_whatever_stands_in_braces_stays_as_it_is(language: str) -> None:
    names = ("what", "kind", "role", "key", "count")
    for english in WORDS:
        said = english.format(**dict.fromkeys(names, "Customer.e_mail {x} 'y'"))
        told = translate(said, language)
        assert said != told or said == english
        assert ("Customer.e_mail {x} 'y'" in said) is ("Customer.e_mail {x} 'y'" in told)
        assert translate(said, "en") == said
    assert translate("nobody has put this into another language", language) == (
        "nobody has put this into another language"
    )


def test_what_the_guard_refuses_is_told_in_the_language_of_who_asks(guard: Guard) -> None:
    asked = (
        (Role.ANALYST, {}, lambda reader: reader.lookup("Customer", "email", ["a@b.c"])),
        (Role.AGENT, {"rows": NORTH}, lambda reader: reader.history("Product", "fibre")),
        (Role.WIDGET, {"customer": "r1"}, lambda reader: reader.decisions("causes")),
        (Role.WIDGET, {"customer": "r1"}, lambda reader: reader.page("Product")),
        (Role.ANALYST, {}, lambda reader: reader.get("Customer", "nobody")),
    )
    for role, options, ask in asked:
        with pytest.raises(MotivoError) as refused:
            ask(guard(role, **options))
        for language in ("es", "pt"):
            assert translate(refused.value.message, language) != refused.value.message, refused.value
