"""Random users of the explorer, in a real Chromium on the demo: errors, and whether undo leads back.

What the tests do with three of them (`tests/web/walks.py`), with as many as are wanted. Every walk is
another user: they find, expand, hide, pin, group, colour, filter, go back, change the language and reload;
then all is undone, and done again, and each state of the graph has to be what it was.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from tests.web.building import build_pages, find_chromium, make_demo
from tests.web.looks import HEAR_VIOLATIONS, Watch
from tests.web.serving import serving
from tests.web.walks import Walk


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--walks", type=int, default=3)
    parser.add_argument("--steps", type=int, default=12)
    parser.add_argument("--first", type=int, default=0, help="seed of the first one")
    given = parser.parse_args()
    from playwright.sync_api import sync_playwright

    wrong, steps, states = [], 0, 0
    with tempfile.TemporaryDirectory() as folder:
        build_pages(Path(folder) / "web.lock")
        store = f"sqlite:///{make_demo(Path(folder) / 'demo') / 'motivo.db'}"
        with serving(store, Path(folder)) as service, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=find_chromium(), args=["--no-sandbox"])
            for seed in range(given.first, given.first + given.walks):
                context = browser.new_context(reduced_motion="reduce")
                context.add_init_script(HEAR_VIOLATIONS)
                page = context.new_page()
                watch = Watch(service.url)
                watch.follow(page)
                page.goto(f"{service.url}#search")
                page.locator("m-search-tab").wait_for()
                walk = Walk(page, seed)
                try:
                    walk.walk(given.steps)
                    walk.undo_all()
                except Exception as error:
                    wrong.append(f"{walk}: {error}")
                wrong += [f"{walk}: {problem}" for problem in watch.problems]
                steps, states = steps + len(walk.told), states + len(walk.states)
                context.close()
            browser.close()
    print(f"{given.walks} walks of {steps} steps, {states} states undone and done again: {len(wrong)} errors")
    for one in wrong:
        print(f"  {one}")


if __name__ == "__main__":
    main()
