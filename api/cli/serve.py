"""`motivo serve`: the graph over HTTP, for people and programs."""

from __future__ import annotations

import click

from api.cli.main import store_option
from api.cli.serve_words import SERVE_WORDS
from api.settings import read_auth_settings, read_service_settings, read_settings
from api.stores import open_graph


@click.command(short_help="Answer GraphQL over HTTP.")
@store_option
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen at.")
@click.option(
    "--port", default=8000, show_default=True, type=click.IntRange(0, 65535), help="Port to listen at."
)
@click.option("--dev", is_flag=True, help="Nobody has to sign in; answers this machine only.")
def serve(store: str, host: str, port: int, dev: bool) -> None:
    """Answer GraphQL over HTTP until it is stopped.

    /graphql answers queries; a browser finds GraphiQL there. Who asks shows a
    key (motivo key add) or a token.

    \b
    Examples:
      motivo serve --dev
      MOTIVO_SECRET=... motivo serve --store sqlite:///motivo.db --host 0.0.0.0
    """
    from api.service import bind, open_service
    from api.service import serve as run
    from graph import hide_password

    shared, settings, auth = read_settings(), read_service_settings(), read_auth_settings()
    graph = open_graph(store)
    try:
        app = open_service(graph, settings, auth, host=host, dev=dev, language=shared.language)
        listening = bind(host, port)
        shown = f"[{host}]" if ":" in host else host
        address = f"http://{shown}:{listening.getsockname()[1]}/graphql"
        words = SERVE_WORDS[shared.language]
        click.secho(
            words["serving"].format(store=hide_password(store), address=address), fg="green", err=True
        )
        if dev:
            click.secho(words["dev"], fg="yellow", err=True)
        run(app, settings, listening, debug=shared.debug)
    finally:
        graph.close()
