"""What can be said of an image without seeing it: its kind, its size in pixels and in bytes."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ._request import Image

__all__ = ["describe", "size_of"]


def describe(image: Image) -> str:
    """Return a few words about an image, such as "a PNG of 640 × 480 pixels, 34 kB"."""
    if image.url:
        host = image.url.split("/")[2] if image.url.count("/") >= 2 else ""
        return f"an image by its address, at `{host.replace('`', '')}`, which I do not fetch"
    kind = image.media_type.rpartition("/")[2].upper().replace("`", "")
    bytes_ = len(image.data)
    weight = f"{bytes_} bytes" if bytes_ < 1000 else f"{round(bytes_ / 1000)} kB"
    size = size_of(image.data)
    if size is None:
        return f"a file of type {kind}, {weight}, in which I find no picture size"
    return f"a {kind} of {size[0]} × {size[1]} pixels, {weight}"


def size_of(data: bytes) -> tuple[int, int] | None:
    """Return width and height in pixels of a PNG, GIF or JPEG; None for anything else."""
    if data[:8] == b"\x89PNG\r\n\x1a\n" and len(data) >= 24:
        width, height = struct.unpack(">II", data[16:24])
        return width, height
    if data[:6] in {b"GIF87a", b"GIF89a"} and len(data) >= 10:
        width, height = struct.unpack("<HH", data[6:10])
        return width, height
    if data[:2] == b"\xff\xd8":
        return _jpeg_size(data)
    return None


def _jpeg_size(data: bytes) -> tuple[int, int] | None:
    at = 2
    while at + 9 <= len(data) and data[at] == 0xFF:
        marker = data[at + 1]
        # The frame headers hold the size; C4, C8 and CC are tables.
        if 0xC0 <= marker <= 0xCF and marker not in {0xC4, 0xC8, 0xCC}:
            height, width = struct.unpack(">HH", data[at + 5 : at + 9])
            return width, height
        at += 2 + struct.unpack(">H", data[at + 2 : at + 4])[0]
    return None
