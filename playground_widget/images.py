"""Pictures as message parts: files, bytes, Pillow images and matplotlib figures.

The bytes are sent as they are, never made smaller. What kind of picture they are, and its
size, is read from their first bytes; Pillow and matplotlib are used only by those who
already have them loaded. A Pillow image is sent the way up that its EXIF says; in the bytes of a
file the EXIF is left for whoever reads them.
"""

from __future__ import annotations

import base64
import binascii
import io
import os
import re
import sys
from typing import TYPE_CHECKING, Any

from playground_widget.errors import InputError
from playground_widget.model import Image

if TYPE_CHECKING:
    from pathlib import Path

__all__ = [
    "LARGEST",
    "image_from_base64",
    "image_from_bytes",
    "image_from_object",
    "image_from_path",
    "image_from_url",
    "size_of",
]

LARGEST = 50 * 1024 * 1024
"""Bytes; the OpenAI API takes no request above 50 MB."""

_WHITE = 255
_WHITE_16 = 2**16 - 1
_DATA_URL = re.compile(r"data:([\w.+-]+/[\w.+-]+)?(?:;[\w.+=-]+)*?;base64,", re.ASCII)


def image_from_bytes(data: bytes, name: str | None = None, detail: str | None = None) -> Image:
    """Return the part of an encoded picture.

    Args:
        data: A PNG, JPEG, GIF or WebP file.
        name: What to call it on the page.
        detail: `low`, `high` or `auto`, as the OpenAI API takes it.

    Raises:
        InputError: It is empty, of another kind, or above 50 MB.
    """
    called = f"{name} " if name else "this "
    if not data:
        raise InputError(f"{called}is empty; a picture was expected")
    media_type = _media_type(data)
    if media_type is None:
        raise InputError(
            f"{called}is no PNG, JPEG, GIF or WebP picture; with Pillow, pass PIL.Image.open(...)"
        )
    if len(data) > LARGEST:
        raise _too_large(called.strip(), len(data))
    width, height = size_of(data) or (None, None)
    return Image(
        media_type=media_type,
        data=base64.b64encode(data).decode("ascii"),
        name=name,
        width=width,
        height=height,
        detail=detail,
    )


def _too_large(called: str, size: int) -> InputError:
    most = LARGEST // 2**20
    return InputError(f"{called} has {size / 2**20:.1f} MB; at most {most} MB can be sent")


def image_from_path(path: Path) -> Image:
    """Return the part of a picture file.

    Raises:
        InputError: There is no such file, it cannot be read, or it is no picture.
    """
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
            size = max(len(data), os.fstat(file.fileno()).st_size)
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or error
        raise InputError(f"{path} cannot be read: {why}") from error
    if len(data) > LARGEST and _media_type(data):
        raise _too_large(path.name, size)
    return image_from_bytes(data, name=path.name)


def image_from_url(url: str, name: str | None = None, detail: str | None = None) -> Image:
    """Return the part of a picture given by an http, https or base64 data address.

    Raises:
        InputError: It is another kind of address, or what it holds is no picture.
    """
    if url.startswith(("https://", "http://")):
        return Image(url=url, name=name, detail=detail)
    if found := _DATA_URL.match(url):
        return image_from_base64(url[found.end() :], name, detail)
    raise InputError(f"{url[:40]!r} is no http, https or base64 data address of a picture")


def image_from_base64(text: str, name: str | None = None, detail: str | None = None) -> Image:
    """Return the part of an encoded picture in base64.

    Raises:
        InputError: It is not base64, or no picture.
    """
    try:
        # It often comes in lines, as MIME has it and notebooks keep it.
        data = base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError) as error:
        raise InputError("the data of an image is not base64") from error
    return image_from_bytes(data, name, detail)


def image_from_object(value: object) -> Image | None:
    """Return the part of a Pillow image or matplotlib figure, or `None` for anything else."""
    pillow = sys.modules.get("PIL.Image")
    if pillow is not None and isinstance(value, pillow.Image):
        return _from_pillow(value)
    figures = sys.modules.get("matplotlib.figure")
    if figures is not None and isinstance(value, figures.Figure):
        return _from_figure(value)
    return None


def _from_pillow(image: Any) -> Image:
    if 0 in image.size:
        raise InputError("this PIL image has no pixels")
    try:
        image.load()  # what was opened from a file is read only now
    except (OSError, ValueError, SyntaxError, EOFError) as error:
        raise InputError(f"this PIL image cannot be read: {error}") from error
    file = io.BytesIO()
    # Once it is upright, nothing may say again that it is to be turned; old versions of Pillow do.
    _upright(_as_png_holds(image), _turn_of(image)).save(file, format="PNG", exif=None)
    return image_from_bytes(file.getvalue())


_ORIENTATION = 0x0112
"""The tag of EXIF that says where the top of a picture is (CIPA DC-008, 4.6.5)."""

_TURNS = {
    2: "FLIP_LEFT_RIGHT",
    3: "ROTATE_180",
    4: "FLIP_TOP_BOTTOM",
    5: "TRANSPOSE",
    6: "ROTATE_270",
    7: "TRANSVERSE",
    8: "ROTATE_90",
}
"""What makes a picture of an orientation upright, as Pillow calls it."""


def _turn_of(image: Any) -> str | None:
    """Return what makes a Pillow image upright, or `None` where nothing has to be done.

    `PIL.ImageOps.exif_transpose` would copy every picture, and write the EXIF again, which fails
    where anything else in it is broken.
    """
    try:
        return _TURNS.get(image.getexif().get(_ORIENTATION))
    except Exception:  # noqa: BLE001 - Pillow's readers let out whatever broken bytes lead to
        return None


def _upright(image: Any, turn: str | None) -> Any:
    if turn is None:
        return image
    return image.transpose(getattr(sys.modules["PIL.Image"].Transpose, turn))


def _as_png_holds(image: Any) -> Any:
    """Return a Pillow image in a mode that PNG has a form for."""
    if image.mode in {"1", "L", "LA", "I;16", "P", "RGB", "RGBA"}:
        return image
    if image.mode in {"La", "PA", "RGBa"}:  # transparent, in another way
        return image.convert("LA" if image.mode == "La" else "RGBA")
    if image.mode == "F":
        low, high = image.getextrema()
        # Where all are below 1, white is 1, or else nearly everything is black: it is not said.
        if low == high == 0 or (low >= 0 and 1 < high <= _WHITE):
            return image.convert("L")
        raise _no_white(low, high)
    if image.mode.startswith("I"):
        whole = image.convert("I")
        low, high = whole.getextrema()
        if low < 0 or high > _WHITE_16:
            raise _no_white(low, high)
        return whole.convert("I;16")
    converted = image.convert("RGB")
    converted.info.pop("icc_profile", None)  # of the colours as they were, such as CMYK
    return converted


def _no_white(low: float, high: float) -> InputError:
    return InputError(
        f"the pixels of this PIL image are numbers from {low:g} to {high:g}, of which nothing says "
        'what is white; scale them to 0 to 255, and pass image.convert("L")'
    )


def _from_figure(figure: Any) -> Image:
    file = io.BytesIO()
    figure.savefig(file, format="png", bbox_inches="tight")
    title = str(figure.get_suptitle()) or next((a.get_title() for a in figure.axes), "")
    return image_from_bytes(file.getvalue(), name=title or None)


def _media_type(data: bytes) -> str | None:
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if data.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if data.startswith((b"GIF87a", b"GIF89a")):
        return "image/gif"
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return "image/webp"
    return None


def size_of(data: bytes) -> tuple[int, int] | None:
    """Return width and height in pixels of an encoded picture, where its header says them."""
    media_type = _media_type(data)
    width = height = 0
    if media_type == "image/png" and data[12:16] == b"IHDR":
        width, height = _big(data[16:20]), _big(data[20:24])
    elif media_type == "image/gif":
        width, height = _little(data[6:8]), _little(data[8:10])
    elif media_type == "image/jpeg":
        width, height = _jpeg_size(data)
    elif media_type == "image/webp":
        width, height = _webp_size(data)
    return (width, height) if width and height else None


def _big(data: bytes) -> int:
    return int.from_bytes(data, "big")


def _little(data: bytes) -> int:
    return int.from_bytes(data, "little")


def _jpeg_size(data: bytes) -> tuple[int, int]:
    """Walk the segments up to the frame header (SOF0 to SOF15 but DHT, JPG and DAC)."""
    at = 2
    while at + 9 <= len(data) and data[at] == 0xFF:  # noqa: PLR2004 (the marker's first byte)
        marker = data[at + 1]
        if marker == 0xFF:  # noqa: PLR2004 (a fill byte)
            at += 1
        elif 0xC0 <= marker <= 0xCF and marker not in {0xC4, 0xC8, 0xCC}:  # noqa: PLR2004
            return _big(data[at + 7 : at + 9]), _big(data[at + 5 : at + 7])
        else:
            at += 2 + _big(data[at + 2 : at + 4])
    return 0, 0


def _webp_size(data: bytes) -> tuple[int, int]:
    """Read the size from whichever of the three kinds of first chunk there is (RFC 9649)."""
    kind = data[12:16]
    if kind == b"VP8X":
        return _little(data[24:27]) + 1, _little(data[27:30]) + 1
    if kind == b"VP8L" and len(data) > 24:  # noqa: PLR2004 (the end of the header)
        bits = _little(data[21:25])
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if kind == b"VP8 ":
        return _little(data[26:28]) & 0x3FFF, _little(data[28:30]) & 0x3FFF
    return 0, 0
