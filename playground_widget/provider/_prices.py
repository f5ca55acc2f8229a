"""Prices and context windows, from the list that genai-prices carries.

The list is data of the installed package: nothing is fetched. What it does not know is
`None`; a service that is not in it has no prices, even for a model of a known name.
Importing the list takes about a tenth of a second: do it off the event loop, see `load`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from playground_widget.model import Usage

if TYPE_CHECKING:
    from genai_prices.types import ModelInfo, Provider

__all__ = ["Rate", "cost", "load", "rate", "window"]

_THOUSAND = 1_000
_Found = tuple["Provider", "ModelInfo"]


class Rate(NamedTuple):
    """US dollars per million tokens; `None` where the list has no price."""

    input: float | None
    output: float | None


def load() -> None:
    """Read the list into memory."""
    from genai_prices.data_snapshot import get_snapshot  # noqa: PLC0415 (a tenth of a second)

    get_snapshot()


def cost(model: str, usage: Usage, base_url: str) -> float | None:
    """Return what an answer cost in US dollars, or `None` if that is not known.

    Args:
        model: As the service names it.
        usage: As the service counted it.
        base_url: Of the service.
    """
    from genai_prices import Usage as Counts  # noqa: PLC0415

    found = _find(model, base_url)
    if found is None:
        return None
    provider, listed = found
    counts = Counts(
        input_tokens=usage.input_tokens,
        output_tokens=usage.output_tokens,
        # Read from a cache are some of those read; more cannot be priced.
        cache_read_tokens=min(usage.cached_tokens or 0, usage.input_tokens),
    )
    try:
        return float(listed.calc_price(counts, provider).total_price)
    except (LookupError, ValueError):
        return None


def rate(model: str, base_url: str) -> Rate:
    """Return the prices of a model, those of a short conversation where length matters."""
    each = (Usage(input_tokens=_THOUSAND), Usage(output_tokens=_THOUSAND))
    read, written = (cost(model, usage, base_url) for usage in each)
    return Rate(
        None if read is None else read * _THOUSAND,
        None if written is None else written * _THOUSAND,
    )


def window(model: str, base_url: str | None = None) -> int | None:
    """Return how many tokens a model can read, or `None` if that is not known.

    Args:
        model: As the service names it.
        base_url: Of the service; `None` for the one that the model's name tells of.
    """
    found = _find(model, base_url)
    return found[1].context_window if found else None


def _find(model: str, base_url: str | None) -> _Found | None:
    from genai_prices.data_snapshot import get_snapshot  # noqa: PLC0415

    if not model:
        return None
    try:
        return get_snapshot().find_provider_model(model, None, None, base_url)
    except LookupError:
        return None
