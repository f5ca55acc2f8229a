"""A comparison as a page of its own: light and dark, without scripts, loading nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

from playground_widget.compare._inputs import written
from playground_widget.compare._picks import Pick
from playground_widget.compare._steps import Step
from playground_widget.compare._values import Cell, Key, Plan
from playground_widget.export import page_around
from playground_widget.text import clean_text

__all__ = ["page_of"]

_STYLE = """
main { max-width: none; }
.pgw-scroll { overflow-x: auto; margin: 0 0 24px; }
table { border-collapse: collapse; font-size: 13px; line-height: 20px; }
caption { text-align: left; padding: 0 0 6px; font-weight: 600; }
th, td { text-align: left; vertical-align: top; padding: 6px 12px;
  border: 1px solid color-mix(in srgb, currentColor 22%, transparent); }
th { font-weight: 600; }
td { max-width: 60ch; overflow-wrap: anywhere; }
td p { margin: 0; white-space: pre-wrap; }
small { opacity: .78; }
.pgw-won { outline: 2px solid #1668c7; outline-offset: -2px; }
@media (prefers-color-scheme: dark) { .pgw-won { outline-color: #4c9df3; } }
"""


def page_of(
    name: str,
    progress: str,
    plan: Plan,
    cells: Mapping[Key, Cell],
    *,
    summary: tuple[Sequence[str], Sequence[Sequence[str]]],
    picks: Mapping[int, Pick],
) -> str:
    """Return the page of a comparison.

    Args:
        name: What it is called.
        progress: How far it is, in words.
        plan: What it asks.
        cells: Its answers.
        summary: The heads and the lines of the table of means.
        picks: Which answers won, by row.
    """
    heads, lines = summary
    means = _table("Means, with 95 % intervals", _heads(heads), [_line(line) for line in lines])
    systems = "".join(
        f"<dt>{escape(each.name)} ({escape(each.model)})</dt><dd><p>{escape(each.system)}</p></dd>"
        for each in plan.candidates
        if each.system.strip()
    )
    prompts = f"<h2>System prompts</h2>\n<dl>{systems}</dl>\n" if systems else ""
    shown = [*(plan.columns or ("row",)), *(each.name for each in plan.candidates)]
    answers = _table(
        "Answers", _heads(shown), [_row(plan, cells, picks, n) for n in _numbers(plan)]
    )
    inside = f"<p>{escape(progress)}</p>\n{means}{prompts}{answers}"
    return clean_text(page_around(name, inside, _STYLE))


def _numbers(plan: Plan) -> list[tuple[int, int]]:
    return [(row.index, sample) for row in plan.rows for sample in range(plan.samples)]


def _row(
    plan: Plan, cells: Mapping[Key, Cell], picks: Mapping[int, Pick], at: tuple[int, int]
) -> str:
    row, sample = at
    data = plan.rows[row].data
    given = [written(data[column]) for column in plan.columns] or [str(row + 1)]
    heads = "".join(f"<td><p>{escape(text)}</p></td>" for text in given)
    pick = picks.get(row)
    answers = "".join(
        _answer(
            cells[Key(row, number, sample)],
            is_won=pick is not None and (pick.variant, pick.sample) == (number, sample),
        )
        for number in range(len(plan.candidates))
    )
    return f"<tr>{heads}{answers}</tr>\n"


def _answer(cell: Cell, *, is_won: bool) -> str:
    said = [f"<p><small>{escape(_call(step))}</small></p>" for step in cell.steps]
    if cell.output:
        said.append(f"<p>{escape(cell.output)}</p>")
    if cell.error is not None:
        said.append(f"<p><strong>{escape(cell.error.title)}</strong></p>")
    small = ["picked"] if is_won else []
    for name, score in cell.scores.items():
        words = score.error if score.error is not None else written(score.value)
        reason = f", {score.reason}" if score.reason else ""
        small.append(f"{name}: {words}{reason}")
    if cell.timing is not None:
        small.append(f"{cell.timing.duration:.2f} s")
    if cell.cost is not None:
        small.append(f"${cell.cost:.4f}")
    if small:
        said.append(f"<p><small>{escape(' · '.join(small))}</small></p>")
    mark = ' class="pgw-won"' if is_won else ""
    return f"<td{mark}>{''.join(said)}</td>"


def _call(step: Step) -> str:
    result = "" if step.result is None else f" \N{RIGHTWARDS ARROW} {step.result}"
    return f"{step.name}({step.arguments}){result}"


def _heads(names: Sequence[str]) -> str:
    return "".join(f'<th scope="col">{escape(name)}</th>' for name in names)


def _line(texts: Sequence[str]) -> str:
    first, *rest = texts
    cells = "".join(f"<td>{escape(text)}</td>" for text in rest)
    return f'<tr><th scope="row">{escape(first)}</th>{cells}</tr>\n'


def _table(caption: str, heads: str, lines: Sequence[str]) -> str:
    return (
        f'<div class="pgw-scroll"><table><caption>{escape(caption)}</caption>\n'
        f"<thead><tr>{heads}</tr></thead>\n<tbody>\n{''.join(lines)}</tbody></table></div>\n"
    )
