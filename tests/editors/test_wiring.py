"""`mace-scf schema --wire EDITOR`: what editors read is written, what a user has there stays."""

from __future__ import annotations

import itertools
import json
import tomllib
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import jsonschema
import pytest

from mace_scf.cli.main import main
from mace_scf.editors import jsonc
from mace_scf.editors.jetbrains import COMPONENT

SETTINGS = {
    "vscode": ".vscode/settings.json",
    "jetbrains": ".idea/jsonSchemas.xml",
    "neovim": ".nvim.lua",
    "helix": ".helix/languages.toml",
}
KINDS = ("config", "dataset-card", "project", "extension")
TOML_HEADER = "[language-server.yaml-language-server.config.yaml.schemas]"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def put(name: str, text: str) -> None:
    Path(name).parent.mkdir(parents=True, exist_ok=True)
    Path(name).write_text(text, encoding="utf-8")


def mapping(editor: str) -> dict[str, list[str]]:
    """Path of each schema with its patterns, as the editor would read it."""
    if editor == "jetbrains":
        return xml_mapping()
    if editor == "neovim":
        return dict(
            json.loads(Path(".nvim/mace-scf/settings.json").read_text(encoding="utf-8"))["yaml"]["schemas"]
        )
    text = Path(SETTINGS[editor]).read_text(encoding="utf-8")
    if editor == "vscode":
        return dict(jsonc.parse(text).value["yaml.schemas"])
    server: Any = tomllib.loads(text)["language-server"]["yaml-language-server"]
    return dict(server["config"]["yaml"]["schemas"])


def xml_mapping() -> dict[str, list[str]]:
    found = {}
    for schema in ElementTree.parse(SETTINGS["jetbrains"]).iter("SchemaInfo"):
        options = {option.get("name"): option.get("value") for option in schema.iterfind("option")}
        items = schema.iterfind("option[@name='patterns']/list/Item")
        paths = [item.find("option[@name='path']") for item in items]
        found[str(options["relativePathToSchema"])] = [
            str(path.get("value")) for path in paths if path is not None
        ]
    return found


def wire(*words: str) -> int:
    return main(["schema", "--wire", *words])


@pytest.mark.parametrize("editor", SETTINGS)
def test_every_kind_of_file_is_mapped_to_a_schema_that_is_there(folder: Path, editor: str) -> None:
    assert wire(editor) == 0

    found = mapping(editor)
    assert sorted(itertools.chain(*found.values())) == sorted(
        ["*.mace-scf.yaml", "*.mace-scf.yml", "mace-scf/*.yaml", "*.dataset.yaml", "*.dataset.yml", "mace-scf.yaml",
         "*.extension.yaml", "*.extension.yml"]
    )  # fmt: skip
    for path in found:
        schema = json.loads(Path(path).read_text(encoding="utf-8"))
        jsonschema.Draft7Validator.check_schema(schema)


@pytest.mark.parametrize("editor", SETTINGS)
def test_wiring_twice_changes_nothing(folder: Path, editor: str, capsys: pytest.CaptureFixture[str]) -> None:
    wire(editor)
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    capsys.readouterr()

    wire(editor)

    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before
    assert f"nothing to change in {SETTINGS[editor]}" in capsys.readouterr().out


@pytest.mark.parametrize("editor", SETTINGS)
def test_a_diff_writes_nothing(folder: Path, editor: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert wire(editor, "--diff") == 0

    assert [path for path in folder.rglob("*") if path.is_file()] == []
    assert f"+++ {SETTINGS[editor]} (wired)" in capsys.readouterr().out


@pytest.mark.parametrize("editor", SETTINGS)
def test_names_of_configs_can_be_chosen_and_stay(folder: Path, editor: str) -> None:
    wire(editor)
    wire(editor, "--match", "runs/*.yaml", "--match", "a b.yaml")
    wire(editor)

    assert ["runs/*.yaml", "a b.yaml"] in mapping(editor).values()
    assert len(mapping(editor)) == len(KINDS)


@pytest.mark.parametrize("editor", SETTINGS)
def test_the_schema_of_a_fork_takes_the_place_of_that_of_upstream(folder: Path, editor: str) -> None:
    wire(editor)
    put(
        "forks/ours.yaml",
        "extends: upstream\nname: ours\noptions: {add: {spice: {kind: number, doc: Hot.}}}\n",
    )
    put("mace-scf.yaml", "extensions: [forks/ours.yaml]\n")

    wire(editor)

    (config,) = [path for path, patterns in mapping(editor).items() if "*.mace-scf.yaml" in patterns]
    assert "spice" in json.loads(Path(config).read_text(encoding="utf-8"))["properties"]
    assert any("forks/ours.yaml" in patterns for patterns in mapping(editor).values())
    assert len(mapping(editor)) == len(KINDS)


@pytest.mark.parametrize("trainer", ["upstream", "engine", "upstream-old"])
@pytest.mark.parametrize("editor", SETTINGS)
def test_schemas_have_names_that_language_servers_take(folder: Path, editor: str, trainer: str) -> None:
    put("ours.yaml", f"extends: {trainer}\nname: ours\n")
    wire(editor, "--extension", "ours.yaml")

    # what the language server takes for a relative path
    assert all(set(path) <= set("abcdefghijklmnopqrstuvwxyz-./") for path in mapping(editor))


# --- VS Code --------------------------------------------------------------------------------------


def test_vscode_keeps_comments_order_and_other_schemas(folder: Path) -> None:
    before = '// ours\n{\n  "b": 1, // one\n  "yaml.schemas": {"./x.json": "x.yaml"},\n  "a": [1, 2,],\n}\n'
    put(SETTINGS["vscode"], before)

    wire("vscode")

    after = Path(SETTINGS["vscode"]).read_text(encoding="utf-8")
    content = jsonc.parse(after).value
    assert list(content) == ["b", "yaml.schemas", "a"]
    assert content["yaml.schemas"]["./x.json"] == "x.yaml"
    assert after.startswith('// ours\n{\n  "b": 1, // one\n')
    assert after.endswith('  "a": [1, 2,],\n}\n')


@pytest.mark.parametrize("text", ["[]", '{"a": }', '{"yaml.schemas": []}', "not json"])
def test_vscode_settings_that_cannot_be_read_are_left_alone(
    folder: Path, text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    put(SETTINGS["vscode"], text)

    assert wire("vscode") == 2
    assert Path(SETTINGS["vscode"]).read_text(encoding="utf-8") == text
    assert '"./.vscode/mace-scf.schema.json"' in capsys.readouterr().err
    assert [path.name for path in (folder / ".vscode").iterdir()] == ["settings.json"]


def test_vscode_recommends_the_extension_beside_others(folder: Path) -> None:
    put(".vscode/extensions.json", '{\n  // ours\n  "recommendations": ["ms-python.python"]\n}\n')

    wire("vscode")

    text = Path(".vscode/extensions.json").read_text(encoding="utf-8")
    assert jsonc.parse(text).value == {"recommendations": ["ms-python.python", "redhat.vscode-yaml"]}
    assert "// ours" in text


@pytest.mark.parametrize(
    "text",
    ['{"unwantedRecommendations": ["redhat.vscode-yaml"]}', '{"recommendations": 1}', "nonsense", "[]"],
)
def test_vscode_recommendations_are_not_forced(folder: Path, text: str) -> None:
    put(".vscode/extensions.json", text)

    assert wire("vscode") == 0
    assert Path(".vscode/extensions.json").read_text(encoding="utf-8") == text


# --- JetBrains ------------------------------------------------------------------------------------


def test_jetbrains_mappings_are_in_the_form_of_the_ide(folder: Path) -> None:
    wire("jetbrains")

    root = ElementTree.parse(SETTINGS["jetbrains"]).getroot()
    assert (root.tag, root.get("version")) == ("project", "4")
    entries = root.findall(f"component[@name='{COMPONENT}']/state/map/entry")
    assert [entry.get("key") for entry in entries] == [f"mace-scf {kind}" for kind in KINDS]
    for entry in entries:
        options = {option.get("name") for option in entry.iterfind("value/SchemaInfo/option")}
        assert options == {"generatedName", "name", "relativePathToSchema", "schemaVersion", "patterns"}
        for item in entry.iterfind("value/SchemaInfo/option[@name='patterns']/list/Item"):
            values = {option.get("name"): option.get("value") for option in item}
            assert (values["pattern"], values["mappingKind"]) == ("true", "Pattern")


OTHERS = """\
<?xml version="1.0" encoding="UTF-8"?>
<project version="4">
  <component name="Another"><option name="x" value="1" /></component>
  <component name="JsonSchemaMappingsProjectConfiguration">
    <state>
      <map>
        <entry key="theirs">
          <value>
            <SchemaInfo>
              <option name="name" value="theirs" />
              <option name="relativePathToSchema" value="theirs.json" />
            </SchemaInfo>
          </value>
        </entry>
      </map>
    </state>
  </component>
</project>
"""


@pytest.mark.parametrize("others", [OTHERS, '<project version="4">\n</project>\n', '<project version="4"><component '
                                    'name="JsonSchemaMappingsProjectConfiguration"><state><map/></state></component></project>'])  # fmt: skip
def test_jetbrains_mappings_of_others_stay(folder: Path, others: str) -> None:
    put(SETTINGS["jetbrains"], others)

    assert wire("jetbrains") == 0

    assert len([path for path in xml_mapping() if path.startswith(".idea/mace-scf/")]) == len(KINDS)
    assert ("theirs.json" in xml_mapping()) is ("theirs" in others)
    assert ('name="Another"' in others) is ('name="Another"' in Path(SETTINGS["jetbrains"]).read_text())


@pytest.mark.parametrize("text", ["nonsense", "<project>", "<other/>"])
def test_jetbrains_files_of_another_form_are_left_alone(folder: Path, text: str) -> None:
    put(SETTINGS["jetbrains"], text)

    assert wire("jetbrains") == 2
    assert Path(SETTINGS["jetbrains"]).read_text(encoding="utf-8") == text


# --- Neovim ---------------------------------------------------------------------------------------


def test_neovim_keeps_what_else_the_script_does(folder: Path) -> None:
    put(".nvim.lua", "vim.o.tabstop = 2\n")

    wire("neovim")
    text = Path(".nvim.lua").read_text(encoding="utf-8")
    put(".nvim.lua", text.replace("vim.lsp.config(", "older(") + "vim.o.wrap = false\n")
    wire("neovim")

    after = Path(".nvim.lua").read_text(encoding="utf-8")
    assert after == text + "vim.o.wrap = false\n"
    assert after.startswith("vim.o.tabstop = 2\n")
    assert after.count("mace-scf: begin") == 1


# --- Helix ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        '# mine\n[[language]]\nname = "yaml" # y\n',
        "[language-server.yaml-language-server.config.yaml]\nhover = true\n",
        f'{TOML_HEADER}\n"./theirs.json" = "theirs/*.yaml" # keep\n\n[editor]\nx = 1\n',
        'language-server.other = {command = "o"}\n',
    ],
)
def test_helix_keeps_comments_and_other_settings(folder: Path, text: str) -> None:
    put(SETTINGS["helix"], text)

    assert wire("helix") == 0

    after = Path(SETTINGS["helix"]).read_text(encoding="utf-8")
    assert set(text.splitlines()) <= set(after.splitlines())
    assert len([path for path in mapping("helix") if "mace-scf" in path]) == len(KINDS)
    assert ("./theirs.json" in mapping("helix")) is ("theirs" in text)


@pytest.mark.parametrize(
    "text",
    [
        "nonsense",
        '[language-server]\nyaml-language-server = {command = "y"}\n',
        "[language-server.yaml-language-server]\nconfig = {yaml = {hover = true}}\n",
        'language-server = "x"\n',
        "[language-server.yaml-language-server.config.yaml]\nschemas = []\n",
    ],
)
def test_helix_settings_that_cannot_be_added_to_are_left_alone(
    folder: Path, text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    put(SETTINGS["helix"], text)

    assert wire("helix") == 2
    assert Path(SETTINGS["helix"]).read_text(encoding="utf-8") == text
    assert TOML_HEADER in capsys.readouterr().err


# --- printing -------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_each_schema_can_be_printed(kind: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema", "--of", kind]) == 0

    jsonschema.Draft7Validator.check_schema(json.loads(capsys.readouterr().out))


@pytest.mark.parametrize("kind", ["project", "extension", "dataset-card"])
def test_a_broken_project_file_keeps_nobody_from_its_schema(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "mace-scf.yaml").write_text("extensions: [none.yaml]\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)

    assert main(["schema"]) == 1
    capsys.readouterr()
    assert main(["schema", "--of", kind]) == 0
    assert json.loads(capsys.readouterr().out)["type"] == "object"
