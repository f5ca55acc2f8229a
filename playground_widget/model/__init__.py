"""A thread is a tree of immutable messages; the functions here read it.

These are values. Nothing here does I/O, looks at a clock or makes an id: identity and time
are given by whoever makes a message. `to_dict` and `from_dict` are the JSON forms that the
wire, the saved transcript and files share.
"""

from playground_widget.model._figures import Consent, Retry, Timing, TokenLogprob, Usage
from playground_widget.model._message import ROLES, STATUSES, Message, Role, Status
from playground_widget.model._params import Params
from playground_widget.model._parts import (
    Image,
    Part,
    Reasoning,
    Refusal,
    Table,
    Text,
    ToolCall,
    part_from_dict,
    part_to_dict,
    text_of,
)
from playground_widget.model._readers import (
    Misfit,
    Reader,
    json_of,
    reader_of,
    remember_reader,
    wants_json,
)
from playground_widget.model._thread import (
    Prompt,
    Thread,
    children,
    get_message,
    leaf,
    path,
    replant,
    siblings,
)

__all__ = [
    "ROLES",
    "STATUSES",
    "Consent",
    "Image",
    "Message",
    "Misfit",
    "Params",
    "Part",
    "Prompt",
    "Reader",
    "Reasoning",
    "Refusal",
    "Retry",
    "Role",
    "Status",
    "Table",
    "Text",
    "Thread",
    "Timing",
    "TokenLogprob",
    "ToolCall",
    "Usage",
    "children",
    "get_message",
    "json_of",
    "leaf",
    "part_from_dict",
    "part_to_dict",
    "path",
    "reader_of",
    "remember_reader",
    "replant",
    "siblings",
    "text_of",
    "wants_json",
]
