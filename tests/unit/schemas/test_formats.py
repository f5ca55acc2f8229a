"""Answer formats from classes and schemas, and the objects that come back."""

from __future__ import annotations

import datetime as dt
import enum
import json
from dataclasses import dataclass
from typing import Any, Literal, NotRequired

import jsonschema
import pytest
from pydantic import BaseModel, Field, field_validator
from typing_extensions import TypedDict

from playground_widget.errors import InputError
from playground_widget.model import Message, Params, Refusal, Text, ToolCall
from playground_widget.schemas import misfit, params_of, response_format


class Unit(enum.Enum):
    CELSIUS = "C"
    FAHRENHEIT = "F"


class Day(BaseModel):
    date: dt.date
    high: float = Field(lt=60)
    unit: Unit = Field(description="of the temperature")


class Weather(BaseModel):
    city: str
    days: list[Day]
    note: str | None = None


class Node(BaseModel):
    name: str
    below: list[Node] = []


class Cat(BaseModel):
    kind: Literal["cat"]
    lives: int


class Dog(BaseModel):
    kind: Literal["dog"]
    tricks: int


class Owner(BaseModel):
    pet: Cat | Dog = Field(discriminator="kind")


class Counts(BaseModel):
    by_word: dict[str, int]


class Even(BaseModel):
    number: int

    @field_validator("number")
    @classmethod
    def even(cls, value: int) -> int:
        if value % 2:
            raise ValueError("an odd number")
        return value


class Broken(BaseModel):
    number: int

    @field_validator("number")
    @classmethod
    def fail(cls, value: int) -> int:
        raise KeyError(value)


@dataclass
class Point:
    x: float
    y: float = 0.0


class Book(TypedDict):
    title: str
    year: int


class Loose(TypedDict):
    title: str
    year: NotRequired[int]


def asked(wanted: object, text: str, **more: Any) -> Message:
    params = Params(response_format=response_format(wanted))
    return Message(
        id="a", parent=None, role="assistant", content=(Text(text),), params=params, **more
    )


def schema_of(wanted: object) -> dict[str, Any]:
    found: dict[str, Any] = response_format(wanted)["json_schema"]
    return found


def objects_in(schema: Any) -> list[dict[str, Any]]:
    if isinstance(schema, list):
        return [each for item in schema for each in objects_in(item)]
    if not isinstance(schema, dict):
        return []
    own = [schema] if schema.get("type") == "object" else []
    return own + [each for item in schema.values() for each in objects_in(item)]


@pytest.mark.parametrize("wanted", [Weather, Node, Owner, Point, Book])
def test_a_class_becomes_a_strict_format_with_closed_objects(wanted: type) -> None:
    made = schema_of(wanted)
    assert made["strict"] is True
    assert made["name"] == wanted.__name__
    assert made["schema"]["type"] == "object"
    for each in objects_in(made["schema"]):
        assert each["additionalProperties"] is False
        assert each["required"] == list(each["properties"])
    said = json.dumps(made["schema"])
    for word in ("default", "const", "oneOf", "allOf", "discriminator"):
        assert f'"{word}":' not in said
    jsonschema.Draft202012Validator.check_schema(made["schema"])


@pytest.mark.parametrize("wanted", [Counts, Loose])
def test_what_strict_would_change_is_sent_as_it_is(wanted: type) -> None:
    made = schema_of(wanted)
    assert made["strict"] is False
    assert made["schema"]["type"] == "object"


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "array", "items": {"type": "string"}},
        {"type": "object"},
        {"type": "object", "properties": {"a": {}}, "required": ["a"]},
        {"type": "object", "properties": {"a": {"type": "string"}}},
        {"type": "object", "properties": {"a": {"type": "string", "minLength": 2}}},
        {"type": "object", "properties": {"a": {"not": {}}}, "required": ["a"]},
        {"type": "object", "properties": {"a": {"$ref": "https://x.example/s"}}, "required": ["a"]},
        {"type": "object", "properties": {}, "patternProperties": {"^a": {"type": "string"}}},
    ],
)
def test_a_schema_outside_of_the_rules_is_not_strict_and_stays_word_for_word(
    schema: dict[str, Any],
) -> None:
    made = schema_of(schema)
    assert made["strict"] is False
    assert made["schema"] == schema


def test_words_beside_a_reference_go_into_what_it_stands_for() -> None:
    made = schema_of(Weather)["schema"]["$defs"]["Day"]["properties"]["unit"]
    assert made == {
        "title": "Unit",
        "type": "string",
        "enum": ["C", "F"],
        "description": "of the temperature",
    }


@pytest.mark.parametrize(
    "given",
    [{"type": "json_object"}, {"type": "text"}, {"type": "json_schema", "json_schema": {}}],
)
def test_a_response_format_is_taken_as_it_is(given: dict[str, Any]) -> None:
    assert response_format(given) == given


@pytest.mark.parametrize("wanted", [int, 5, "Weather", list[int], Weather(city="a", days=[])])
def test_what_has_no_format_is_refused_by_name(wanted: object) -> None:
    with pytest.raises(InputError, match="pydantic model class, a dataclass"):
        response_format(wanted)


def test_a_broken_schema_is_refused_with_its_place() -> None:
    with pytest.raises(InputError, match=r"no JSON schema: at \.properties\.a\.type"):
        response_format({"type": "object", "properties": {"a": {"type": "word"}}})


def test_a_name_is_made_fit_for_the_service() -> None:
    schema = {"title": "Ärger & Co: " + "x" * 90, "type": "object", "properties": {}}
    name = schema_of(schema)["name"]
    assert name.startswith("rger_Co_xxx")
    assert len(name) == 64


def test_an_answer_is_an_object_of_the_class_it_was_asked_for_with() -> None:
    day = {"date": "2026-01-02", "high": 21, "unit": "C"}
    message = asked(Weather, json.dumps({"city": "Oslo", "days": [day], "note": None}))
    assert misfit(message) is None
    found = message.parsed
    assert isinstance(found, Weather)
    assert found.days[0].date == dt.date(2026, 1, 2)
    assert asked(Point, '{"x": 1, "y": 2}').parsed == Point(1, 2)
    assert asked(Book, '{"title": "A", "year": 1}').parsed == {"title": "A", "year": 1}


def test_the_class_is_found_again_by_what_was_stored() -> None:
    message = asked(Point, '{"x": 1, "y": 2}')
    again = Message.from_dict(json.loads(json.dumps(message.to_dict())))
    assert again.parsed == Point(1, 2)


def test_a_class_that_was_defined_again_reads_what_comes() -> None:
    def define() -> type[BaseModel]:
        class Same(BaseModel):
            word: str

        return Same

    first, second = define(), define()
    asked(first, "{}")
    message = asked(second, '{"word": "a"}')
    assert type(message.parsed) is second


def test_without_the_class_an_answer_is_plain_json_checked_by_its_schema() -> None:
    schema = {
        "type": "object",
        "properties": {"elsewhere": {"type": "integer"}},
        "required": ["elsewhere"],
    }
    wanted = {"type": "json_schema", "json_schema": {"name": "a", "schema": schema}}
    message = asked(wanted, '{"elsewhere": 1}')
    assert message.parsed == {"elsewhere": 1}
    assert misfit(message) is None
    assert misfit(asked(wanted, '{"elsewhere": "b"}')) == (
        "at .elsewhere: 'b' is not of type 'integer'"
    )


@pytest.mark.parametrize(
    ("wanted", "text", "reason"),
    [
        (Weather, '{"city": "Oslo", "days": [{"date": "2026-01-02", "high": "hot", "unit": "C"}]}',
         "at .days[0].high: Input should be a valid number, unable to parse string as a number"),
        (Weather, "Sunny.", "this is not JSON: Expecting value at line 1, column 1"),
        (Weather, "", "this is not JSON: Expecting value at line 1, column 1"),
        (Weather, "[]", "at the top: Input should be an object"),
        (Even, '{"number": 3}', "at .number: Value error, an odd number"),
        (Broken, '{"number": 3}', "at the top: KeyError: 3"),
        ({"type": "json_object"}, '{"a": NaN}', "this is not JSON: NaN is no number of JSON"),
        ({"type": "json_object"}, "[" * 100_000, "this is JSON that is nested too deeply"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_said_with_its_place(wanted: object, text: str, reason: str) -> None:
    message = asked(wanted, text)
    assert misfit(message) == reason
    assert message.parsed is None


def test_an_answer_that_was_cut_off_says_so() -> None:
    message = asked({"type": "json_object"}, '{"a": 1', finish_reason="length")
    assert misfit(message) == (
        "the answer was cut off at the most tokens it may have; this is not JSON: "
        "Expecting ',' delimiter at line 1, column 8"
    )


def test_many_reasons_are_counted() -> None:
    schema = {"type": "object", "required": list("abcdefg")}
    assert str(misfit(asked(schema, "{}"))).endswith("; and 2 more")


def test_refusals_calls_and_broken_answers_are_not_looked_at() -> None:
    message = asked(Weather, "")
    for content in ((Refusal("No."),), (ToolCall(id="c", name="f", arguments="{}"),)):
        other = Message(**{**_fields(message), "content": content})
        assert misfit(other) is None
    assert misfit(Message(**{**_fields(message), "status": "cancelled"})) is None


def test_a_schema_with_an_address_fetches_nothing() -> None:
    schema = {"type": "object", "properties": {"a": {"$ref": "http://127.0.0.1:1/schema"}}}
    assert misfit(asked(schema, '{"a": 1}')) is None


def test_a_schema_that_cannot_be_followed_here_says_nothing() -> None:
    pattern = {"type": "object", "properties": {"a": {"type": "string", "pattern": r"\p{L}+"}}}
    assert misfit(asked(pattern, '{"a": "1"}')) is None


def test_a_reason_is_text_that_can_be_stored() -> None:
    class Quoting(BaseModel):
        word: str

        @field_validator("word", mode="before")
        @classmethod
        def quote(cls, value: object) -> str:
            raise RuntimeError(f"{value} is not \ud800 and \x00")

    reason = misfit(asked(Quoting, '{"word": "a"}'))
    assert reason == "at the top: RuntimeError: a is not \ufffd and \ufffd"


def test_parameters_take_a_class_in_a_dict_and_in_params() -> None:
    wanted = response_format(Point)
    assert params_of({"response_format": Point, "seed": 1}) == {
        "response_format": wanted,
        "seed": 1,
    }
    unchecked: Any = Point
    assert params_of(Params(response_format=unchecked)).response_format == wanted
    assert params_of({"response_format": None}) == {"response_format": None}


def _fields(message: Message) -> dict[str, Any]:
    return {name: getattr(message, name) for name in Message.__slots__}
