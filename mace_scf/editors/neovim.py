"""Neovim: `.nvim.lua`, which Neovim reads itself where `exrc` is set, hands our settings to `yamlls`.

The settings are a JSON file, so that the Lua is the same for everybody and no plugin is needed.
"""

from __future__ import annotations

import json
import re

from .change import Change, Plan, ReadText, Schema, schema_changes

FOLDER = ".nvim/mace-scf"
SETTINGS = f"{FOLDER}/settings.json"
SCRIPT = ".nvim.lua"
_BEGIN, _END = "-- mace-scf: begin (written by `mace-scf schema --wire neovim`)", "-- mace-scf: end"
_BLOCK = re.compile(r"^-- mace-scf: begin.*?^-- mace-scf: end$", re.DOTALL | re.MULTILINE)
_LUA = f"""\
{_BEGIN}
do
  local here = vim.fn.fnamemodify(debug.getinfo(1, "S").source:sub(2), ":p:h")
  local file = here .. "/{SETTINGS}"
  if vim.fn.filereadable(file) == 1 then
    local settings = vim.json.decode(table.concat(vim.fn.readfile(file), "\\n"))
    local schemas = {{}}
    for path, patterns in pairs(settings.yaml.schemas) do
      schemas[vim.uri_from_fname(here .. "/" .. path)] = patterns
    end
    settings.yaml.schemas = schemas
    if vim.lsp.config then -- Neovim 0.11 and later
      vim.lsp.config("yamlls", {{ settings = settings }})
    else
      local found, configs = pcall(require, "lspconfig")
      if found then
        configs.yamlls.setup({{ settings = settings }})
      end
    end
  end
end
{_END}
"""


def plan(schemas: tuple[Schema, ...], read: ReadText) -> Plan:
    """A block between two marks; whatever else the script does stays."""
    before, known = read(SCRIPT), read(SETTINGS)
    table = {f"{FOLDER}/{schema.file}": list(schema.patterns) for schema in schemas}
    fixed = {f"{FOLDER}/{schema.file}" for schema in schemas if schema.chosen}
    kept = {path: patterns for path, patterns in _known(known).items() if path not in fixed}
    settings = {"yaml": {"schemas": table | kept}}
    text = json.dumps(settings, ensure_ascii=False, indent=2) + "\n"
    hint = "Neovim reads .nvim.lua with `:set exrc` in your init file, and asks once whether to trust it"
    changes = (Change(SETTINGS, known, text), Change(SCRIPT, before, _with_block(before)))
    return Plan(schema_changes(FOLDER, schemas, read), changes, hint)


def _known(text: str | None) -> dict[str, list[str]]:
    """Patterns that a user has changed in our file."""
    try:
        schemas = json.loads(text or "{}")["yaml"]["schemas"]
        return dict(schemas) if all(isinstance(patterns, list) for patterns in schemas.values()) else {}
    except (ValueError, KeyError, TypeError, AttributeError):
        return {}


def _with_block(text: str | None) -> str:
    if not text:
        return _LUA
    if _BLOCK.search(text):
        return _BLOCK.sub(lambda _: _LUA.rstrip("\n"), text)
    return f"{text.rstrip()}\n\n{_LUA}"
