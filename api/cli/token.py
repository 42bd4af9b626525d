"""`motivo token`: a widget token, by which a page may show one customer for some minutes."""

from __future__ import annotations

import click

from api.cli.auth_words import AUTH_WORDS
from api.cli.main import json_option, language_option, store_option
from api.cli.output import print_json, say, say_plain
from api.settings import read_auth_settings
from api.stores import open_graph


@click.command(short_help="Make a token by which a page may show one customer.")
@click.option(
    "--customer", required=True, metavar="ID", help="Key of the customer, or of one of its records."
)
@click.option(
    "--audience", required=True, metavar="ORIGIN", help="Origin of the page: https://crm.example.com."
)
@click.option(
    "--minutes", type=click.IntRange(1, 10), default=10, show_default=True, help="For how long it is good."
)
@store_option
@language_option
@json_option
def token(customer: str, audience: str, minutes: int, store: str, lang: str, as_json: bool) -> None:
    """Make a widget token: pages of one origin may show one customer with it, for 10 minutes at most.

    It is made under MOTIVO_SECRET, which has to be that of the service.

    \b
    Examples:
      motivo token --customer C17 --audience https://crm.example.com
      motivo token --customer C17 --audience http://localhost:8080 --minutes 2 --json
    """
    from api.auth import Pseudonyms, Secret, WidgetTokens
    from schema import CUSTOMER

    secret = Secret(read_auth_settings().secret)
    graph = open_graph(store)
    try:
        reader = graph.reader()
        known = reader.get(CUSTOMER, reader.customers_of([customer]).get(customer, customer))
    finally:
        graph.close()
    made = WidgetTokens(secret, Pseudonyms(secret)).issue(known.key, audience, minutes=minutes)
    if as_json:
        print_json(
            {
                "token": made.token,
                "customer": known.key,
                "audience": made.audience,
                "expires_at": made.expires_at,
            }
        )
        return
    shown = AUTH_WORDS[lang]["token"].format(
        customer=known.key, audience=made.audience, moment=made.expires_at
    )
    say(shown, "green")
    say_plain(made.token)
