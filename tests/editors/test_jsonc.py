"""Settings with comments: read as JSON, changed at one place, everything else untouched."""

from __future__ import annotations

import json
import random
import re
from typing import Any

import pytest

from mace_scf.editors import jsonc

FULL = """\
// head
{
  "editor.tabSize": 2, // two
  /* schemas */
  "yaml.schemas": {
    "./other.json": "other/*.yaml", // keep
  },
  "list": [1, 2,],
  "text": "no // comment, no /* either */ and \\" a quote",
}
"""


@pytest.mark.parametrize(
    "text",
    ["1", "-1.5e3", "true", "null", '"a"', "[]", "{}", '{"a": [1, {"b": null}]}', FULL, "/**/ {} // end"],
)
def test_what_editors_take_is_read(text: str) -> None:
    strict = re.sub(r"//(?=[^\"]*$)[^\n]*|/\*(?:(?!either).)*?\*/", "", text, flags=re.MULTILINE | re.DOTALL)
    strict = re.sub(r",(\s*[}\]])", r"\1", strict)

    assert jsonc.parse(text).value == json.loads(strict)


@pytest.mark.parametrize(
    "text",
    ["", "{", '{"a" 1}', "{a: 1}", "[1 2]", "{} {}", "[,]", "'a'", "nul", "[" * 500, '{"a": 1,,}', "/* {}"],
)
def test_what_they_do_not_take_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        jsonc.parse(text)


def test_a_value_is_put_behind_the_last_one_and_comments_stay() -> None:
    after = jsonc.set_value(FULL, ("yaml.schemas", "./mine.json"), ["*.yaml"])

    assert jsonc.parse(after).value["yaml.schemas"] == {
        "./other.json": "other/*.yaml",
        "./mine.json": ["*.yaml"],
    }
    added = [line for line in after.splitlines() if line not in FULL.splitlines()]
    assert added == ['    "./mine.json": [', '      "*.yaml"', "    ]"]
    assert [line for line in FULL.splitlines() if line not in after.splitlines()] == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{}", '{\n  "a": 1\n}'),
        ('{"b": 2}', '{"b": 2,\n  "a": 1\n}'),
        ('{\n    "b": 2\n}\n', '{\n    "b": 2,\n    "a": 1\n}\n'),
        ('{\n\t"b": 2 // two\n}\n', '{\n\t"b": 2, // two\n\t"a": 1\n}\n'),
        ('{\n  "b": 2,\n}\n', '{\n  "b": 2,\n  "a": 1\n}\n'),
        ("{\n  // nothing yet\n}\n", '{\n  // nothing yet\n  "a": 1\n}\n'),
        ('{"a": 2} // end', '{"a": 1} // end'),
        ('{\n  "b": {"c": 1} /* c */\n}', '{\n  "b": {"c": 1}, /* c */\n  "a": 1\n}'),
    ],
)
def test_layouts_are_followed(text: str, expected: str) -> None:
    assert jsonc.set_value(text, ("a",), 1) == expected


def test_what_is_no_mapping_on_the_way_is_refused() -> None:
    with pytest.raises(ValueError, match="is no mapping"):
        jsonc.set_value('{"a": [1]}', ("a", "b"), 1)
    with pytest.raises(ValueError, match="is no list"):
        jsonc.append('{"a": 1}', ("a",), 1)


def test_items_are_appended() -> None:
    assert jsonc.parse(jsonc.append('{"a": [1, /* b */ 2]}', ("a",), 3)).value == {"a": [1, 2, 3]}
    assert jsonc.parse(jsonc.append("{}", ("a",), 3)).value == {"a": [3]}


# --- any settings ---------------------------------------------------------------------------------


def written(value: Any, dice: random.Random, depth: int = 0) -> str:
    """A value in some layout, with comments and commas wherever editors take them."""

    def gap() -> str:
        return dice.choice(["", " ", "\n", "\n" + "  " * depth, " // c\n", " /* , } */ "])

    if isinstance(value, dict):
        parts = [
            f'{gap()}"{key}"{gap()}:{gap()}{written(item, dice, depth + 1)}{gap()}'
            for key, item in value.items()
        ]
        return "{" + ",".join(parts) + ("," if parts and dice.random() < 0.3 else "") + gap() + "}"
    if isinstance(value, list):
        items = [gap() + written(item, dice, depth + 1) + gap() for item in value]
        return "[" + ",".join(items) + ("," if items and dice.random() < 0.3 else "") + gap() + "]"
    return json.dumps(value)


def some_value(dice: random.Random, depth: int = 0) -> Any:
    if depth < 3 and dice.random() < 0.6:
        return {f"k{dice.randrange(4)}": some_value(dice, depth + 1) for _ in range(dice.randrange(4))}
    if depth < 3 and dice.random() < 0.4:
        return [some_value(dice, depth + 1) for _ in range(dice.randrange(3))]
    return dice.choice([1, "x // y", "}", None, True, 1.5])


@pytest.mark.parametrize("seed", range(400))
def test_a_change_gives_the_content_with_the_value_and_keeps_every_comment(seed: int) -> None:
    dice = random.Random(seed)
    content = {f"k{number}": some_value(dice) for number in range(dice.randrange(4))}
    text = written(content, dice)
    keys = tuple(f"k{dice.randrange(4)}" for _ in range(dice.randrange(1, 4)))
    expected: Any = content
    for key in keys[:-1]:
        if not isinstance(expected, dict):
            break
        expected = expected.setdefault(key, {})
    assert jsonc.parse(text).value == json.loads(json.dumps(jsonc.parse(text).value))

    if not isinstance(expected, dict):
        with pytest.raises(ValueError, match="is no mapping"):
            jsonc.set_value(text, keys, ["new"])
        return
    replaced = written(expected[keys[-1]], dice) if keys[-1] in expected else ""
    expected[keys[-1]] = ["new"]
    after = jsonc.set_value(text, keys, ["new"])

    assert jsonc.parse(after).value == content
    if not replaced:
        assert after.count("c") + after.count("*") >= text.count("c") + text.count("*")
    assert jsonc.set_value(after, keys, ["new"]).replace(" ", "") == after.replace(" ", "")
