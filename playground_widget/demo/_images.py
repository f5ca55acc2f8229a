"""What can be said of an image without seeing it: its kind, its size in pixels and in bytes."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from playground_widget.demo._request import Image

__all__ = ["describe", "size_of"]

_KILO = 1000
_PNG = struct.Struct(">8s8xII")
_GIF = struct.Struct("<6sHH")
# Marker, length, precision, height and width of a JPEG's frame header.
_JPEG = struct.Struct(">BBHxHH")
# The markers that begin one; C4, C8 and CC are tables.
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}


def describe(image: Image) -> str:
    """Return a few words about an image, such as "a PNG of 640 by 480 pixels, 34 kB"."""
    if image.url:
        host = (urlsplit(image.url).hostname or "").replace("`", "")
        return f"an image by its address, at `{host}`, which I do not fetch"
    kind = image.media_type.rpartition("/")[2].upper().replace("`", "")
    bytes_ = len(image.data)
    weight = f"{bytes_} bytes" if bytes_ < _KILO else f"{round(bytes_ / _KILO)} kB"
    size = size_of(image.data)
    if size is None:
        return f"a file of type {kind}, {weight}, in which I find no picture size"
    return f"a {kind} of {size[0]} by {size[1]} pixels, {weight}"


def size_of(data: bytes) -> tuple[int, int] | None:
    """Return width and height in pixels of a PNG, GIF or JPEG; None for anything else."""
    if data.startswith(b"\x89PNG\r\n\x1a\n") and len(data) >= _PNG.size:
        _, width, height = _PNG.unpack_from(data)
        return width, height
    if data.startswith((b"GIF87a", b"GIF89a")) and len(data) >= _GIF.size:
        _, width, height = _GIF.unpack_from(data)
        return width, height
    if data.startswith(b"\xff\xd8"):
        return _jpeg_size(data)
    return None


def _jpeg_size(data: bytes) -> tuple[int, int] | None:
    at = 2
    while at + _JPEG.size <= len(data):
        start, marker, length, height, width = _JPEG.unpack_from(data, at)
        if start != 0xFF:  # noqa: PLR2004 every segment begins with it
            return None
        if marker in _FRAMES:
            return width, height
        at += 2 + length
    return None
