"""Files that are written whole or not at all."""

from __future__ import annotations

from pathlib import Path

__all__ = ["write_whole"]


def write_whole(path: Path, text: str, newline: str | None = None) -> None:
    """Write a text in UTF-8 to a file; one that is there is replaced.

    It is written beside it first, so that a full disk costs no file that was there.

    Args:
        path: The file.
        text: What is to be in it.
        newline: As `open` takes it; `""` leaves the ends of lines as they are.

    Raises:
        OSError: It could not be written; a file that was there is as it was.
    """
    part = path.with_name(f".{path.name}.part")
    try:
        part.write_text(text, encoding="utf-8", newline=newline)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
