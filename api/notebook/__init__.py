"""The graph in a notebook: one import opens a store and gives frames of anything in it."""

from __future__ import annotations

from api.notebook.frame import Frame
from api.notebook.graph import Graph, open_graph

__all__ = ["Frame", "Graph", "open_graph"]
