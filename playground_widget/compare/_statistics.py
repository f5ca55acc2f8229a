"""Means with their intervals. Pure, and the same figures for the same seed."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

__all__ = ["Estimate", "bootstrap", "wilson"]

RESAMPLES = 2000

MANY = 50
"""Groups from which on none are drawn."""

Z95 = 1.959963984540054
"""Standard deviations of a normal distribution within which 95 % lie."""


class Estimate(NamedTuple):
    """A mean, and within what it is likely to be.

    Args:
        n: Of how many.
        mean: Their mean.
        low: The lower end of the interval of 95 %.
        high: Its upper end.
    """

    n: int
    mean: float
    low: float
    high: float


def bootstrap(groups: Sequence[Sequence[float]], seed: int = 0) -> Estimate | None:
    """Return the mean of all values, with its bootstrap interval by the percentile method.

    Whole groups are drawn, since the samples of one row are alike: single values would make the
    interval too narrow. Of many groups the normal distribution has the place of the draws, which
    it is the limit of: thousands of rows would take seconds.

    Args:
        groups: The values of each row.
        seed: Of the draws.

    Example:
        >>> bootstrap([[1.0], [1.0]])
        Estimate(n=2, mean=1.0, low=1.0, high=1.0)
    """
    groups = [group for group in groups if group]
    if not groups:
        return None
    sums = [math.fsum(group) for group in groups]
    counts = [len(group) for group in groups]
    n = sum(counts)
    if len(groups) > MANY:
        return _normal(groups, sums, counts)
    means = sorted(
        sum([sums[i] for i in drawn]) / sum([counts[i] for i in drawn])
        for drawn in _draws(len(groups), seed)
    )
    # Of equal values no rounding is to be seen.
    low, high = _percentile(means, 0.025), _percentile(means, 0.975)
    mean = math.fsum(sums) / n
    return Estimate(n, mean, min(low, mean), max(high, mean))


@lru_cache(maxsize=4)
def _draws(count: int, seed: int) -> tuple[tuple[int, ...], ...]:
    """Return which groups each resample has: the same for all variants of the same rows."""
    chosen = random.Random(seed)  # noqa: S311 - not for secrets
    everything = range(count)
    return tuple(tuple(chosen.choices(everything, k=count)) for _ in range(RESAMPLES))


def _normal(
    groups: Sequence[Sequence[float]], sums: Sequence[float], counts: Sequence[int]
) -> Estimate:
    """Return the interval by the standard error of a ratio of sums over groups."""
    n, total = sum(counts), len(groups)
    mean = math.fsum(sums) / n
    off = math.fsum((own - mean * count) ** 2 for own, count in zip(sums, counts, strict=True))
    spread = Z95 * math.sqrt(off * total / (total - 1)) / n
    least, most = min(map(min, groups)), max(map(max, groups))
    # Of equal values no rounding is to be seen.
    low, high = max(least, mean - spread), min(most, mean + spread)
    return Estimate(n, mean, min(low, mean), max(high, mean))


def _percentile(ordered: Sequence[float], part: float) -> float:
    """Return a percentile, between two values where it falls between them."""
    at = part * (len(ordered) - 1)
    below = math.floor(at)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (at - below)


def wilson(successes: int, n: int) -> Estimate | None:
    """Return a rate with its Wilson score interval of 95 %, or `None` where nothing was tried.

    Example:
        >>> tuple(round(figure, 3) for figure in wilson(8, 10))
        (10, 0.8, 0.49, 0.943)
    """
    if not n:
        return None
    rate, square = successes / n, Z95**2
    middle = (rate + square / (2 * n)) / (1 + square / n)
    spread = Z95 * math.sqrt(rate * (1 - rate) / n + square / (4 * n * n)) / (1 + square / n)
    return Estimate(n, rate, max(0.0, middle - spread), min(1.0, middle + spread))
