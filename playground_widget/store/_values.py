"""Messages and events as they stand in the tables, and back.

What a message says is found by the hash of its parts; the bytes of a picture by theirs.
"""

from __future__ import annotations

import base64
import hashlib
import json
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, NamedTuple

import orjson

from playground_widget.events import (
    Added,
    Asking,
    Changed,
    Event,
    Finished,
    Retrying,
    Selected,
    Started,
    changes_from_dict,
    changes_to_dict,
)
from playground_widget.model import (
    Consent,
    Image,
    Message,
    Part,
    Retry,
    TokenLogprob,
    part_from_dict,
    part_to_dict,
    text_of,
)

__all__ = [
    "Packed",
    "blobs_in_facts",
    "blobs_named",
    "blobs_of",
    "event_from_json",
    "event_to_json",
    "facts_of",
    "message_from",
    "messages_named",
    "pack",
    "plain",
    "request_of",
    "unpack",
    "words_in",
    "words_of",
]

INLINE = 200
"""How many characters of a variable's value stand in each message that was asked with it."""

_OWN_COLUMNS = ("id", "parent", "role", "status", "content", "retry", "consent")


class Packed(NamedTuple):
    """The parts of a message as they are stored.

    Args:
        hash: Names them: 16 bytes of SHA-256.
        parts: JSON, in which a picture's bytes are named by their hash.
        blobs: The bytes by hash.
    """

    hash: bytes
    parts: str
    blobs: Mapping[bytes, bytes]


def _hash(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()[:16]


def _dumps(value: Any) -> str:
    """Return JSON; whole numbers of any size, which orjson doesn't take, by the slow way."""
    try:
        return orjson.dumps(value).decode()
    except TypeError:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _bytes_of(data: str) -> bytes:
    try:
        return base64.b64decode(data)
    except ValueError:
        return b""


def pack(content: Iterable[Part]) -> Packed:
    """Return the parts of a message as they are stored.

    Example:
        >>> from playground_widget.model import Text
        >>> pack([Text("hi")]).parts
        '[{"type":"text","text":"hi"}]'
    """
    blobs: dict[bytes, bytes] = {}
    plain: list[dict[str, Any]] = []
    for part in content:
        data = part_to_dict(part)
        if isinstance(part, Image) and part.data:
            image = _bytes_of(part.data)
            # Only what comes back as it was; anything else stays in place.
            if base64.b64encode(image).decode() == part.data:
                blobs[_hash(image)] = image
                data["data"] = {"blob": _hash(image).hex()}
        plain.append(data)
    parts = _dumps(plain)
    return Packed(_hash(parts.encode()), parts, blobs)


def unpack(parts: str, blobs: Mapping[bytes, bytes]) -> tuple[Part, ...]:
    """Return the parts that `pack` stored.

    Args:
        parts: The JSON.
        blobs: At least the bytes that it names.
    """
    found: list[Part] = []
    for data in json.loads(parts):
        named = data.get("data")
        if isinstance(named, Mapping):
            image = blobs[bytes.fromhex(named["blob"])]
            data["data"] = base64.b64encode(image).decode()
        found.append(part_from_dict(data))
    return tuple(found)


def blobs_named(parts: str) -> list[bytes]:
    """Return the hashes of the pictures that stored parts name."""
    if '{"blob":' not in parts:
        return []
    named = [part.get("data") for part in json.loads(parts)]
    return [bytes.fromhex(data["blob"]) for data in named if isinstance(data, Mapping)]


def words_in(parts: str) -> str:
    """Return the words of stored parts, for which the bytes of pictures are not needed."""
    return words_of(unpack(parts, _NoPictures()))


class _NoPictures(dict[bytes, bytes]):
    """Stands for pictures where only words are looked at."""

    def __missing__(self, _: bytes) -> bytes:
        return b"-"


def words_of(content: Iterable[Part]) -> str:
    """Return what is found by search: the words of a message, without tool calls."""
    return " ".join(text_of(part) for part in content if part.type != "tool_call")


def plain(text: str) -> str:
    """Return a text as search compares it: in lower case and without accents.

    Example:
        >>> plain("Crème BRÛLÉE")
        'creme brulee'
    """
    letters = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def facts_of(message: Message) -> str:
    """Return what is known of a message beside its columns, as JSON.

    Long values of variables are named by their hash, as the bytes of pictures are: many answers
    are asked with the same ones.
    """
    data = message.to_dict()
    for name in _OWN_COLUMNS:
        data.pop(name, None)
    if message.logprobs:
        # Without names of fields: there are as many as tokens, each with its alternatives.
        data["logprobs"] = [[t.token, t.logprob, t.top] for t in message.logprobs]
    if "variables" in data:
        data["variables"] = _packed_variables(message)
    return _dumps(data)


def _packed_variables(message: Message) -> dict[str, Any]:
    return {
        name: {"blob": _hash(text.encode()).hex()} if len(text) > INLINE else text
        for name, text in (message.variables or {}).items()
    }


def blobs_of(message: Message) -> dict[bytes, bytes]:
    """Return the values of variables that `facts_of` names by their hash."""
    texts = (text for text in (message.variables or {}).values() if len(text) > INLINE)
    return {_hash(data): data for data in map(str.encode, texts)}


def blobs_in_facts(facts: str) -> list[bytes]:
    """Return the hashes that stored facts name."""
    if '{"blob":' not in facts:
        return []
    named = json.loads(facts).get("variables", {}).values()
    return [bytes.fromhex(text["blob"]) for text in named if isinstance(text, Mapping)]


def message_from(row: Any, content: tuple[Part, ...], blobs: Mapping[bytes, bytes]) -> Message:
    """Return the message of a row of `messages`.

    Args:
        row: With its facts.
        content: Its parts.
        blobs: At least what its facts name by hash.
    """
    data = json.loads(row.facts)
    for name, text in data.get("variables", {}).items():
        if isinstance(text, Mapping):
            data["variables"][name] = blobs[bytes.fromhex(text["blob"])].decode()
    head = {"id": row.id, "parent": row.parent, "role": row.role, "status": row.status}
    logprobs = data.pop("logprobs", None)
    message = Message.from_dict({**data, **head, "content": []})
    return replace(
        message,
        content=content,
        logprobs=logprobs
        and tuple(
            TokenLogprob(token, logprob, tuple((other, its) for other, its in top))
            for token, logprob, top in logprobs
        ),
    )


def request_of(message: Message) -> str:
    """Return what an answer is asked with, as JSON: the rest is in its thread, the key nowhere."""
    asked = {
        "head": message.parent,
        "prompt": message.prompt,
        "model": message.model,
        "params": message.params.to_dict() if message.params else {},
        "continued": message.continued,
        "reasked": message.reasked,
        "connection": message.connection,
        "variables": _packed_variables(message),
    }
    return _dumps(asked)


# ------------------------------------------------------------------------------- events


def event_to_json(event: Event) -> str:
    """Return an event as it stands in the log, where messages are named by id."""
    data: dict[str, Any] = {}
    match event:
        case Added(made, head):
            data = {"added": [m.id for m in made], "head": head}
        case Started(message, head):
            data = {"started": message.id, "head": head}
        case Retrying(identity, retry):
            data = {"retrying": identity, "retry": retry.to_dict() if retry else None}
        case Asking(identity, consent):
            data = {"asking": identity, "consent": consent.to_dict() if consent else None}
        case Finished(message):
            data = {"finished": message.id}
        case Selected(head):
            data = {"selected": head}
        case Changed(changes):
            data = {"changed": changes_to_dict(changes)}
    return _dumps(data)


def messages_named(logged: str) -> list[str]:
    """Return the ids of the messages that an event of the log puts into the thread."""
    data = json.loads(logged)
    one = data.get("started") or data.get("finished")
    return [one] if one else list(data.get("added", ()))


def event_from_json(logged: str, messages: Mapping[str, Message]) -> Event:
    """Return an event of the log.

    Args:
        logged: The JSON.
        messages: The messages it names, as they are now: an answer that has ended since it
            started comes as such.
    """
    match json.loads(logged):
        case {"added": ids, "head": head}:
            event: Event = Added(tuple(messages[each] for each in ids), head)
        case {"started": identity, "head": head}:
            message = messages[identity]
            streams = message.status == "streaming"
            event = Started(message, head) if streams else Added((message,), head)
        case {"finished": identity}:
            event = Finished(messages[identity])
        case {"retrying": identity, "retry": retry}:
            event = Retrying(identity, Retry.from_dict(retry) if retry else None)
        case {"asking": identity, "consent": consent}:
            event = Asking(identity, Consent.from_dict(consent) if consent else None)
        case {"selected": head}:
            event = Selected(head)
        case data:
            event = Changed(changes_from_dict(data["changed"]))
    return event
