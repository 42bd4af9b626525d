"""What the graph tells, as fields: root causes, aggregates, jobs, changes, what can be waited for."""
