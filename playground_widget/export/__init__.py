"""Threads as notebook cells and files, and back. Pure: callers read and write the files.

    to_cells       notebook cells in three styles, each of which `from_cells` reads
    export         the text of a file: .ipynb, .md, .json, .py, cURL, .html
    request_for    the request of an answer, or of the next one; `code` writes it as a program
    from_cells     what `to_cells` made, with changes by hand
    from_notebook  the same from the text of an .ipynb file
    from_json      our JSON, ChatGPT's data export, messages as the OpenAI API takes them
    transcript     what a saved notebook shows beside the widget
    draw_text      the tree of a thread with characters, `draw_svg` as a picture

What is read is refused whole with an `InputError`, or taken whole. An answer that was being
written when it was exported is read back as interrupted.
"""

from __future__ import annotations

from playground_widget.export._asked import address, request_for
from playground_widget.export._back import from_cells, from_notebook
from playground_widget.export._cells import to_cells
from playground_widget.export._code import connection_code, role_dict
from playground_widget.export._code_of import Language, code
from playground_widget.export._export import export
from playground_widget.export._figures import slug
from playground_widget.export._files import from_json
from playground_widget.export._html import page_around
from playground_widget.export._python import call, literal, string
from playground_widget.export._transcript import transcript
from playground_widget.export._tree import draw_svg, draw_text
from playground_widget.export._values import Cell, Exported, Format, Options, Style, Target

__all__ = [
    "Cell",
    "Exported",
    "Format",
    "Language",
    "Options",
    "Style",
    "Target",
    "address",
    "call",
    "code",
    "connection_code",
    "draw_svg",
    "draw_text",
    "export",
    "from_cells",
    "from_json",
    "from_notebook",
    "literal",
    "page_around",
    "request_for",
    "role_dict",
    "slug",
    "string",
    "to_cells",
    "transcript",
]
