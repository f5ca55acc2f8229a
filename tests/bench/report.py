"""What was measured, as one table in sections."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

__all__ = ["Section", "markdown_table", "table"]


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
    "us": _Unit(1e6, 1, " µs"),
    "kB": _Unit(0.001, 1, " kB"),
    "%": _Unit(100, 1, " %"),
    "": _Unit(1, 2, ""),
}

_WORDS = {True: "yes", False: "NO", None: ""}
_HEADER = ("measure", "ratio", "at 10 times", "limit", "met", "value", "compared with")


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
        tenth: float | None = None,
        most_growth: float | None = None,
    ) -> None:
        """Add a number.

        Args:
            measure: What was measured.
            value: How it came out: in seconds if `unit` is one of time, in bytes for kB.
            unit: How it is written: `ms`, `s`, `kB`, or nothing for a plain number.
            floors: The same by something simpler, with its name; the ratio is to the first.
            most: The limit, as `value` is.
            most_ratio: The limit of the ratio.
            tenth: The same at a tenth of the size: the value over it is its growth.
            most_growth: The limit of the growth.
        """
        write = _UNITS[unit].write
        ratio = value / floors[0][1] if floors and floors[0][1] > 0 else None
        growth = value / tenth if tenth else None
        checked = [
            (f"{write(most)}", value, most) if most is not None else None,
            (f"ratio {most_ratio:.3g}", ratio, most_ratio) if most_ratio is not None else None,
            (f"growth {most_growth:.3g}", growth, most_growth) if most_growth is not None else None,
        ]
        limits = [(name, found <= limit) for name, found, limit in filter(None, checked) if found]
        met = all(held for _, held in limits) if limits else None
        row = (
            measure,
            "" if ratio is None else f"{ratio:.2f}",
            "" if growth is None else f"{growth:.2f}",
            ", ".join(name for name, _ in limits),
            _WORDS[met],
            write(value),
            ", ".join(f"{name} {write(least)}" for name, least in floors),
        )
        self.rows.append(row)

    def none(self, measure: str, found: int, *, floors: Sequence[tuple[str, int]] = ()) -> None:
        """Add a count of what there should be none of."""
        floor = ", ".join(f"{name} {least}" for name, least in floors)
        self.rows.append((measure, "", "", "none", _WORDS[found == 0], str(found), floor))


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


def markdown_table(section: Section) -> str:
    """Return one section's table as markdown."""
    lines = [_HEADER, tuple("---" for _ in _HEADER), *section.rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)
