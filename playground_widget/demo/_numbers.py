"""The very long answer: a walk through the whole numbers, one section each, without an end.

Everything it says is true. It is varied Markdown (headings, lists, tables, code, quotes, maths) in
several scripts, with emoji and combining marks, so that it tries whatever shows it.
"""

from __future__ import annotations

from functools import lru_cache
from math import isqrt

__all__ = ["section", "walk"]

# Digits of other scripts; Unicode keeps the ten of each in a row.
_SCRIPTS = (("Devanagari", 0x0966), ("Thai", 0x0E50), ("Arabic", 0x0660), ("Khmer", 0x17E0))
# Each has more code points than it has visible characters.
_CLUSTERS = (
    "👩\u200d🔬 counts, 👨\u200d👩\u200d👧 listen",
    "🇩🇰 and 🇯🇵 are two flags of two code points each",
    "e\u0301, n\u0303 and u\u0308 are letters with a mark of their own",
    "नमस्ते is six code points that join",
    "👍🏽 is a thumb and a tone",
    "ش\u0651 carries a shadda, שׁ a dot",
    "a\u0323\u0302 has two marks on one letter",
    "❤\ufe0f asks for its colour",
)
_LANGUAGES = ("python", "javascript", "rust", "sql")


def walk(characters: int) -> str:
    """Return the walk's first sections, at least `characters` long in all.

    A longer walk begins with the shorter one.
    """
    pieces = ["# A walk through the whole numbers\n\n"]
    length = len(pieces[0])
    number = 1
    while length < characters:
        pieces.append(section(number))
        length += len(pieces[-1])
        number += 1
    return "".join(pieces)


@lru_cache(maxsize=4096)
def section(number: int) -> str:
    """Return the Markdown about one number, with the blank line after it."""
    small = [one for one in range(1, isqrt(number) + 1) if number % one == 0]
    divisors = sorted({*small, *(number // one for one in small)})
    blocks = [f"## {number}{_keycaps(number)}", _sentence(number, divisors)]
    shapes = (_table, _list, _code, _quote, _maths, _tasks, _scripts)
    blocks.append(shapes[number % len(shapes)](number, divisors))
    if number % 3 == 0:
        blocks.append(f"In passing: {_CLUSTERS[number // 3 % len(_CLUSTERS)]}.")
    return "\n\n".join(blocks) + "\n\n"


def _sentence(number: int, divisors: list[int]) -> str:
    if number == 1:
        return "One has a single divisor, which is why it is *not* called a prime."
    if divisors == [1, number]:
        kind = f"**{number} is prime**: nothing but 1 and itself divides it"
    else:
        kind = f"{number} has {len(divisors)} divisors, the largest below itself is {divisors[-2]}"
    steps, highest = _collatz(number)
    return (
        f"{kind}. In binary it is `{number:b}`, which has {number.bit_count()} "
        f"{'one' if number.bit_count() == 1 else 'ones'}. Halving it when even, and tripling it "
        f"and adding one when odd, comes to 1 in {steps} {'step' if steps == 1 else 'steps'} "
        f"and never goes above {highest:,}."
    )


def _collatz(number: int) -> tuple[int, int]:
    """Return the number of steps to 1 and the highest value on the way."""
    steps, highest = 0, number
    while number != 1:
        number = number // 2 if number % 2 == 0 else 3 * number + 1
        steps, highest = steps + 1, max(highest, number)
    return steps, highest


def _table(number: int, _: list[int]) -> str:
    rows = [
        f"| {power} | {number**power:,} | {len(str(number**power))} |" for power in (1, 2, 3, 4)
    ]
    return "\n".join(["| Power | Value | Digits |", "|---:|---:|:---:|", *rows])


def _list(number: int, divisors: list[int]) -> str:
    lines = [f"- {one} · {number // one} = {number}" for one in divisors[:6]]
    lines[0] += f"\n  - and {number} is {'even' if number % 2 == 0 else 'odd'}"
    return "\n".join(lines)


def _code(number: int, divisors: list[int]) -> str:
    match _LANGUAGES[number // 7 % len(_LANGUAGES)]:
        case "python":
            body = (
                f"n = {number}\ndivisors = [d for d in range(1, n + 1) if n % d == 0]\n"
                f"print(divisors)  # {divisors}"
            )
            return f"```python\n{body}\n```"
        case "javascript":
            body = f'const n = {number};\nconsole.log(n.toString(2));  // "{number:b}"'
            return f"```javascript\n{body}\n```"
        case "rust":
            body = (
                "fn main() {\n"
                f"    let n: u64 = {number};\n"
                f'    println!("{{}}", n.count_ones()); // {number.bit_count()}\n'
                "}"
            )
            return f"```rust\n{body}\n```"
        case _:
            return f"```sql\nSELECT {number} * {number} AS square; -- {number * number}\n```"


def _quote(number: int, _: list[int]) -> str:
    return (
        f"> The first {number} odd numbers add up to {number} squared, which is "
        f"{number * number:,}.\n>\n> — true of every number here"
    )


def _maths(number: int, _: list[int]) -> str:
    total = number * (number + 1) // 2
    return (
        f"The numbers up to $n = {number}$ add up to ${total}$:\n\n"
        f"$$\n\\sum_{{k=1}}^{{{number}}} k = "
        f"\\frac{{{number} \\cdot {number + 1}}}{{2}} = {total}\n$$"
    )


def _tasks(_: int, divisors: list[int]) -> str:
    checks = (("divisible by 2", 2), ("divisible by 3", 3), ("divisible by 5", 5))
    return "\n".join(f"- [{'x' if one in divisors else ' '}] {name}" for name, one in checks)


def _scripts(number: int, _: list[int]) -> str:
    written = ", ".join(
        f"{name} {''.join(chr(zero + int(digit)) for digit in str(number))}"
        for name, zero in _SCRIPTS
    )
    return f"1. Written elsewhere: {written}.\n2. Backwards: ~~{number}~~ {str(number)[::-1]}."


def _keycaps(number: int) -> str:
    if number % 10:
        return ""
    return " " + "".join(f"{digit}\ufe0f\u20e3" for digit in str(number))
