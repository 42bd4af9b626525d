"""The Neo4j store: one graph, shared by many. `graph.open_store` opens it, where the driver is installed."""

__all__: list[str] = []
