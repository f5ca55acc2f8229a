"""The stub of the widget's base class says what that class has."""

from __future__ import annotations

import ast
import inspect
from pathlib import Path

import anywidget
import pytest
import traitlets

import playground_widget

STUB = Path(playground_widget.__file__).with_name("_anywidget.pyi")

(DECLARED,) = (
    node for node in ast.parse(STUB.read_text("utf-8")).body if isinstance(node, ast.ClassDef)
)
FUNCTIONS = {node.name: node for node in DECLARED.body if isinstance(node, ast.FunctionDef)}
TRAITS = {
    node.target.id: ast.unparse(node.annotation)
    for node in DECLARED.body
    if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name)
}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_method_takes_what_the_stub_says(name: str) -> None:
    there = inspect.getattr_static(anywidget.AnyWidget, name)
    declared = FUNCTIONS[name]
    if declared.decorator_list:
        assert isinstance(there, property)
        there = there.fget
    assert list(inspect.signature(there).parameters) == [each.arg for each in declared.args.args]
    defaults = [
        each.default
        for each in inspect.signature(there).parameters.values()
        if each.default is not inspect.Parameter.empty
    ]
    assert defaults == [ast.literal_eval(each) for each in declared.args.defaults]


@pytest.mark.parametrize("name", TRAITS)
def test_a_trait_is_of_the_kind_the_stub_says(name: str) -> None:
    trait = anywidget.AnyWidget.class_traits()[name]
    kind = TRAITS[name].partition("[")[0].removeprefix("traitlets.")
    if kind != "Any":
        assert type(trait) is getattr(traitlets, kind)
