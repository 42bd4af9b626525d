"""Train the vector model of the package on the corpus, calibrate it, and write it.

    python -m ingest.text.learning [--outside X] [--reject-below P] [--out MODEL.npz]
    python -m ingest.text.learning --calibrate-only MODEL.npz

Training needs the extra `train`, and some half an hour on two cores; calibrating takes a minute or two.
All figures are of the block of the corpus that is held out.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from ingest.text.learning.calibration import Calibration, Reliability
from ingest.text.learning.package import calibrate_on_corpus, train_model
from ingest.text.vector_model import FILE, VectorModel, read_vector_model, save_vector_model

LO, HI = 4, 10  # the layers that are trained: lower ones read words, higher ones hold what e5 was made for


def main(arguments: Sequence[str] | None = None) -> None:
    """Train unless told otherwise, calibrate, print, write."""
    parser = argparse.ArgumentParser(prog="python -m ingest.text.learning", description=__doc__)
    parser.add_argument("--calibrate-only", type=Path, metavar="MODEL.npz", help="a model trained already")
    parser.add_argument("--outside", type=float, help="default: the best by span F1")
    parser.add_argument("--reject-below", type=float, help="default: what gains most on the block held out")
    parser.add_argument("--out", type=Path, default=Path(__file__).parents[1] / FILE)
    parser.add_argument("--layers", type=int, nargs=2, default=(LO, HI), metavar=("LO", "HI"))
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--texts", type=int, help="calibrate on so many at most, for a trial")
    options = parser.parse_args(arguments)
    if options.calibrate_only:
        model = read_vector_model(options.calibrate_only)
    else:
        lo, hi = options.layers
        model = _train(lo, hi, options.epochs)
    done = calibrate_on_corpus(model, options.outside, options.texts, options.reject_below)
    save_vector_model(done.model, options.out)
    sys.stdout.write(describe_calibration(done))
    sys.stdout.write(f"{options.out}, {options.out.stat().st_size:,} bytes, {done.model.digest()[:12]}\n")


def _train(lo: int, hi: int, epochs: int) -> VectorModel:
    from ingest.text.learning.layers import require_torch

    require_torch()
    from ingest.text.learning.fitting import Recipe

    return train_model(Recipe(epochs=epochs), lo, hi, _report)


def _report(step: int, steps: int) -> None:
    if step % 100 == 0 or step == steps:
        sys.stderr.write(f"step {step} of {steps}\n")


def describe_calibration(done: Calibration) -> str:
    """Lay out scores and reliability as text."""
    settings = done.model.settings
    lines = [f"scores by `outside`; {settings.outside} is taken"]
    names = list(next(iter(done.scores.values())).to_dict())
    lines.append("  ".join(["outside", *names]))
    for outside, scores in sorted(done.scores.items()):
        cells = (
            f"{value:.3f}" if name != "texts" else str(value) for name, value in scores.to_dict().items()
        )
        lines.append("  ".join([f"{outside:7.2f}", *map(str.rjust, cells, map(len, names))]))
    for name, table in done.reliability.items():
        errors = [Reliability.measure_error(bins) for bins in (table.before, table.after)]
        lines.append(f"{name}: expected calibration error {errors[0]:.3f} before, {errors[1]:.3f} after")
        lines += ["  " + _describe_bin(*bin_) for bin_ in table.after]
    lines.append(
        f"complaint {settings.complaint}, span {settings.span}, temperature {settings.temperature}, "
        f"reject below {settings.reject_below}"
    )
    return "\n".join(lines) + "\n"


def _describe_bin(*bin_: float) -> str:
    share, confidence, right = bin_
    return f"{share:6.1%} of all, told {confidence:.2f}, right {right:.2f} {'#' * round(right * 40)}"


if __name__ == "__main__":
    main()
