"""Train the lexical model on the corpus and write it beside this file.

    python -m ingest.text.train

Takes two or three minutes. The model's version is a digest of all that is in it.
"""

from __future__ import annotations

import sys
from hashlib import sha256
from pathlib import Path

from ingest.text.calibration import calibrate, predict_held_out
from ingest.text.model import LexicalModel, save_model
from ingest.text.training import (
    Corpus,
    fit_causes,
    fit_complaint,
    fit_tagger,
    list_labels,
    read_corpus,
)


def fit_model(corpus: Corpus) -> tuple[LexicalModel, dict[str, float]]:
    """Fit the whole model; gives it with its figures on held-out blocks."""
    labels = list_labels(corpus)
    settings, figures = calibrate(predict_held_out(corpus, labels))
    tagger, complaint = fit_tagger(corpus), fit_complaint(corpus)
    causes = fit_causes(corpus, labels)
    digest = sha256(b"".join(a.tobytes() for a in (tagger, complaint, causes)))
    digest.update(repr(sorted(settings.items())).encode())
    settings["version"] = digest.hexdigest()[:12]
    return LexicalModel(tagger, complaint, causes, labels, settings), figures


def main() -> None:
    """Train, print the figures on held-out blocks, write."""
    model, figures = fit_model(read_corpus())
    for name, value in figures.items():
        sys.stdout.write(f"{name:32} {value:.3f}\n")
    save_model(model, Path(__file__).with_name("lexical.npz"))


if __name__ == "__main__":
    main()
