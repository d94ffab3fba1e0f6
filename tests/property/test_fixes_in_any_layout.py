"""Fix, then check: what was fixed is gone, nothing new is wrong, nothing else has changed; for every layout."""

from __future__ import annotations

import io
import json
import shlex
import shutil
import subprocess
from collections import Counter
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mace_scf.cli.main import main
from tests.property.planting import MISTAKES, Mistake, Pair, Run, Writer, clean_run

Findings = list[dict[str, Any]]
PATCH = shutil.which("patch")
QUICK, MANY = 25, 1_500


@st.composite
def choices(draw: st.DrawFn) -> list[Mistake]:
    """A few mistakes, one of a zone at most."""
    drawn = draw(st.lists(st.sampled_from(MISTAKES), min_size=1, max_size=9))
    return list({mistake.zone: mistake for mistake in drawn}.values())


def report(name: str, *options: str) -> Findings:
    stream = io.StringIO()
    with redirect_stdout(stream), redirect_stderr(io.StringIO()):
        assert main(["validate", name, "--no-data", "--format", "json", *options]) in (0, 1, 2)
    findings: Findings = json.loads(stream.getvalue())["findings"]
    return findings


def diff(name: str, *options: str) -> str:
    stream = io.StringIO()
    with redirect_stdout(stream), redirect_stderr(io.StringIO()):
        main(["validate", name, "--no-data", "--format", "jsonl", "--diff", *options])
    return "".join(line for line in stream.getvalue().splitlines(keepends=True) if not line.startswith("{"))


def fixable(findings: Findings, *, unsafe: bool) -> Findings:
    return [finding for finding in findings if finding["fix"] and (unsafe or finding["fix"]["safe"])]


def places(findings: Findings) -> Counter[tuple[str, str]]:
    return Counter((finding["code"], finding["message"]) for finding in findings)


def errors(findings: Findings) -> set[str]:
    return {finding["code"] for finding in findings if finding["severity"] == "error"}


def check_the_fixes(mistakes: list[Mistake], random: Random, *, unsafe: bool, folder: Path) -> None:
    run, clean = clean_run(), clean_run()
    for mistake in sorted(mistakes, key=lambda mistake: (mistake.late, mistake.code == "S102")):
        mistake.plant(run)
    writer = Writer(random)
    ends, mark = random.choice(("\n", "\n", "\r\n")), random.choice(("", "", "\ufeff"))
    texts = {
        "c.yaml": mark + writer.config(run.tree).replace("\n", ends),
        "train.sh": writer.script("c.yaml", run.script),
        "fork.yaml": "\n".join(writer.block(run.fork)),
    }
    for name, text in texts.items():
        (folder / name).write_bytes(text.encode())
    fork = ["--extension", str(folder / "fork.yaml")] if any(m.code.startswith("E") for m in mistakes) else []
    options = [*fork, "--unsafe-fixes"] if unsafe else fork
    config = str(folder / "c.yaml")

    before = report(config, *fork)
    shown = diff(config, *options)
    assert contents(folder) == texts, "--diff wrote"
    after = report(config, "--fix", *options)
    mended = contents(folder)

    assert {mistake.code for mistake in mistakes} <= {finding["code"] for finding in before}
    assert bool(shown) == (mended != texts)
    assert not fixable(after, unsafe=unsafe), "a second run would change more"
    gone = places(fixable(before, unsafe=unsafe))
    assert not [place for place in gone if places(after)[place] > places(before)[place] - gone[place]]
    assert errors(after) <= errors(before)
    for comment in writer.comments:
        assert sum(text.count(comment) for text in mended.values()) == 1, comment
    assert mended["c.yaml"].startswith("\ufeff") is bool(mark)
    assert mended["c.yaml"].count("\n") == mended["c.yaml"].count(ends)
    if PATCH and shown:
        assert unpatched(shown, folder) == texts
    if all(mistake.restores and (unsafe or mistake.safe) for mistake in mistakes) and not errors(after):
        assert yaml.safe_load(mended["c.yaml"]) == yaml.safe_load(plain(clean.tree))
        assert words(mended["train.sh"]) == words(Writer(Random(0)).script("c.yaml", clean.script))
        if fork:
            assert yaml.safe_load(mended["fork.yaml"]) == yaml.safe_load(plain(clean.fork))
    assert report(config, "--fix", *options) == after
    assert contents(folder) == mended


def plain(tree: list[Pair]) -> str:
    return "\n".join(Writer(Random(0)).block(tree))


def contents(folder: Path) -> dict[str, str]:
    return {file.name: file.read_bytes().decode() for file in sorted(folder.iterdir())}


def unpatched(shown: str, folder: Path) -> dict[str, str]:
    """The texts from which the difference leads to those in a folder, as `patch` sees it."""
    with TemporaryDirectory() as copy:
        for file in folder.iterdir():
            shutil.copy(file, copy)
        relative = shown.replace(f"{folder}/", "")
        command = [PATCH or "patch", "-p0", "-R", "-s", "--binary", "-d", copy]
        subprocess.run(command, input=relative.encode(), check=True)
        return contents(Path(copy))


def words(script: str) -> list[str]:
    return shlex.split(script.replace("\\\n", " "), comments=True)


@settings(max_examples=QUICK, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(mistakes=choices(), random=st.randoms(use_true_random=False), unsafe=st.booleans())
def test_a_fixed_run_checks_clean_of_what_was_fixed(
    mistakes: list[Mistake], random: Random, unsafe: bool
) -> None:
    with TemporaryDirectory() as folder:
        check_the_fixes(mistakes, random, unsafe=unsafe, folder=Path(folder))


@pytest.mark.slow
def test_many_fixed_runs_check_clean_of_what_was_fixed() -> None:
    for seed in range(MANY):
        random = Random(seed)
        drawn = random.sample(MISTAKES, random.randint(1, 9))
        mistakes = list({mistake.zone: mistake for mistake in drawn}.values())
        with TemporaryDirectory() as folder:
            try:
                check_the_fixes(mistakes, random, unsafe=seed % 2 == 0, folder=Path(folder))
            except AssertionError as error:
                raise AssertionError(f"seed {seed}: {mistakes}") from error


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: f"{mistake.code}-{mistake.zone}")
def test_each_mistake_is_found_and_fixed(mistake: Mistake, tmp_path: Path) -> None:
    run = clean_run()
    mistake.plant(run)
    config = write(run, tmp_path)
    fork = ["--extension", str(tmp_path / "fork.yaml")]

    before = report(config, *fork)
    after = report(config, *fork, "--fix", "--unsafe-fixes")

    assert mistake.code in {finding["code"] for finding in fixable(before, unsafe=not mistake.safe)}
    assert mistake.code not in {finding["code"] for finding in after}


def test_the_run_without_a_mistake_is_clean(tmp_path: Path) -> None:
    assert errors(report(write(clean_run(), tmp_path))) == set()


def write(run: Run, folder: Path) -> str:
    writer = Writer(Random(1), anchoring=False)
    (folder / "c.yaml").write_text(writer.config(run.tree), encoding="utf-8")
    (folder / "train.sh").write_text(writer.script("c.yaml", run.script), encoding="utf-8")
    (folder / "fork.yaml").write_text("\n".join(writer.block(run.fork)), encoding="utf-8")
    return str(folder / "c.yaml")
