"""JetBrains IDEs: `.idea/jsonSchemas.xml`, their mappings of JSON Schemas, which count for YAML too."""

from __future__ import annotations

import re
from xml.etree import ElementTree
from xml.sax.saxutils import quoteattr

from .change import Change, Plan, ReadText, RefusedError, Schema, schema_changes

FOLDER = ".idea/mace-scf"
SETTINGS = ".idea/jsonSchemas.xml"
COMPONENT = "JsonSchemaMappingsProjectConfiguration"
_NEW = f"""\
<?xml version="1.0" encoding="UTF-8"?>
<project version="4">
  <component name="{COMPONENT}">
    <state>
      <map>
      </map>
    </state>
  </component>
</project>
"""
_ENTRY = re.compile(r'[ \t]*<entry key="mace-scf (?P<kind>[a-z-]+)">.*?</entry>\n?', re.DOTALL)


def plan(schemas: tuple[Schema, ...], read: ReadText) -> Plan:
    """Entries of our names are put in or replaced; those of other names stay as they are."""
    before = read(SETTINGS)
    after = before if before is not None and before.strip() else _NEW
    kept = {entry["kind"] for entry in _ENTRY.finditer(after)}
    for schema in schemas:
        if schema.chosen or schema.kind not in kept:
            after = _with_entry(after, schema)
    if not _holds(after, schemas) or (before and not _others(before) <= _others(after)):
        by_hand = "".join(map(_entry, schemas))
        raise RefusedError(SETTINGS, "holds something else than mappings of schemas", by_hand)
    return Plan(schema_changes(FOLDER, schemas, read), (Change(SETTINGS, before, after),))


def _with_entry(text: str, schema: Schema) -> str:
    text = _ENTRY.sub(lambda entry: "" if entry["kind"] == schema.kind else entry[0], text)
    if f'name="{COMPONENT}"' not in text:
        inner = "\n".join(_NEW.split("\n")[2:-2])
        text = re.sub(r"[ \t]*</project>", lambda end: f"{inner}\n{end[0]}", text, count=1)
    head, mark, tail = text.partition(f'name="{COMPONENT}"')
    tail = re.sub(r"<map\s*/>", "<map>\n      </map>", tail, count=1)
    return head + mark + re.sub(r"[ \t]*</map>", lambda end: f"{_entry(schema)}{end[0]}", tail, count=1)


def _entry(schema: Schema) -> str:
    items = "".join(
        f"""\
                  <Item>
                    <option name="pattern" value="true" />
                    <option name="path" value={quoteattr(pattern)} />
                    <option name="mappingKind" value="Pattern" />
                  </Item>
"""
        for pattern in schema.patterns
    )
    name = f"mace-scf {schema.kind}"
    return f"""\
        <entry key="{name}">
          <value>
            <SchemaInfo>
              <option name="generatedName" value="New Schema" />
              <option name="name" value="{name}" />
              <option name="relativePathToSchema" value={quoteattr(f"{FOLDER}/{schema.file}")} />
              <option name="schemaVersion" value="JSON Schema version 7" />
              <option name="patterns">
                <list>
{items}                </list>
              </option>
            </SchemaInfo>
          </value>
        </entry>
"""


def _entries(text: str) -> dict[str, str]:
    """Every mapping by its key, in one spelling."""
    try:
        root = ElementTree.fromstring(text)
    except ElementTree.ParseError:
        return {}
    maps = root.iterfind(f"component[@name='{COMPONENT}']/state/map/entry")
    return {entry.get("key", ""): ElementTree.canonicalize(ElementTree.tostring(entry)) for entry in maps}


def _holds(text: str, schemas: tuple[Schema, ...]) -> bool:
    return {f"mace-scf {schema.kind}" for schema in schemas} <= set(_entries(text))


def _others(text: str) -> set[tuple[str, str]]:
    ours = ("mace-scf config", "mace-scf dataset-card", "mace-scf project", "mace-scf extension")
    return {pair for pair in _entries(text).items() if pair[0] not in ours}
