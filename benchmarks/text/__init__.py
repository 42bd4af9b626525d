"""How right, how alike and how fast extractors are: `python -m benchmarks.text --help`."""
