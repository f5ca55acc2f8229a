"""Runs a comparison that a test kills: a program. STORE SERVER"""

from __future__ import annotations

import sys

from playground_widget import Connection, Playground


def main(store: str, server: str) -> None:
    pg = Playground(
        store=store,
        connection=Connection("demo", server),
        model="demo-echo",
        extra={"demo": {"rate": None, "first_token": 0}},
    )
    rows = [f"Row {n}" for n in range(8)]
    comparison = pg.compare(rows, name="Reviews", max_concurrency=2, scorers=[len_of])
    comparison.result()


def len_of(output: str, row: object) -> int:
    """Score at once for half of the rows, and for ever for the rest."""
    if int(output.split()[1]) >= 4:
        sys.stdout.write("half\n")  # in one piece: two cells are scored at once
        sys.stdout.flush()
        sys.stdin.read()
    return len(output) + bool(row)


if __name__ == "__main__":
    main(*sys.argv[1:])
