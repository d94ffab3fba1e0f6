"""What programs and terminals get where something is odd: names, files that are not there, readers that go away."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from mace_scf.cli.main import main

ODD = r'model: "Fixed\nPoint\e[31m"' + "\n" + r'"key\u2028\u0085": 1' + "\n"
MACHINE = ["json", "jsonl", "github", "gitlab", "sarif", "junit"]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder in which the program is started, with one config of odd names."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "odd.yaml").write_text(ODD, encoding="utf-8")
    return tmp_path


def told(words: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    """Standard output."""
    main(["validate", *words])
    return capsys.readouterr().out


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("color", ["never", "always"])
def test_names_keep_to_their_line_and_away_from_the_terminal(
    color: str, capsys: pytest.CaptureFixture[str]
) -> None:
    out = told(["odd.yaml", "--color", color, "--select", "C111,C101"], capsys)

    assert r"knows no `Fixed\nPoint\x1b[31m`" in out
    assert "\x1b[31mm" not in out
    assert not any(c in out for c in "\x85\u2028")


@pytest.mark.usefixtures("folder")
def test_each_line_of_jsonl_is_an_object_for_every_reader_of_lines(
    capsys: pytest.CaptureFixture[str],
) -> None:
    lines = told(["odd.yaml", "--format", "jsonl", "--select", "C101"], capsys).splitlines()

    assert [json.loads(line)["message"] for line in lines] == ["unknown key `key\u2028\u0085` in the run"]


@pytest.mark.parametrize("output", MACHINE)
def test_an_input_that_is_not_there_is_told_to_programs(
    folder: Path, output: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "fine.yaml").write_text("model: MACE\n", encoding="utf-8")
    for more in ([], ["fine.yaml"]):
        assert main(["validate", "gone.yaml", *more, "--format", output, "--severity", "C=off"]) == 2
        captured = capsys.readouterr()
        assert "gone.yaml: No such file" in captured.err
        assert "gone.yaml" in captured.out
        assert "the file cannot be read: No such file or directory" in captured.out


@pytest.mark.usefixtures("folder")
def test_what_cannot_be_read_is_a_document_of_its_format(capsys: pytest.CaptureFixture[str]) -> None:
    (run,) = json.loads(told(["gone.yaml", "--format", "sarif"], capsys))["runs"]
    assert run["invocations"] == [{"executionSuccessful": False}]
    assert ElementTree.fromstring(told(["gone.yaml", "--format", "junit"], capsys))[0].get("failures") == "1"
    assert json.loads(told(["gone.yaml", "--format", "json"], capsys))["files"] == ["gone.yaml"]


@pytest.mark.parametrize("prefix", ["", "./", "../{name}/", "{whole}/"])
def test_services_see_files_from_the_present_folder(
    folder: Path, prefix: str, capsys: pytest.CaptureFixture[str]
) -> None:
    name = prefix.format(name=folder.name, whole=folder) + "odd.yaml"
    (issue,) = json.loads(told([name, "--format", "gitlab", "--select", "C111"], capsys))
    (plain,) = json.loads(told(["odd.yaml", "--format", "gitlab", "--select", "C111"], capsys))
    (run,) = json.loads(told([name, "--format", "sarif", "--select", "C111"], capsys))["runs"]
    place = run["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]

    assert issue == plain
    assert issue["location"]["path"] == "odd.yaml"
    assert place == {"uri": "odd.yaml", "uriBaseId": "%SRCROOT%"}
    assert "file=odd.yaml," in told([name, "--format", "github", "--select", "C111"], capsys)


def test_a_launcher_of_two_configs_is_spoken_of_once(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("a.yaml", "b.yaml"):
        (folder / name).write_text("model: MACE\n", encoding="utf-8")
    lines = [f"python run_train.py --config {name}\r\n" for name in ("a.yaml", "b.yaml")]
    (folder / "train.sh").write_bytes("".join(lines).encode())

    assert told(["train.sh", "--select", "R111"], capsys).count("error[R111]") == 1


def program(words: list[str], stdout: int) -> subprocess.CompletedProcess[bytes]:
    """The program in a process of its own."""
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])}
    command = [sys.executable, "-m", "mace_scf", *words]
    return subprocess.run(
        command, check=False, stdout=stdout, stderr=subprocess.PIPE, env=environment, timeout=60
    )


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("output", ["text", *MACHINE])
def test_the_status_is_the_same_where_nobody_reads(output: str) -> None:
    ours, theirs = os.pipe()
    os.close(ours)
    try:
        done = program(["validate", "odd.yaml", "--format", output], theirs)
    finally:
        os.close(theirs)

    assert (done.returncode, done.stderr) == (1, b"")


@pytest.mark.usefixtures("folder")
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is full")
@pytest.mark.parametrize("words", [["validate", "odd.yaml"], ["explain"]])
def test_a_full_disk_is_no_mistake_of_ours(words: list[str]) -> None:
    with open("/dev/full", "wb") as full:
        done = program(words, full.fileno())

    assert done.returncode == 2
    assert done.stderr == b"mace-scf: the output cannot be written: No space left on device\n"
