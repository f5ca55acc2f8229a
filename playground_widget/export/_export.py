"""A thread as the text of a file."""

from __future__ import annotations

from playground_widget.errors import InputError
from playground_widget.export._asked import asked
from playground_widget.export._cells import to_cells
from playground_widget.export._code_of import python_steps
from playground_widget.export._curl import curl
from playground_widget.export._figures import slug, title_of
from playground_widget.export._files import notebook_text, thread_text
from playground_widget.export._python import as_file, comment
from playground_widget.export._text import body_of
from playground_widget.export._transcript import markdown_text, page_text
from playground_widget.export._trim import trimmed, without
from playground_widget.export._values import Exported, Format, Options, Style, Target
from playground_widget.model import Thread
from playground_widget.text import clean_text

__all__ = ["export"]

_DEFAULT = Options()
_OPENAI = Target()

_KINDS: dict[str, tuple[str, str]] = {
    "ipynb": (".ipynb", "application/x-ipynb+json"),
    "md": (".md", "text/markdown"),
    "json": (".json", "application/json"),
    "py": (".py", "text/x-python"),
    "curl": (".sh", "text/x-shellscript"),
    "html": (".html", "text/html"),
}


def export(
    thread: Thread,
    format: Format,  # noqa: A002 - the word of the wire and of the page
    style: Style = "openai",
    options: Options = _DEFAULT,
    target: Target = _OPENAI,
) -> Exported:
    """Return a thread as the text of a file.

    Args:
        thread: The thread.
        format: `ipynb`, a notebook of `to_cells`; `md`; `json`, which `from_json` reads; `py`, a
            program; `curl`, a shell command; `html`, a page that loads nothing.
        style: Of `ipynb`, as in `to_cells`; `py` is a program of the style `code` if that is
            named, else `openai`.
        options: What is in it.
        target: Where requests go. No key is ever part of an export: programs read it from the
            environment.

    Returns:
        A name for the file, its media type and its text.

    Raises:
        InputError: The format or style is unknown, or the target cannot be meant.

    Example:
        >>> export(Thread(id="t", title="Penguin body mass"), "md").name
        'penguin-body-mass.md'
    """
    if format not in _KINDS:
        raise InputError(f"unknown format {str(format)[:40]!r}; known are {', '.join(_KINDS)}")
    suffix, media_type = _KINDS[format]
    try:
        text = _text(thread, format, style, options, target)
    except RecursionError:
        raise InputError("the parameters of this thread are nested too deeply") from None
    return Exported(name=slug(thread.title) + suffix, media_type=media_type, text=text)


def _text(thread: Thread, format_: str, style: Style, options: Options, target: Target) -> str:
    if format_ == "ipynb":
        return notebook_text(to_cells(thread, style, options, target))
    if format_ == "md":
        return markdown_text(thread, options)
    if format_ == "html":
        return page_text(thread, options)
    if format_ == "json":
        kept = trimmed(thread, options)
        return thread_text(kept if options.answers else without(kept, "assistant", "tool"))
    if format_ == "curl":
        return clean_text(curl(title_of(thread), asked(thread, options, target), target))
    return as_file(clean_text(_python(thread, style, options, target))) + "\n"


def _python(thread: Thread, style: Style, options: Options, target: Target) -> str:
    if style == "code":
        cells = to_cells(thread, style, options, target)[1:]
        texts = [cell.source if cell.type == "code" else comment(cell.source) for cell in cells]
        return "\n\n".join([comment(title_of(thread)), *texts])
    found = asked(thread, options, target)
    texts = python_steps(thread, found, target)
    if found.answer is not None and options.answers:
        texts.append(comment(f"The answer then:\n\n{body_of(found.answer)}"))
    return "\n\n".join(texts)
