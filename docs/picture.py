"""Draw `causes.svg`, the picture of the README: what `motivo demo` prints, from a real run.

.venv/bin/python docs/picture.py
"""

from __future__ import annotations

import io
import re
import tempfile
from pathlib import Path

from rich._export_format import CONSOLE_SVG_FORMAT
from rich.console import Console
from rich.terminal_theme import MONOKAI

from algorithms import find_causes
from api.cli import causes, output
from api.demo import generate_company
from graph import open_store
from ingest import ingest, load_project

PICTURE = Path(__file__).with_name("causes.svg")
# The fonts that rich names are fetched from the network; the reader's own do.
TEMPLATE = re.sub(r"@font-face \{\{.*?\}\}\s*", "", CONSOLE_SVG_FORMAT, flags=re.DOTALL).replace(
    "Fira Code", "DejaVu Sans Mono"
)


def main() -> None:
    """Run the demo in a folder of its own, and draw what it prints."""
    recorder = Console(record=True, width=118, file=io.StringIO(), force_terminal=True, highlight=False)
    output.console = lambda: recorder
    with tempfile.TemporaryDirectory() as folder:
        generate_company(Path(folder))
        store = open_store(f"sqlite:///{folder}/motivo.db")
        ingest(load_project(Path(folder) / "motivo.yaml"), store)
        found = find_causes(store.reader())
        store.close()
    causes.print_overview(found, "en")
    for cause in found.root_causes[:2]:
        causes.print_finding(cause, "en")
    svg = recorder.export_svg(title="motivo demo", theme=MONOKAI, code_format=TEMPLATE, unique_id="motivo")
    PICTURE.write_text(svg, "utf-8")


if __name__ == "__main__":
    main()
