"""What it takes until the causes are there: bytes that are fetched, and seconds on a slow processor.

    python benchmarks/web.py [--store FILE] [--times 9] [--throttle 4] [--json]

Serves a demo's company, or the store in FILE (which gets a key), and opens the explorer in Chromium, each
time anew with nothing cached. The root causes were found before, as they are wherever somebody has looked
since the last ingest. Seconds are from the beginning of the navigation to the frame in which the list is
drawn, with the processor of the page slowed down (of Chromium, not of the service); bytes are those that came
over the wire until then, with their headers. Aims stand beside them.
"""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import tempfile
import urllib.request
from pathlib import Path
from typing import Any

from benchmarks.serving import make_demo, serving

BYTES = 120_000
SECONDS = 1.5
# Notes when the first card is drawn: in the frame after it is there.
WATCH = """
addEventListener("DOMContentLoaded", () => {
  const note = () => (document.documentElement.dataset.drawn = performance.now());
  const look = () => {
    const inside = (element, name) => element?.shadowRoot?.querySelector(name);
    const causes = inside(document.querySelector("m-app"), "m-causes");
    if (inside(causes, "article")) requestAnimationFrame(note);
    else requestAnimationFrame(look);
  };
  look();
});
"""


def find_causes(port: int, key: str) -> int:
    """Have the root causes found and kept; return how many there are."""
    body = json.dumps({"query": "{ rootCauses { nodes { id } } }"}).encode()
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {key}"}
    asked = urllib.request.Request(f"http://127.0.0.1:{port}/graphql", body, headers)
    with urllib.request.urlopen(asked, timeout=120) as answer:
        return len(json.load(answer)["data"]["rootCauses"]["nodes"])


def open_page(browser: Any, url: str, key: str, throttle: float) -> tuple[float, dict[str, int]]:
    """Open the explorer, nothing cached; return the seconds until the list, and the bytes of each address."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    context.add_init_script(f"sessionStorage.setItem('motivo.token', '{key}');{WATCH}")
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Emulation.setCPUThrottlingRate", {"rate": throttle})
    addresses: dict[str, str] = {}
    came: dict[str, int] = {}
    session.on("Network.requestWillBeSent", lambda e: addresses.update({e["requestId"]: e["request"]["url"]}))

    def end(event: dict[str, Any]) -> None:
        address = addresses[event["requestId"]].removeprefix(url)
        came[address] = came.get(address, 0) + int(event["encodedDataLength"])

    session.on("Network.loadingFinished", end)
    page.goto(url)
    page.wait_for_selector("html[data-drawn]", state="attached", timeout=120_000)
    found = dict(came)
    seconds = float(page.evaluate("document.documentElement.dataset.drawn")) / 1000
    context.close()
    return seconds, found


def measure(store: str, folder: Path, times: int, throttle: float) -> dict[str, float]:
    """Return what is measured on a store."""
    from playwright.sync_api import sync_playwright

    chromium = next(found for name in ("chromium", "google-chrome") if (found := shutil.which(name)))
    with serving(store, folder) as service, sync_playwright() as playwright:
        causes = find_causes(service.port, service.key)
        url = f"http://127.0.0.1:{service.port}"
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        opened = [open_page(browser, url, service.key, throttle) for _ in range(times)]
        browser.close()
    seconds = sorted(one for one, _ in opened)
    came = max((one for _, one in opened), key=lambda one: sum(one.values()))
    data = sum(size for address, size in came.items() if address.startswith("/graphql"))
    return {
        "root causes": causes,
        "code, bytes": sum(came.values()) - data,
        "all until the list, bytes": sum(came.values()),
        "list, s, median": statistics.median(seconds),
        "list, s, least": seconds[0],
        "list, s, most": seconds[-1],
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--store", type=Path, help="a store that is there")
    parser.add_argument("--times", type=int, default=9, help="how often the page is opened")
    parser.add_argument("--throttle", type=float, default=4.0, help="how many times slower its processor is")
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        store = f"sqlite:///{chosen.store.resolve()}" if chosen.store else make_demo(folder)
        results = measure(store, folder, chosen.times, chosen.throttle)
    if chosen.json:
        print(json.dumps(results))
        return
    aims = {"all until the list, bytes": BYTES, "list, s, median": SECONDS}
    for name, value in results.items():
        aim = f"   aim {aims[name]:,}" if name in aims else ""
        print(f"{name.ljust(28)}{value:>10,.{2 if ', s' in name else 0}f}{aim}")


if __name__ == "__main__":
    main()
