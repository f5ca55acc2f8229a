"""Valid documents are kept, so that what is sent again and again is checked once."""

from __future__ import annotations

from contextlib import suppress
from types import SimpleNamespace
from typing import Any, cast

import pytest
from graphql import DocumentNode, parse

from playground_widget.server import _documents, _execute
from playground_widget.server._asked import Asked
from playground_widget.server._documents import Documents
from playground_widget.server._execute import Operations
from playground_widget.server._faults import RefusedError
from playground_widget.server._limits import Limits

QUERY = "query Known($n: Int!) { threads(first: $n) { edges { cursor } } }"
WITH_A_KEY = (
    'mutation { addConnection(input: { name: "mine", apiKey: "sk-0123456789abcdef" }) '
    "{ error { title } } }"
)


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The texts that were parsed, in order."""
    texts: list[str] = []

    def noting(text: str, **options: Any) -> DocumentNode:
        texts.append(text)
        return parse(text, **options)

    monkeypatch.setattr(_execute, "parse", noting)
    return texts


@pytest.fixture
def operations() -> Operations:
    """Operations that are read and never executed."""
    return Operations(cast("Any", SimpleNamespace(limits=Limits())))


def test_a_document_is_checked_once_and_its_variables_each_time(
    operations: Operations, parsed: list[str]
) -> None:
    read = [operations.read(Asked(QUERY, {"n": n})) for n in (1, 2)]
    assert parsed == [QUERY]
    assert [each.executor.variable_values.coerced for each in read] == [{"n": 1}, {"n": 2}]
    with pytest.raises(RefusedError):
        operations.read(Asked(QUERY, {"n": "three"}))
    assert parsed == [QUERY]


@pytest.mark.parametrize(
    "query", [WITH_A_KEY, '{ __typename } """a"""', "{ __typename } # sk-0123", "{ nothing }"]
)
def test_what_may_hold_a_key_and_what_is_refused_is_read_anew(
    operations: Operations, parsed: list[str], query: str
) -> None:
    for _ in range(2):
        with suppress(RefusedError):
            operations.read(Asked(query))
    assert parsed == [query, query]
    assert "sk-" not in repr(vars(operations._documents))


def test_those_that_were_used_last_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [f"{{ field{n} }}" for n in range(4)]
    monkeypatch.setattr(_documents, "MOST", 3 * len(texts[0]))
    documents = Documents()
    for text in texts[:3]:
        documents.keep(text, parse(text))
    documents.get(texts[0])
    documents.keep(texts[3], parse(texts[3]))
    assert [documents.get(text) is not None for text in texts] == [True, False, True, True]
