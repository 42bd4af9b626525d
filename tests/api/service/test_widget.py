"""Whose pages may have the widget in a frame."""

from __future__ import annotations

import pytest

from api.service.widget import HERE, read_frames
from schema import UsageError


def test_origins_are_written_as_policies_have_them() -> None:
    given = (
        " HTTPS://CRM.example.com/ ",
        "https://*.zendesk.com",
        "https://crm.example.com:8443",
        "http://localhost:*",
    )
    read = (
        "https://crm.example.com",
        "https://*.zendesk.com",
        "https://crm.example.com:8443",
        "http://localhost:*",
    )
    assert read_frames(given) == read
    assert read_frames((*given, given[0])) == read
    assert read_frames(()) == ()
    assert read_frames((), dev=True) == HERE
    assert read_frames(("https://crm.example.com",), dev=True) == ("https://crm.example.com", *HERE)


@pytest.mark.parametrize(
    "text",
    [
        "*",
        "https://*",
        "https:",
        "crm.example.com",
        "http://crm.example.com",
        "https://crm.example.com/path",
        "https://crm.example.com; script-src *",
        "https://crm.example.com https://other.example.com",
        "https://a.*.example.com",
        "https://user@crm.example.com",
        "javascript:alert(1)",
        "'unsafe-inline'",
        "https://crm.example.com\nX: y",
        "",
    ],
)
def test_what_is_no_origin_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="MOTIVO_FRAMES"):
        read_frames((text,))
