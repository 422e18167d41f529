"""Counted with `ast`, so that it stays: short functions with few branches, documented and annotated, and no block written twice."""

import ast
from collections import defaultdict

import pytest

from tests.test_layering import read, sources

MOST_BRANCHES = 10
MOST_LINES = 50
BLOCK_LINES = 6
BRANCHES = (
    ast.If,
    ast.IfExp,
    ast.For,
    ast.AsyncFor,
    ast.While,
    ast.ExceptHandler,
    ast.match_case,
    ast.comprehension,
)
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def functions(file):
    return [node for node in ast.walk(read(file)) if isinstance(node, FUNCTIONS)]


def own_nodes(function):
    """What stands in a function but not in a function inside it, which is counted by itself."""
    for child in ast.iter_child_nodes(function):
        if not isinstance(child, FUNCTIONS):
            yield child
            yield from own_nodes(child)


def n_branches(function):
    """Ways through a function: one, and one more for each place where it forks; `a and b` forks once, `a and b and c` twice."""
    nodes = list(own_nodes(function))
    return (
        1 + sum(isinstance(node, BRANCHES) for node in nodes) + sum(len(node.values) - 1 for node in nodes if isinstance(node, ast.BoolOp))
    )


def n_lines(function):
    return function.end_lineno - function.lineno + 1


@pytest.mark.parametrize("file", sources())
def test_no_function_has_many_branches(file):
    found = {function.name: n for function in functions(file) if (n := n_branches(function)) > MOST_BRANCHES}
    assert found == {}


@pytest.mark.parametrize("file", sources())
def test_no_function_is_long(file):
    found = {function.name: n for function in functions(file) if (n := n_lines(function)) > MOST_LINES}
    assert found == {}


@pytest.mark.parametrize("file", sources())
def test_every_public_function_is_documented_and_annotated(file):
    for function in public_functions(read(file)):
        assert ast.get_docstring(function), function.name
        assert function.returns is not None, function.name
        arguments = [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]
        assert [one.arg for one in arguments if one.annotation is None and one.arg not in {"self", "cls"}] == [], function.name


def public_functions(tree):
    """Of the file and of its public classes; a method that only fills in one of another library's classes is described there."""
    for node in tree.body:
        if isinstance(node, FUNCTIONS) and not node.name.startswith("_"):
            yield node
        elif isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            yield from (one for one in node.body if isinstance(one, FUNCTIONS) and not one.name.startswith("_"))


def code_lines(file):
    """Number and text of every line of code, without blanks, comments, imports and docstrings."""
    skipped = set()
    for node in ast.walk(read(file)):
        if isinstance(node, ast.Import | ast.ImportFrom) or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)):
            skipped |= set(range(node.lineno, node.end_lineno + 1))
    for number, line in enumerate(sources()[file].read_text(encoding="utf-8").splitlines(), 1):
        text = line.strip()
        if number not in skipped and len(text) > 1 and not text.startswith("#"):
            yield number, text


def test_no_block_of_six_lines_stands_twice():
    places = defaultdict(list)
    for file in sources():
        lines = list(code_lines(file))
        for k in range(len(lines) - BLOCK_LINES + 1):
            places[tuple(text for _, text in lines[k : k + BLOCK_LINES])].append(f"{file}:{lines[k][0]}")
    assert [where for where in places.values() if len(where) > 1] == []
