"""All rules in one module, for wheels: a hundred files are right for people and slow to open at every start.

Each rule's file becomes a function that holds its body, so that names of one file never meet those of another.
"""

from __future__ import annotations

import ast
import importlib
import inspect
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

HEADER = '"""Every rule in one module. Written when the wheel is built; the sources stand beside it."""'


def compiled_source() -> str:
    """Text of the module `mace_scf/rules/_compiled.py`, whose `RULES` holds every rule class."""
    modules = list(dict.fromkeys(_modules()))
    body = [ast.parse("from __future__ import annotations").body[0], *map(_as_function, modules)]
    names = ", ".join(f"*{_name(module)}()" for module in modules)
    body += ast.parse(f"RULES = ({names},)").body
    tree = ast.fix_missing_locations(ast.Module(body=body, type_ignores=[]))
    return f"{HEADER}\n{ast.unparse(tree)}\n"


def _modules() -> Iterator[ModuleType]:
    families = importlib.import_module("mace_scf.rules.registry").families()
    for family in families:
        for rule in family.RULES:
            yield importlib.import_module(rule.__module__)


def _name(module: ModuleType) -> str:
    return module.__name__.removeprefix("mace_scf.rules.").replace(".", "__")


def _as_function(module: ModuleType) -> ast.stmt:
    tree = ast.parse(Path(inspect.getfile(module)).read_text(encoding="utf-8"))
    statements = [_absolute(node, module) for node in tree.body[1:] if not _is_future(node)]
    rules = [name for name, value in vars(module).items() if _is_rule_of(value, module)]
    listed = "RULES" if hasattr(module, "RULES") else f"({', '.join(rules)},)"  # some modules make theirs
    function = ast.parse(f"def {_name(module)}(): return {listed}").body[0]
    assert isinstance(function, ast.FunctionDef)
    function.body[:0] = statements
    return function


def _is_rule_of(value: object, module: ModuleType) -> bool:
    return inspect.isclass(value) and value.__module__ == module.__name__ and hasattr(value, "code")


def _is_future(node: ast.stmt) -> bool:
    return isinstance(node, ast.ImportFrom) and node.module == "__future__"


def _absolute(node: ast.stmt, module: ModuleType) -> ast.stmt:
    for found in ast.walk(node):
        if isinstance(found, ast.ImportFrom) and found.level:
            package = module.__name__.rsplit(".", found.level)[0]
            found.module = f"{package}.{found.module}" if found.module else package
            found.level = 0
    return node
