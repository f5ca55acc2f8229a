"""What a made-up value is, by the name of its field."""

from __future__ import annotations

import re

__all__ = ["FORMATS", "number_for", "text_named"]

FORMATS: dict[str, list[str]] = {
    "date": ["2025-03-14", "2025-06-28", "2024-02-29"],
    "date-time": ["2025-03-14T09:26:53Z", "2025-06-28T18:30:00Z"],
    "time": ["09:26:53Z", "18:30:00Z"],
    "duration": ["P1D", "PT15M"],
    "email": ["ada@example.org", "grace@example.org", "alan@example.org"],
    "hostname": ["example.org", "docs.example.org"],
    "ipv4": ["192.0.2.1", "198.51.100.7"],
    "ipv6": ["2001:db8::1", "2001:db8::7"],
    "uri": ["https://example.org/", "https://example.org/docs"],
    "uuid": ["6f1c2a34-9d5e-4b87-8c3a-2f0e1d4c5b6a", "0b7e9f12-3c4d-4e5f-9a6b-7c8d9e0f1a2b"],
}

_TEXTS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("e-?mail", ("ada@example.org", "grace@example.org", "alan@example.org")),
    ("first_?name|given", ("Ada", "Grace", "Alan")),
    ("last_?name|family|surname", ("Lovelace", "Hopper", "Turing")),
    ("name|author|person|who|speaker", ("Ada Lovelace", "Grace Hopper", "Alan Turing")),
    ("city|location|place|town|where", ("Copenhagen", "Lisbon", "Kyoto")),
    ("country", ("Denmark", "Portugal", "Japan")),
    ("species|animal|bird", ("Gentoo", "Adelie", "Chinstrap")),
    ("language|lang", ("English", "Danish", "Portuguese")),
    ("colou?r", ("blue", "green", "amber")),
    ("date|day|when", ("2025-03-14", "2025-06-28", "2024-02-29")),
    ("url|link|website|href", ("https://example.org/", "https://example.org/docs")),
    ("currency", ("EUR", "DKK", "JPY")),
    ("unit", ("g", "kg", "mm")),
    ("tags?|keywords?|topics?|labels?", ("notebook", "prompt", "streaming", "branch")),
    ("sentiment|mood|tone", ("neutral", "calm", "curious")),
    ("title|headline|subject", ("A notebook that talks", "Prompts in cells", "Branches")),
    (
        "summary|description|answer|text|explanation|reason|content|comment|notes?|steps?",
        (
            "Made by the demo model to fit the schema.",
            "The schema gives the form; a real model would give the sense.",
            "Only the form of this value can be relied on.",
        ),
    ),
)
_NUMBERS: tuple[tuple[str, tuple[float, ...]], ...] = (
    ("age", (36, 41, 28)),
    ("year", (2025, 1843, 1969)),
    ("month", (3, 6, 11)),
    ("score|confidence|probability|ratio|share", (0.75, 0.5, 0.9)),
    ("rating|stars|rank", (4, 5, 3)),
    ("price|cost|amount|total", (12.5, 8.75, 24)),
    ("mass|weight", (3750, 5050, 4200)),
    ("lat", (55.68, 38.72, 35.01)),
    ("lon|lng", (12.57, -9.14, 135.77)),
    ("temp", (21.5, 18, 7.25)),
    ("percent", (42, 64, 12)),
)
_PLAIN = ("one", "two", "three", "four", "five")


def text_named(name: str, choice: int) -> str:
    """Return a text that suits a field of this name."""
    plain = name.partition(".")[0]
    for words, texts in _TEXTS:
        if re.search(rf"(?:^|[_\W]|(?<=[a-z])(?=[A-Z]))(?:{words})", plain, re.IGNORECASE):
            return texts[choice % len(texts)]
    label = re.sub(r"[^A-Za-z]+", " ", plain).strip().lower()
    return f"{label} {_PLAIN[choice % 5]}".strip()


def number_for(name: str, choice: int, *, whole: bool) -> float:
    """Return a number that suits a field of this name."""
    for words, numbers in _NUMBERS:
        if re.search(rf"(?:^|[_\W])(?:{words})", name.partition(".")[0], re.IGNORECASE):
            number = numbers[choice % len(numbers)]
            return round(number) if whole else number
    number = choice % 9 + 1
    return number if whole else number + 0.5
