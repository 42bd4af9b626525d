"""The graph's canvas in Chromium: time a frame beside bare sigma, and what expanding 500 costs.

    python benchmarks/web_canvas.py [--nodes 1000 10000] [--rounds 5] [--store URL] [--json]

Frames: a random graph (three relationships for two nodes) is put on the explorer's canvas, and the very same
graph into a sigma with its own settings, in the same page and as large. Both are moved for 30 frames, by
turns. `frame_ms` is from frame to frame, `cpu_ms` what a frame costs the page's own thread; both the middle
of all rounds. Expanding: a product that many hold, from the click on "show the first 500" until they are
drawn; `cpu_ms` is what the page's thread works in that time. The layout has a worker of its own.

A graph is drawn by WebGL. Chromium without a graphics card draws it by SwiftShader, on the processor: times
of frames are those of a machine without any, and `renderer` says so. The pages have to be built (`make web`).
"""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import sys
import tempfile
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from playwright.sync_api import sync_playwright

from benchmarks.serving import make_demo, serving

TAB = "document.querySelector('m-app').shadowRoot.querySelector('m-search-tab')"
CANVAS = f"{TAB}.shadowRoot.querySelector('m-graph').canvas"
FRAMES = 30

FILL = """
([tab, count]) => {
  let seed = 42;
  const random = () => {
    seed ^= seed << 13; seed ^= seed >>> 17; seed ^= seed << 5; // xorshift
    return (seed >>> 0) / 4294967296;
  };
  const kinds = ["Customer", "Complaint", "Invoice", "Subscription", "Cause"];
  const nodes = Array.from({ length: count }, (_, n) => {
    return { id: `n${n}`, kind: kinds[n % 5], caption: `Node ${n}` };
  });
  const edges = Array.from({ length: count * 1.5 }, (_, n) => ({
    id: `e${n}`, type: "FILED", label: "filed",
    from: `n${Math.floor(random() * count)}`, to: `n${Math.floor(random() * count)}`,
  })).filter(({ from, to }) => from !== to);
  for (const { id } of nodes) tab.work.positions.set(id, { x: random() * 1000, y: random() * 1000 });
  tab.work.facts.add({ nodes, edges });
  tab.work.steps.take({ ...tab.work.scene, name: `bench${count}`, ids: new Set(nodes.map(({ id }) => id)) });
}
"""
# A sigma as it comes, with the same graph, above the canvas and as large.
BARE = """
(canvas) => {
  const { graph, sigma } = canvas.drawing;
  window.bare?.kill();
  document.querySelector("#bare")?.remove();
  const box = canvas.getBoundingClientRect();
  const stage = document.createElement("div");
  stage.id = "bare";
  Object.assign(stage.style, {
    position: "fixed", left: `${box.x}px`, top: `${box.y}px`,
    width: `${box.width}px`, height: `${box.height}px`,
  });
  document.body.append(stage);
  window.bare = new sigma.constructor(graph.copy(), stage);
  canvas.layout.stop();
  return [graph.order, graph.size];
}
"""
MOVE = """
async ([sigma, frames]) => {
  const frame = () => new Promise(requestAnimationFrame);
  const camera = sigma.getCamera();
  const times = [];
  await frame();
  let last = await frame();
  for (let n = 0; n < frames; n++) {
    camera.setState({ x: 0.5 + 0.1 * Math.sin(n / 5), y: 0.5 });
    const now = await frame();
    times.push(now - last);
    last = now;
  }
  return times;
}
"""
# Clicks, and tells how long it took until they were drawn, before the layout has said where they lie.
SHOW = """
(canvas) => new Promise((resolve) => {
  const { graph, sigma } = canvas.drawing;
  const begun = performance.now();
  canvas.layout.begin = () => undefined;
  const look = () => {
    if (graph.order <= 500) return;
    sigma.off("afterRender", look);
    resolve(performance.now() - begun);
  };
  sigma.on("afterRender", look);
  canvas.getRootNode().querySelector("m-crowd").shadowRoot.querySelector("button.main").click();
})
"""


def measure_page(session: Any) -> float:
    """Return the milliseconds that the page's own thread has worked."""
    metrics = session.send("Performance.getMetrics")["metrics"]
    return float(next(one["value"] for one in metrics if one["name"] == "TaskDuration")) * 1000


def measure_frames(page: Any, session: Any, count: int, rounds: int) -> dict[str, Any]:
    page.evaluate(f"([count]) => ({FILL})([{TAB}, count])", [count])
    page.wait_for_timeout(1500)
    order, size = page.evaluate(f"() => ({BARE})({CANVAS})")
    page.wait_for_timeout(1000)
    found: dict[str, dict[str, list[float]]] = {}
    for _ in range(rounds):
        for name, sigma in (("canvas", f"{CANVAS}.drawing.sigma"), ("bare sigma", "window.bare")):
            before = measure_page(session)
            times = page.evaluate(f"() => ({MOVE})([{sigma}, {FRAMES}])")
            spent = (measure_page(session) - before) / FRAMES
            of = found.setdefault(name, {"frame_ms": [], "cpu_ms": []})
            of["frame_ms"].append(statistics.median(times))
            of["cpu_ms"].append(spent)
    middle = {
        name: {what: round(statistics.median(values), 2) for what, values in of.items()}
        for name, of in found.items()
    }
    page.evaluate("() => { window.bare.kill(); document.querySelector('#bare').remove(); }")
    return {
        "nodes": order,
        "lines": size,
        **middle,
        "ratio": {
            what: round(middle["canvas"][what] / middle["bare sigma"][what], 2)
            for what in ("frame_ms", "cpu_ms")
        },
    }


def measure_expansion(page: Any, session: Any, address: str, product: str, rounds: int) -> dict[str, Any]:
    costs, times = [], []
    for number in range(rounds):
        page.goto(f"{address}/?{number}#search?show={product}&at={product}")
        page.evaluate("localStorage.clear()")
        page.locator("m-node-panel").get_by_role("button", name="Expand", exact=True).click()
        page.locator("m-crowd button.main").wait_for()
        page.wait_for_timeout(500)
        before = measure_page(session)
        times.append(page.evaluate(f"() => ({SHOW})({CANVAS})"))
        costs.append(measure_page(session) - before)
    return {"cpu_ms": round(statistics.median(costs), 1), "ms": round(statistics.median(times), 1)}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--nodes", type=int, nargs="+", default=[1000])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--store", help="URL of a demo company's store, instead of a new one")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        print("there is no Chromium: apt-get install chromium")
        return
    with tempfile.TemporaryDirectory() as made, sync_playwright() as playwright:
        folder = Path(made)
        with serving(arguments.store or make_demo(folder), folder) as service:
            browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
            context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="en-GB")
            context.add_init_script(f"sessionStorage.setItem('motivo.token', '{service.key}')")
            page = context.new_page()
            session = context.new_cdp_session(page)
            session.send("Performance.enable", {"timeDomain": "threadTicks"})
            address = f"http://127.0.0.1:{service.port}"
            product = "UHJvZHVjdApGSUIzMDA"  # Fibra 300
            found: dict[str, Any] = {
                "renderer": "",
                "expand_500": measure_expansion(page, session, address, product, arguments.rounds),
            }
            found["renderer"] = page.evaluate(
                """() => {
                  const gl = document.createElement("canvas").getContext("webgl2");
                  const about = gl.getExtension("WEBGL_debug_renderer_info");
                  return gl.getParameter(about.UNMASKED_RENDERER_WEBGL);
                }"""
            )
            found["frames"] = [
                measure_frames(page, session, count, arguments.rounds) for count in arguments.nodes
            ]
            browser.close()
    print(json.dumps(found) if arguments.json else json.dumps(found, indent=2))


if __name__ == "__main__":
    main()
