"""What was measured, as one table in sections."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

__all__ = ["Section", "table"]


@dataclass(frozen=True, slots=True)
class _Unit:
    """How a number is written."""

    factor: float
    digits: int
    name: str

    def write(self, number: float) -> str:
        return f"{number * self.factor:,.{self.digits}f}{self.name}"


_UNITS = {
    "ms": _Unit(1000, 0, " ms"),
    "s": _Unit(1, 2, " s"),
    "kB": _Unit(0.001, 1, " kB"),
    "": _Unit(1, 2, ""),
}

_WORDS = {True: "yes", False: "NO", None: ""}
_HEADER = ("measure", "value", "ratio", "target", "met", "floor")


@dataclass(frozen=True, slots=True)
class Section:
    """Measures that belong together."""

    title: str
    rows: list[tuple[str, ...]] = field(default_factory=list)

    def number(
        self,
        measure: str,
        value: float,
        unit: str,
        *,
        floors: Sequence[tuple[str, float]] = (),
        most: float | None = None,
        most_ratio: float | None = None,
    ) -> None:
        """Add a number.

        Args:
            measure: What was measured.
            value: How it came out: in seconds if `unit` is one of time, in bytes for kB.
            unit: How it is written: `ms`, `s`, `kB`, or nothing for a plain number.
            floors: The same by something simpler, with its name; the ratio is to the first.
            most: The target, as `value` is.
            most_ratio: The target of the ratio, in place of one of the value.
        """
        write = _UNITS[unit].write
        ratio = value / floors[0][1] if floors and floors[0][1] > 0 else None
        target, met = "", None
        if most is not None:
            target, met = write(most), value <= most
        elif most_ratio is not None and ratio is not None:
            target, met = f"ratio {most_ratio:.3g}", ratio <= most_ratio
        written = "" if ratio is None else f"{ratio:.2f}"
        floor = ", ".join(f"{name} {write(least)}" for name, least in floors)
        self.rows.append((measure, write(value), written, target, _WORDS[met], floor))

    def none(self, measure: str, found: int, *, floors: Sequence[tuple[str, int]] = ()) -> None:
        """Add a count of what there should be none of."""
        floor = ", ".join(f"{name} {least}" for name, least in floors)
        self.rows.append((measure, str(found), "", "none", _WORDS[found == 0], floor))


def table(sections: Sequence[Section]) -> str:
    """Return the sections as lines of equal columns."""
    rows = [_HEADER, *(row for section in sections for row in section.rows)]
    widths = [max(len(cell) for cell in column) for column in zip(*rows, strict=True)]

    def line(row: tuple[str, ...]) -> str:
        cells = zip(row, widths, strict=True)
        return "  " + "  ".join(cell.ljust(width) for cell, width in cells).rstrip()

    parts = ["\n".join([line(_HEADER), line(tuple("-" * width for width in widths))])]
    parts += ["\n".join([one.title, *map(line, one.rows)]) for one in sections]
    return "\n\n".join(parts)
