"""Pictures of every kind become parts, or are refused in words."""

from __future__ import annotations

import base64
import io
from pathlib import Path
from typing import Any

import matplotlib.figure
import numpy as np
import PIL.Image
import PIL.ImageOps
import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground_widget.content import parts_of
from playground_widget.errors import InputError
from playground_widget.model import Image

FORMATS = {"PNG": "png", "JPEG": "jpeg", "GIF": "gif", "WEBP": "webp"}


def picture(kind: str = "PNG", size: tuple[int, int] = (31, 17), **options: Any) -> bytes:
    file = io.BytesIO()
    PIL.Image.new("RGB", size, "teal").save(file, kind, **options)
    return file.getvalue()


def one(value: object) -> Any:
    (part,) = parts_of(value)
    return part


@pytest.mark.parametrize("kind", FORMATS)
def test_bytes_of_a_picture_keep_their_bytes_and_say_their_size(kind: str) -> None:
    data = picture(kind)
    image = one(data)
    assert base64.b64decode(image.data) == data
    assert (image.media_type, image.width, image.height) == (f"image/{FORMATS[kind]}", 31, 17)


@pytest.mark.parametrize(
    ("kind", "options"),
    [("WEBP", {"lossless": True}), ("JPEG", {"progressive": True}), ("JPEG", {"exif": b"x" * 999})],
)
def test_the_size_is_found_in_every_flavour_of_a_format(kind: str, options: Any) -> None:
    assert (one(picture(kind, **options)).width, one(picture(kind, **options)).height) == (31, 17)


def test_the_size_of_a_webp_with_an_extended_header_is_found() -> None:
    file = io.BytesIO()
    frames = [PIL.Image.new("RGB", (31, 17), color) for color in ("teal", "red")]
    frames[0].save(file, "WEBP", save_all=True, append_images=frames[1:])
    assert (one(file.getvalue()).width, one(file.getvalue()).height) == (31, 17)


@given(st.sampled_from(sorted(FORMATS)), st.data())
def test_a_picture_cut_anywhere_is_a_part_or_refused(kind: str, data: Any) -> None:
    whole = picture(kind)
    cut = whole[: data.draw(st.integers(0, len(whole)))]
    try:
        image = one(cut)
    except InputError:
        return
    assert isinstance(image, Image)
    assert (image.width is None) == (image.height is None)


def test_a_path_is_read_and_names_the_picture(tmp_path: Path) -> None:
    file = tmp_path / "chart.png"
    file.write_bytes(picture())
    image = one(file)
    assert (image.name, image.media_type, image.width) == ("chart.png", "image/png", 31)


@pytest.mark.parametrize("content", [b"", b"not a picture", b"<svg/>"])
def test_a_file_that_is_no_picture_is_refused_by_name(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "notes.png"
    file.write_bytes(content)
    with pytest.raises(InputError, match=r"notes\.png"):
        parts_of(file)


def test_a_missing_file_and_a_folder_are_refused_with_the_reason(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="No such file"):
        parts_of(tmp_path / "none.png")
    with pytest.raises(InputError, match="directory"):
        parts_of(tmp_path)


def test_a_picture_too_large_to_send_is_refused_with_its_size(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("playground_widget.images.LARGEST", 2**20)
    with pytest.raises(InputError, match=r"1\.5 MB; at most 1 MB"):
        parts_of(picture() + bytes(3 * 2**19 - len(picture())))


def test_a_file_too_large_to_send_is_refused_with_its_size(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("playground_widget.images.LARGEST", 2**20)
    (tmp_path / "large.png").write_bytes(picture() + bytes(3 * 2**19 - len(picture())))
    with pytest.raises(InputError, match=r"large\.png has 1\.5 MB; at most 1 MB"):
        parts_of(tmp_path / "large.png")


MODES = "1 L LA La I I;16 I;16B I;16L P PA RGB RGBA RGBa RGBX CMYK F YCbCr LAB HSV"


@pytest.mark.parametrize("mode", MODES.split())
def test_a_pil_image_of_any_mode_becomes_a_png(mode: str) -> None:
    image = one(PIL.Image.new(mode, (5, 4)))
    assert (image.media_type, image.width, image.height) == ("image/png", 5, 4)


def pixels(image: PIL.Image.Image) -> Any:
    """Return the pixels of the picture that is sent for one."""
    return np.asarray(PIL.Image.open(io.BytesIO(base64.b64decode(one(image).data)))).tolist()


@pytest.mark.parametrize("kind", ["<u2", ">u2", "<i4"])
def test_pixels_of_sixteen_bits_are_kept(kind: str) -> None:
    values = [[0, 300], [4000, 65535]]
    assert pixels(PIL.Image.fromarray(np.array(values, dtype=kind))) == values


@pytest.mark.parametrize("mode", ["La", "PA", "RGBa"])
def test_what_is_transparent_stays_transparent(mode: str) -> None:
    assert pixels(PIL.Image.new(mode, (1, 1)))[0][0][-1] == 0


# ------------------------------------------------------------------------ which way is up


def photo(orientation: object, kind: str = "PNG", **more: Any) -> bytes:
    """Return the bytes of a picture of which no two corners are the same, with an EXIF."""
    values = np.arange(6, dtype="u1").reshape(2, 3) * 40
    image = PIL.Image.fromarray(values).convert("RGB")
    exif = PIL.Image.Exif()
    exif[ORIENTATION] = orientation
    file = io.BytesIO()
    image.save(file, kind, exif=exif, **more)
    return file.getvalue()


ORIENTATION = 0x0112
UPRIGHT = {
    1: [[0, 40, 80], [120, 160, 200]],
    2: [[80, 40, 0], [200, 160, 120]],
    3: [[200, 160, 120], [80, 40, 0]],
    4: [[120, 160, 200], [0, 40, 80]],
    5: [[0, 120], [40, 160], [80, 200]],
    6: [[120, 0], [160, 40], [200, 80]],
    7: [[200, 80], [160, 40], [120, 0]],
    8: [[80, 200], [40, 160], [0, 120]],
    9: [[0, 40, 80], [120, 160, 200]],
}


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "TIFF"])
@pytest.mark.parametrize("orientation", UPRIGHT)
def test_a_pil_image_is_sent_upright(orientation: int, kind: str) -> None:
    data = photo(orientation, kind, **({"lossless": True} if kind == "WEBP" else {}))
    expected = UPRIGHT[orientation]
    for image in (opened := PIL.Image.open(io.BytesIO(data)), opened.convert("L")):
        sent = PIL.Image.open(io.BytesIO(base64.b64decode(one(image).data)))
        assert np.asarray(sent.convert("L")).tolist() == expected
        assert sent.size == (one(image).width, one(image).height)
        # Who reads it does not turn it again.
        assert not sent.getexif()


@pytest.mark.parametrize("orientation", UPRIGHT)
def test_a_photo_is_sent_as_pillow_turns_it(orientation: int) -> None:
    data = photo(orientation, "JPEG")
    turned = PIL.ImageOps.exif_transpose(PIL.Image.open(io.BytesIO(data)))
    assert pixels(PIL.Image.open(io.BytesIO(data))) == np.asarray(turned).tolist()
    assert pixels(turned) == np.asarray(turned).tolist()


@pytest.mark.parametrize("mode", MODES.split())
def test_a_pil_image_of_any_mode_is_turned(mode: str) -> None:
    if mode in {"I", "F"}:
        image = PIL.Image.fromarray(np.arange(20).reshape(4, 5).astype(mode.lower() + "4"))
    else:
        count = len(PIL.Image.new(mode, (5, 4)).tobytes())
        image = PIL.Image.frombytes(mode, (5, 4), bytes(range(count)))
    straight = pixels(image.copy())
    image.info["exif"] = PIL.Image.open(io.BytesIO(photo(6))).info["exif"]
    assert pixels(image) == np.rot90(np.array(straight), -1).tolist()
    # What was passed is as it was.
    assert image.size == (5, 4)


def test_bytes_and_files_keep_their_exif(tmp_path: Path) -> None:
    data = photo(6, "JPEG")
    (tmp_path / "photo.jpg").write_bytes(data)
    for value in (data, tmp_path / "photo.jpg"):
        assert base64.b64decode(one(value).data) == data


def test_what_is_upright_is_not_copied(monkeypatch: pytest.MonkeyPatch) -> None:
    images = [PIL.Image.open(io.BytesIO(photo(1))), PIL.Image.new("RGB", (3, 2))]
    for name in ("copy", "transpose", "convert"):
        monkeypatch.delattr(PIL.Image.Image, name)
    assert [(one(image).width, one(image).height) for image in images] == [(3, 2), (3, 2)]


@pytest.mark.parametrize(
    "exif",
    [
        b"",
        b"Exif\x00\x00",
        b"Exif\x00\x00nothing of the kind",
        b"Exif\x00\x00MM\x00*\x00\x00\x00\x08\xff\xff",
        b"Exif\x00\x00II*\x00\x08\x00\x00\x00\x01\x00\x12\x01\x03\x00",
        "text",
        3,
    ],
)
@pytest.mark.filterwarnings("ignore:Corrupt EXIF data")
def test_a_broken_exif_turns_nothing(exif: object) -> None:
    image = PIL.Image.new("L", (3, 2))
    image.info["exif"] = exif
    assert (one(image).width, one(image).height) == (3, 2)


@given(st.data())
@pytest.mark.filterwarnings("ignore")
def test_any_exif_at_all_leaves_a_picture(data: Any) -> None:
    whole = bytearray(PIL.Image.open(io.BytesIO(photo(6))).info["exif"])
    for _ in range(data.draw(st.integers(1, 4))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    image = PIL.Image.new("L", (3, 2))
    image.info["exif"] = bytes(whole[: data.draw(st.integers(0, len(whole)))])
    assert (one(image).width, one(image).height) in {(3, 2), (2, 3)}


@pytest.mark.parametrize("orientation", ["6", (6, 1), 6.5, 0])
def test_an_orientation_that_is_none_turns_nothing(orientation: object) -> None:
    image = PIL.Image.new("L", (3, 2))
    image.getexif()[ORIENTATION] = orientation
    assert (one(image).width, one(image).height) == (3, 2)


def test_bytes_in_base64_alone_are_an_image() -> None:
    image = one(Image(data=base64.b64encode(picture()).decode()))
    assert (image.media_type, image.width) == ("image/png", 31)


def test_pixels_that_do_not_say_what_is_white_are_refused() -> None:
    for values in (np.array([[0, 0.5]], dtype="f4"), np.array([[-1, 70000]], dtype="i4")):
        with pytest.raises(InputError, match=r"convert\(\"L\"\)"):
            parts_of(PIL.Image.fromarray(values))


def test_a_pil_image_that_cannot_be_read_is_refused_with_the_reason(tmp_path: Path) -> None:
    whole = io.BytesIO()
    PIL.Image.effect_noise((99, 99), 90).save(whole, "PNG")
    with pytest.raises(InputError, match="cannot be read: image file is truncated"):
        parts_of(PIL.Image.open(io.BytesIO(whole.getvalue()[:3000])))
    (tmp_path / "a.png").write_bytes(whole.getvalue())
    closed = PIL.Image.open(tmp_path / "a.png")
    closed.close()
    with pytest.raises(InputError, match="cannot be read: Operation on closed image"):
        parts_of(closed)


def test_base64_in_lines_is_read() -> None:
    lines = base64.encodebytes(picture() + bytes(99)).decode()
    assert one({"type": "image", "media_type": "image/png", "data": lines}).width == 31
    assert one({"type": "input_image", "image_url": f"data:image/png;base64,{lines}"}).width == 31


def test_a_path_that_no_file_can_have_is_refused() -> None:
    with pytest.raises(InputError, match="cannot be read: embedded null byte"):
        parts_of(Path("a\0.png"))


def test_a_matplotlib_figure_becomes_a_png_named_by_its_title() -> None:
    figure = matplotlib.figure.Figure()
    figure.subplots().set_title("Islands")
    image = one(figure)
    assert (image.media_type, image.name) == ("image/png", "Islands")
    assert image.width > 100
