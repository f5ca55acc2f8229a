"""What every door talks to: the open thread, its settings, the other threads, and requests."""

from playground_widget.conversation._answers import use_answer
from playground_widget.conversation._core import Conversation, Update
from playground_widget.conversation._files import LARGEST_FILE
from playground_widget.conversation._ids import new_id
from playground_widget.conversation._requests import carry_out
from playground_widget.conversation._resolve import resolve
from playground_widget.conversation._rooms import Outcome, Rooms
from playground_widget.conversation._session import Placed, Session
from playground_widget.conversation._variables import present_values, values_of
from playground_widget.conversation._wire import wire_of

__all__ = [
    "LARGEST_FILE",
    "Conversation",
    "Outcome",
    "Placed",
    "Rooms",
    "Session",
    "Update",
    "carry_out",
    "new_id",
    "present_values",
    "resolve",
    "use_answer",
    "values_of",
    "wire_of",
]
