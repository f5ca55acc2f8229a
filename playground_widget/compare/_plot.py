"""A picture of a summary. matplotlib is imported when one is drawn."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from playground_widget.compare._report import Measure

__all__ = ["plot"]

WIDTH, HEIGHT = 3.2, 3.0
"""Inches of each panel."""


def plot(found: Sequence[Measure]) -> Any:
    """Return a figure with a panel for each measure: means of the variants, with intervals.

    Raises:
        ImportError: matplotlib is not installed.
    """
    try:
        from matplotlib import pyplot as plt  # noqa: PLC0415 - it takes a while to load
    except ImportError:
        raise ImportError("A plot needs matplotlib: pip install matplotlib.") from None
    names = list(dict.fromkeys(measure.measure for measure in found))
    count = max(1, len(names))
    figure, axes = plt.subplots(
        1, count, figsize=(WIDTH * count, HEIGHT), squeeze=False, layout="constrained"
    )
    # Else a notebook shows it twice: now, and as the value of the cell.
    plt.close(figure)
    for axis, name in zip(axes[0], names, strict=False):
        own = [measure for measure in found if measure.measure == name]
        means = [measure.estimate.mean for measure in own]
        below = [measure.estimate.mean - measure.estimate.low for measure in own]
        above = [measure.estimate.high - measure.estimate.mean for measure in own]
        axis.bar([measure.variant for measure in own], means, yerr=[below, above], capsize=4)
        axis.set_title(name)
    return figure
