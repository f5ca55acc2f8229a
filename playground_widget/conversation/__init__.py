"""What every door talks to: the open thread, its settings, and the requests of pages."""

from playground_widget.conversation._connections import resolve
from playground_widget.conversation._core import Conversation, Placed, Update, new_id
from playground_widget.conversation._requests import carry_out

__all__ = ["Conversation", "Placed", "Update", "carry_out", "new_id", "resolve"]
