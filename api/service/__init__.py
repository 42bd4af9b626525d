"""The GraphQL service over HTTP: the application, its layers, its server."""

from api.service.app import create_app
from api.service.parts import Parts
from api.service.server import bind, make_server, serve
from api.service.wiring import open_parts, open_service

__all__ = ["Parts", "bind", "create_app", "make_server", "open_parts", "open_service", "serve"]
