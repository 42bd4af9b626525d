"""Root causes on planted truth, beside what others do.

    python -m benchmarks.rootcauses [--full] [--errors] [--seed 9000]

A planted cause is "shown" by the data where its likelihood ratio, units of the other causes left out,
exceeds its description price by ln 100; no method can find the others reliably. Small by default.
"""

from __future__ import annotations

import argparse

from benchmarks.rootcauses import anchors, categories, engine, tables
from benchmarks.rootcauses.planted import HEADINGS, Tally


def show(name: str, tally: Tally, errors: bool) -> None:
    print(f"{name:42} | {tally.row()}", flush=True)
    for line in tally.errors if errors else ():
        print("    ", line)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--full", action="store_true", help="20 tables a row, 100 null tables, 2M rows")
    parser.add_argument("--errors", action="store_true", help="name what was missed and what was false")
    parser.add_argument("--seed", type=int, default=9000)
    chosen = parser.parse_args()
    full, seed, units = chosen.full, chosen.seed, 200_000
    many = 20 if full else 3
    print(" " * 43 + "|" + HEADINGS.replace("\n", "\n" + " " * 43 + "|"))
    for lift, wrong in categories.SETTINGS:
        cells = f", {wrong:.0%} of cells wrong" if wrong else ""
        for copy in (False, True):
            name = f"lift {lift:.0f}{cells}{', a near-copy' if copy else ''}"
            found = engine.measure_categories(seed, many, units, lift=lift, wrong=wrong, copy=copy)
            show(name, found, chosen.errors)
    numbers = engine.measure_categories(
        seed, max(2, many // 4), units, lift=5, wrong=0, numbers=True, copy=False
    )
    show("lift 5, the same as whole numbers", numbers, chosen.errors)
    show("every type, 24 columns, lift 4", engine.measure_mixed(seed, many, units), chosen.errors)
    trials = [categories.plant(seed + i, units=units, lift=5.0, wrong=0.0) for i in range(min(5, many))]
    for name, method in anchors.list_methods().items():
        if method is None:
            print(f"{name:42} | not installed")
        else:
            show(name, anchors.measure(method, trials), chosen.errors)
    nulls = 100 if full else 5
    for law in ("yes or no", "clustered counts"):
        print(f"null tables, {law}: {engine.count_alarms(seed, nulls, 20_000, law)} of {nulls} with any")
    pairs = 20 if full else 6
    print(f"proxy pairs: {engine.count_proxies(seed, pairs, units)} of {pairs} name the causal feature")
    grown = engine.measure_growth(seed, (200_000, 2_000_000) if full else (200_000,))
    print("; ".join(f"{size:,} x 8: {seconds:.2f} CPU s" for size, seconds in grown))
    for title, explain in (("churn", tables.explain_churn), ("tweets", tables.explain_tweets)):
        if not tables.DATA.is_dir():
            print(f"{title}: not run, no data folder (MOTIVO_DATA)")
            continue
        print(title, *tables.spell(explain()), sep="\n    ")


if __name__ == "__main__":
    main()
