"""The golden files of the wire, applied by the Python reducer; vitest reads the same files."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from playground_widget.errors import ErrorInfo
from playground_widget.events import (
    Added,
    Asking,
    Changed,
    Delta,
    Event,
    Finished,
    Live,
    Retrying,
    Selected,
    Started,
    State,
    apply,
)
from playground_widget.model import Consent, Message, Params, Retry, Thread
from playground_widget.protocol import snapshot

FILES = sorted((Path(__file__).parents[1] / "fixtures" / "protocol").glob("*.json"))


def read_event(  # noqa: PLR0911 - one for each kind
    data: dict[str, Any], state: State
) -> Event:
    """Read a structural event from the wire, as a listener that has `state` does."""
    match data["type"]:
        case "added":
            return Added(tuple(map(Message.from_dict, data["messages"])), data["head"])
        case "started":
            return Started(Message.from_dict(data["message"]), data["head"])
        case "retrying":
            return Retrying(data["message"], _retry(data["retry"]))
        case "asking":
            return Asking(data["message"], _consent(data["consent"]))
        case "finished":
            grown = state.message(data["message"]).to_dict()
            for passing in ("retry", "consent", "tokens"):
                grown.pop(passing, None)
            return Finished(Message.from_dict({**grown, **data["final"]}))
        case "selected":
            return Selected(data["head"])
        case "changed":
            changes = dict(data["changes"])
            if "params" in changes:
                changes["params"] = Params().changed(changes["params"])
            return Changed(changes)
    raise AssertionError(data["type"])


def _retry(data: dict[str, Any] | None) -> Retry | None:
    return Retry(**{**data, "error": ErrorInfo.from_dict(data["error"])}) if data else None


def _consent(data: dict[str, Any] | None) -> Consent | None:
    return Consent.from_dict(data) if data else None


def fold(state: State, data: dict[str, Any]) -> State:
    """Apply one event of a batch, unless it is known or lies beyond a gap."""
    if data["type"] == "text":
        live = state.live.get(data["message"])
        if live is not None:
            call = (data["id"], data["name"]) if "id" in data else None
            live.append(
                Delta(
                    data["message"],
                    data["part"],
                    data["offset"],
                    data["text"],
                    data["kind"],
                    data.get("tokens", 0),
                    call,
                )
            )
        return state
    if data.get("revision") != state.revision + 1:
        return state
    if data["type"] == "finished":
        live = state.live.get(data["message"])
        is_whole = "content" in data["final"]
        if live is None or (not is_whole and list(live.lengths) != data["lengths"]):
            return state
    event = read_event(data, state)
    grown = dict(state.live)
    if isinstance(event, Started):
        grown[event.message.id] = Live(event.message.content)
    if isinstance(event, Finished):
        del grown[event.message.id]
    return State(state.revision + 1, apply(state.thread, event), grown)


def start(data: dict[str, Any]) -> State:
    thread = Thread.from_dict(data["thread"])
    live: dict[str, Live] = {}
    for message in data["thread"]["messages"]:
        if message["status"] == "streaming":
            read = thread.messages[message["id"]]
            live[read.id] = Live(read.content)
            live[read.id].tokens = message.get("tokens", 0)
            waiting = replace(
                read,
                tokens=None,
                retry=_retry(message.get("retry")),
                consent=_consent(message.get("consent")),
            )
            thread = thread.with_messages([waiting], thread.head)
    return State(data["revision"], thread, live)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_the_python_reducer_agrees_with_the_golden_file(file: Path) -> None:
    golden = json.loads(file.read_text(encoding="utf-8"))
    state, settings = start(golden["snapshot"]), golden["snapshot"]["settings"]
    for batch in golden["batches"]:
        for data in batch["events"]:
            if data["type"] == "settings":
                settings = data["settings"]
            state = fold(state, data)
    got = json.loads(json.dumps(snapshot(state, settings)))
    assert got == golden["expected"]


def test_there_are_golden_files() -> None:
    assert len(FILES) > 5
