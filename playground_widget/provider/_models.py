"""The models of a service, as its model list and the price list tell them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from playground_widget.provider._chunks import StreamUnreadableError
from playground_widget.provider._prices import rate, window

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["ModelInfo", "read_models", "roomier"]

# OpenAI lists all its models; these have no conversation to offer.
_NO_CHAT = re.compile(
    r"embedding|whisper|tts|dall-e|moderation|realtime|audio|transcribe|image|sora|babbage|davinci"
    r"|-instruct|computer-use|live"
)
# How servers name what a model can read: vLLM, Groq, OpenRouter and Together, LM Studio.
_WINDOWS = ("max_model_len", "context_window", "context_length", "max_context_length")


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelInfo:
    """A model that can be asked.

    Args:
        id: As requests name it.
        context: How many tokens it can read.
        input_price: US dollars per million tokens read.
        output_price: US dollars per million tokens written.
        note: What the service says of it, in a few words.

    Example:
        >>> from playground_widget.provider import ModelInfo
        >>> ModelInfo(id="llama3.2:3b", context=131072).context
        131072
    """

    id: str
    context: int | None = None
    input_price: float | None = None
    output_price: float | None = None
    note: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON form, without what is not known.

        Example:
            >>> from playground_widget.provider import ModelInfo
            >>> ModelInfo(id="llama3.2:3b", context=131072).to_dict()
            {'id': 'llama3.2:3b', 'context': 131072}
        """
        found = {name: getattr(self, name) for name in self.__slots__}
        return {name: value for name, value in found.items() if value is not None}


def read_models(data: object, base_url: str, *, openai: bool) -> list[ModelInfo]:
    """Return the models of an answer to `GET /v1/models`.

    Args:
        data: The answer's JSON.
        base_url: Of the service, for the price list.
        openai: Whether it is OpenAI itself: of its many models those that chat, newest first.

    Raises:
        StreamUnreadableError: It is no list of models.
    """
    items = data.get("data") if isinstance(data, Mapping) else data
    if not isinstance(items, list):
        raise StreamUnreadableError("the list of models has no data")
    found = [item for item in items if isinstance(item, Mapping) and _id(item)]
    if openai:
        found = [item for item in found if not _NO_CHAT.search(_id(item))]
        found.sort(key=lambda item: item.get("created") or 0, reverse=True)
    models = {_id(item): _model(item, base_url) for item in found}
    return list(models.values())


def _id(item: Mapping[str, Any]) -> str:
    value = item.get("id")
    return value if isinstance(value, str) else ""


def _model(item: Mapping[str, Any], base_url: str) -> ModelInfo:
    name = _id(item)
    prices = rate(name, base_url)
    note = item.get("description")
    return ModelInfo(
        id=name,
        context=_context(item) or window(name, base_url),
        input_price=prices.input,
        output_price=prices.output,
        note=note if isinstance(note, str) and len(note) <= _NOTE else None,
    )


_NOTE = 120  # OpenRouter describes its models in several paragraphs


def _context(item: Mapping[str, Any]) -> int | None:
    meta = item.get("meta")  # llama.cpp
    n_ctx = meta.get("n_ctx") if isinstance(meta, Mapping) else None
    for value in (*(item.get(name) for name in _WINDOWS), n_ctx):
        if isinstance(value, int) and not isinstance(value, bool) and value > 0:
            return value
    return None


def roomier(models: Sequence[ModelInfo], needed: int) -> ModelInfo | None:
    """Return the cheapest model known to read that many tokens, or `None`.

    A model without a price counts as dear, one without a known window not at all.
    """
    large = [model for model in models if (model.context or 0) >= needed]
    unknown = float("inf")
    return min(
        large,
        key=lambda m: (unknown if m.input_price is None else m.input_price, m.context or 0),
        default=None,
    )
