"""Says of an image what is known without seeing it: its kind, its size in pixels and in bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from playground_widget.images import size_of

if TYPE_CHECKING:
    from playground_widget.demo._request import Image

__all__ = ["describe"]

_KILO = 1000


def describe(image: Image) -> str:
    """Return a few words about an image, such as "a PNG of 640 by 480 pixels, 34 kB"."""
    if image.url:
        host = _host(image.url)
        return f"an image by its address{f', at `{host}`' if host else ''}, which I do not fetch"
    kind = image.media_type.rpartition("/")[2].upper().replace("`", "")
    bytes_ = len(image.data)
    weight = f"{bytes_} bytes" if bytes_ < _KILO else f"{round(bytes_ / _KILO)} kB"
    size = size_of(image.data)
    if size is None:
        return f"a file of type {kind}, {weight}, in which I find no picture size"
    return f"a {kind} of {size[0]} by {size[1]} pixels, {weight}"


def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").replace("`", "")
    except ValueError:
        return ""
