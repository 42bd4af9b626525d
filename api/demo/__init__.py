"""A small telecom company that does not exist, with causes of complaints planted in its data."""

from api.demo.company import generate_company
from api.demo.truth import (
    Condition,
    Label,
    Match,
    Pattern,
    PlantedCause,
    Truth,
    match_planted,
)

__all__ = [
    "Condition",
    "Label",
    "Match",
    "Pattern",
    "PlantedCause",
    "Truth",
    "generate_company",
    "match_planted",
]
