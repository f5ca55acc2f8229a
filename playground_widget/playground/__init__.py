"""`Playground`: the Python door to a conversation, and what a notebook shows.

A file for each thing it is for: `_reading` for what is there, `_asking` for answers, `_changing`
for versions, `_comparing` for variants, `_threads` for the other threads, `_files` for cells and
files, `_settings` for what it is asked with, `_listening` for callbacks, `_showing` for the
notebook.
"""

from playground_widget.playground._playground import Playground
from playground_widget.playground._showing import shown_last

__all__ = ["Playground", "shown_last"]
