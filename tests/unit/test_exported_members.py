"""The public names are exact, sorted, and each is there."""

from __future__ import annotations

import playground_widget


def test_all_is_exact() -> None:
    names = playground_widget.__all__
    # As ruff has it: what is written in capitals comes first.
    assert names == sorted(names, key=lambda name: (not name.isupper(), name))
    assert all(hasattr(playground_widget, name) for name in names if name != "__version__")
    imported = {"Any", "TYPE_CHECKING"}
    loaded = {name for name in vars(playground_widget) if name[0].isupper()} - imported
    assert loaded == {name for name in names if name[0].isupper()}


def test_an_unknown_name_is_an_attribute_error() -> None:
    assert not hasattr(playground_widget, "Nonsense")
    assert not hasattr(playground_widget, "NonsenseError")


def test_the_error_tree_is_the_one_in_its_docstring() -> None:
    from playground_widget import errors  # noqa: PLC0415 - its docstring is the subject

    drawn = {
        word
        for line in (errors.__doc__ or "").splitlines()
        if "──" in line
        for word in [line.split("── ")[1].split()[0]]
    }
    made = {name for name in errors.__all__ if name.endswith("Error")} - {"PlaygroundError"}
    assert drawn == made
