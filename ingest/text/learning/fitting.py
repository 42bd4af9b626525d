"""Training of the layers and heads: one run over marked texts, several epochs."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from ingest.text.encoder import Layer, Linear, Weights
from ingest.text.learning.examples import Example, make_batches
from ingest.text.learning.network import Network
from ingest.text.vector_model import Heads


@dataclass(frozen=True)
class Recipe:
    """How to train; the defaults made the model of the package.

    epochs: runs over the texts; with more it learns them by heart. tokens: of a batch. rate,
    head_rate: highest step of layers and heads, reached after a tenth of all steps and lowered along a
    cosine. averaging: share of the running average of weights that stays at each step. labelling,
    complaints: weight of these losses beside that of the tags.
    """

    epochs: int = 3
    tokens: int = 1024
    rate: float = 3e-4
    head_rate: float = 1e-3
    dropout: float = 0.1
    averaging: float = 0.99
    labelling: float = 0.3
    complaints: float = 0.3
    seed: int = 0


def train_network(
    start: tuple[list[Layer[Linear]], Heads],
    lo: int,
    weights: Weights,
    draw_epoch: Callable[[int, random.Random], Sequence[Example]],
    recipe: Recipe,
    report: Callable[[int, int], None] | None = None,
) -> tuple[list[Layer[Linear]], Heads]:
    """Train from `start`; gives the running average of the weights.

    draw_epoch: gives the examples of an epoch. report: called with steps done and steps in all.
    """
    rng = random.Random(recipe.seed)  # noqa: S311 - variety, not secrecy
    torch.manual_seed(recipe.seed)
    network = Network(weights, *start, lo, recipe.dropout)
    layers, heads = network.layer_parameters(), network.head_parameters()
    parameters = [*layers, *heads]
    groups = [{"params": layers, "lr": recipe.rate}, {"params": heads, "lr": recipe.head_rate}]
    optimiser = torch.optim.AdamW(groups, betas=(0.9, 0.98), weight_decay=0.01, fused=True)
    first = draw_epoch(0, rng)
    total = recipe.epochs * len(make_batches(first, recipe.tokens, random.Random(recipe.seed)))  # noqa: S311
    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda step: _schedule(step, total))
    average = [parameter.detach().clone() for parameter in parameters]
    step = 0
    for epoch in range(recipe.epochs):
        examples = draw_epoch(epoch, rng) if epoch else first
        for batch in make_batches(examples, recipe.tokens, rng):
            optimiser.zero_grad()
            loss: Any = measure_loss(network, batch, recipe)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(parameters, 1.0)
            optimiser.step()
            schedule.step()
            step += 1
            kept = min(recipe.averaging, (1 + step) / (10 + step))
            for mean, parameter in zip(average, parameters, strict=True):
                mean.mul_(kept).add_(parameter.detach(), alpha=1 - kept)
            if report is not None:
                report(min(step, total), total)
    with torch.no_grad():
        for mean, parameter in zip(average, parameters, strict=True):
            parameter.copy_(mean)
    return network.read()


def average_networks(
    trained: Sequence[tuple[list[Layer[Linear]], Heads]],
) -> tuple[list[Layer[Linear]], Heads]:
    """Average the weights of runs that began alike."""
    layers = [_average(same) for same in zip(*(layers for layers, _ in trained), strict=True)]
    return layers, _average([heads for _, heads in trained])


def _average(parts: Sequence[Any]) -> Any:
    if isinstance(parts[0], np.ndarray):
        return np.mean(parts, axis=0, dtype=np.float32)
    names = [field.name for field in fields(parts[0])]
    return type(parts[0])(**{name: _average([getattr(part, name) for part in parts]) for name in names})


def measure_loss(network: Network, batch: Sequence[Example], recipe: Recipe) -> Tensor:
    """Give the loss of a batch: of the tags, and by their weights of labels and complaints."""
    length = max(len(example.ids) for example in batch)
    ids = np.zeros((len(batch), length), np.int64)
    mask = torch.zeros(len(batch), length, dtype=torch.bool)
    tags = torch.zeros(len(batch), length, dtype=torch.int64)
    counts = torch.zeros(len(batch), length)
    spans: list[tuple[int, int, int]] = []
    labels: list[int] = []
    for row, example in enumerate(batch):
        ids[row, : len(example.ids)] = example.ids
        mask[row, : len(example.ids)] = True
        tags[row, example.places] = torch.from_numpy(example.tags)
        counts[row, example.places] = example.weight
        spans += [(row, first, end) for first, end, _ in example.spans]
        labels += [label for *_, label in example.spans]
    states, means = network.run(ids, mask, train=True)
    scores = network.score_tags(states, means)
    losses = functional.cross_entropy(scores.flatten(0, 1), tags.flatten(), reduction="none")
    loss = (losses * counts.flatten()).sum() / counts.sum().clamp(min=1)
    share = torch.tensor([example.weight for example in batch])
    truth = torch.tensor([float(example.complaint) for example in batch])
    logits = network.score_complaints(means)
    doubts = functional.binary_cross_entropy_with_logits(logits, truth, reduction="none")
    loss = loss + recipe.complaints * (doubts * share).sum() / share.sum()
    if spans:
        named = network.score_labels(states, spans)
        naming = functional.cross_entropy(named, torch.tensor(labels), label_smoothing=0.05)
        loss = loss + recipe.labelling * naming
    return loss


def _schedule(step: int, total: int) -> float:
    cosine = 0.05 + 0.95 * 0.5 * (1 + math.cos(math.pi * min(1.0, step / total)))
    return min((step + 1) / (0.1 * total), cosine)
