"""The messages of the widget's wire, each with its direction.

Browser to kernel: requests, each with a `request` id of the browser's own, answered by exactly
one `done` or `refused`. Kernel to browser: a snapshot, and batches of events and deltas.

What a browser sends is untrusted: `parse_request` checks every field, and what does not fit is
an `InputError` before anything looks at it.
"""

from playground_widget.protocol._events import (
    delta_to_dict,
    done,
    event_to_dict,
    refused,
    snapshot,
)
from playground_widget.protocol._requests import (
    LONGEST_ID,
    Add,
    Asset,
    Claim,
    Connect,
    Continue,
    Delete,
    Edit,
    Hello,
    Models,
    Regenerate,
    Request,
    RetryNow,
    RunHead,
    Select,
    Send,
    Set,
    Snapshot,
    Stop,
    Undo,
    parse_request,
    request_id,
)

__all__ = [
    "LONGEST_ID",
    "Add",
    "Asset",
    "Claim",
    "Connect",
    "Continue",
    "Delete",
    "Edit",
    "Hello",
    "Models",
    "Regenerate",
    "Request",
    "RetryNow",
    "RunHead",
    "Select",
    "Send",
    "Set",
    "Snapshot",
    "Stop",
    "Undo",
    "delta_to_dict",
    "done",
    "event_to_dict",
    "parse_request",
    "refused",
    "request_id",
    "snapshot",
]
