"""How the complaints of a cause run over time: onset, trend, rises of now, effect of an action."""

from algorithms.timing.course import Course, Rising, as_date, follow
from algorithms.timing.differences import Difference, Rate, compare
from algorithms.timing.emerging import FALSE_A_YEAR, find_emerging, find_shift
from algorithms.timing.onset import Onset, find_onset
from algorithms.timing.series import FOREVER, Cells, Group, Series, count_cells, day_numbers

__all__ = [
    "FALSE_A_YEAR",
    "FOREVER",
    "Cells",
    "Course",
    "Difference",
    "Group",
    "Onset",
    "Rate",
    "Rising",
    "Series",
    "as_date",
    "compare",
    "count_cells",
    "day_numbers",
    "find_emerging",
    "find_onset",
    "find_shift",
    "follow",
]
