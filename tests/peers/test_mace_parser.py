"""Options that MACE_SCF takes over from mace as they are, against mace-torch's own argument parser.

What the checker calls clean the parser takes, with the same values; what the parser stops at the checker calls an
error, of that option. Where the checker says more than the parser, a rule stands behind it, and says so.
"""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import attrs
import pytest

import mace_scf
from mace_scf.catalog.option import Kind, Option, State
from mace_scf.catalog.options import OPTIONS
from mace_scf.checker import Request, check_text
from mace_scf.diagnostics import Diagnostic, Report, Severity
from mace_scf.inputs import Text
from tests.peers.parser_cases import MUST, REDEFINED, REMOVED, REST, REST_LINES, Case, cases, kept_options

HERE = Path(__file__).parent
RECORDED = HERE / "parser_verdicts.json"
PEERS = Path(os.environ.get("MACE_SCF_PEERS", HERE.parents[1] / "build" / "peers"))
COUNT = 10_000
RECORDED_COUNT = 240  # in the repository, for where the parser is not installed
# Findings about what the parser itself stops at.
PARSER_LEVEL = frozenset("C001 C004 C005 C101 C103 C110 C111 C125 C132 C135 R105 R106 R107".split())
# Findings that go before one of those at the same place, because they say more.
INSTEAD = frozenset("C112 C121 C122 R108".split())
EMPTY = (":", "null", "Null", "~", "!!null x", "!!null ''", "[]")
BY_NAME = {spelling: option for option in OPTIONS for spelling in option.spellings}
Verdict = Mapping[str, Any]


@pytest.fixture(scope="module")
def peer() -> Any:
    """Asks the parser about cases; skips where it is not installed."""
    if not (PEERS / "mace").is_dir():
        pytest.skip(f"no mace-torch in {PEERS}: `bash .ci/run peers` fetches it")
    return ask


def ask(asked: Iterable[Case]) -> dict[str, Any]:
    """What the parser declares, and its verdicts."""
    request = json.dumps({"cases": [attrs.asdict(case) for case in asked]})
    command = [sys.executable, "-I", str(HERE / "mace_parser.py"), str(PEERS)]
    done = subprocess.run(command, input=request, capture_output=True, text=True, check=True)
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def check(case: Case) -> Report[Any]:
    """The checker's report on a run of which this is all, but for what only MACE_SCF knows."""
    request = Request(options=case.words, launcher=False, complete=True, data=False, project=False)
    return check_text(Text("config.yaml", REST + case.config), request)


def disagreements(case: Case, verdict: Verdict) -> Iterator[str]:
    """Every way in which checker and parser contradict each other about a case."""
    report = check(case)
    errors = [finding for finding in report.findings if finding.severity is Severity.ERROR]
    if "stops" in verdict:
        if not any(_speaks_of(finding, verdict["stops"], case) for finding in errors):
            yield f"the parser stops: {verdict['stops']}; the checker: {_listed(errors)}"
        return
    said = {_line(finding, case) for finding in errors if "takes it as" in finding.when}
    unfounded = [
        finding for finding in errors
        if finding.code in PARSER_LEVEL and not _says_more(finding, case) and _line(finding, case) not in said
    ]  # fmt: skip
    if unfounded:
        yield f"the parser takes it; the checker: {_listed(unfounded)}"
    if not errors:
        yield from _other_values(report, verdict["values"])


def _listed(findings: Iterable[Diagnostic]) -> str:
    return "; ".join(f"{finding.code} {finding.message}" for finding in findings) or "nothing"


def _speaks_of(finding: Diagnostic, stops: str, case: Case) -> bool:
    """Whether it is about the option at which the parser stops, where that says so."""
    if finding.code not in PARSER_LEVEL | INSTEAD:
        return False
    named = re.search(
        r"argument (--\S+):|Unexpected value for (\S+):|error: (\S+) can't be set to a list", stops
    )
    if named is None:
        return True
    names = next(filter(None, named.groups())).replace("--", "").split("/")
    spellings = {spelling for name in names if name in BY_NAME for spelling in BY_NAME[name].spellings}
    said = finding.message.partition("`")[2].partition("`")[0].lstrip("-")  # the option, or its beginning
    return any(name.startswith(said) or name in _line(finding, case) for name in spellings)


def _line(finding: Diagnostic, case: Case) -> str:
    if finding.span is None or finding.span.file != "config.yaml":
        return ""
    lines = (REST + case.config).split("\n")
    start = max(
        number for number in range(finding.span.line + 1) if not lines[number].startswith((" ", "\t"))
    )
    return lines[start]


def _says_more(finding: Diagnostic, case: Case) -> bool:
    """Findings that are no claim about mace's parser, each for a reason."""
    reasons = {
        # it completes the word as the finding says; among the options of MACE_SCF it may be ambiguous
        "abbreviated": finding.code == "C103" or (finding.code == "C101" and _is_beginning(finding)),
        # MACE_SCF itself wants it
        "required": finding.code == "C135" and "train_file" in finding.message,
        # the finding says that it is taken, and as what
        "said": "takes it as" in finding.when or "takes the mapping" in finding.when,
        # nothing reaches the parser
        "empty": finding.code in ("C101", "C125") and _line(finding, case).rstrip().endswith(EMPTY),
        # lists in a list are written out too, and name no option
        "hypers": "wandb_log_hypers" in _line(finding, case) and finding.code == "C110",
    }
    return any(reasons.values())


def _is_beginning(finding: Diagnostic) -> bool:
    found = re.search(r"`-{0,2}([\w-]+)`", finding.message)
    return found is not None and any(spelling.startswith(found[1]) for spelling in BY_NAME)


def _other_values(report: Report[Any], values: Mapping[str, str]) -> Iterator[str]:
    kept = {option.name: option for option in kept_options()}
    for setting in report.settings:
        option = kept.get(setting.name)
        if (
            option is None or not setting.known or option.state is State.REJECTED
        ):  # whose defaults are emptied
            continue
        theirs, ours = values[_destination(option)], _shown(option, setting.value)
        if option.kind is Kind.LITERAL:
            theirs = _shown(option, ast.literal_eval(theirs))
        if option.kind is Kind.NUMBER and theirs != "None":
            theirs = repr(float(theirs))
        if ours != theirs:
            yield f"{setting.name} is {theirs} for the parser, {ours} for the checker"


def _destination(option: Option) -> str:
    return "allow_random_padding_pt" if option.name == "disallow_random_padding_pt" else option.destination


def _shown(option: Option, value: Any) -> str:
    if option.kind is Kind.LITERAL and isinstance(value, str):
        value = _literal(value)
    return repr(list(value) if isinstance(value, tuple) else value)


def _literal(text: str) -> Any:
    try:
        return ast.literal_eval(text.strip())
    except (ValueError, SyntaxError):
        return text


def trouble(asked: Iterable[Case], verdicts: Iterable[Verdict]) -> list[str]:
    """Contradictions, each with its case."""
    return [
        f"{complaint}\n{case.config}{list(case.words)}"
        for case, verdict in zip(asked, verdicts, strict=True)
        for complaint in disagreements(case, verdict)
    ]


def recorded() -> tuple[list[Case], list[Verdict]]:
    """Cases with the parser's verdicts, kept in the repository."""
    kept = json.loads(RECORDED.read_text(encoding="utf-8"))
    asked = [Case(row["config"], tuple(row["words"])) for row in kept["cases"]]
    return asked, [_whole(row["verdict"], kept["defaults"]) for row in kept["cases"]]


def _whole(verdict: Verdict, defaults: Mapping[str, str]) -> Verdict:
    values = verdict.get("values")
    return verdict if values is None else {"values": {**defaults, **values}}


def test_checker_and_recorded_verdicts_of_the_parser_agree() -> None:
    asked, verdicts = recorded()

    assert len(asked) == RECORDED_COUNT
    assert sum("stops" in verdict for verdict in verdicts) > 50
    assert sum("values" in verdict for verdict in verdicts) > 50
    assert trouble(asked, verdicts) == []


def test_a_run_of_nothing_but_what_must_be_is_clean() -> None:
    least = Case("".join(f"{name}: {value}\n" for name, value in MUST.items()), ())

    assert check(least).findings == ()


@pytest.mark.slow
def test_the_parser_is_the_published_one_and_brings_nothing_along(peer: Any) -> None:
    answer = peer([])

    assert answer["versions"] == {"mace-torch": "0.3.14", "configargparse": "1.9.0"}
    assert answer["as_published"]
    assert answer["heavy"] == []


@pytest.mark.slow
def test_recorded_verdicts_are_those_of_the_parser(peer: Any, update_golden: bool) -> None:
    if update_golden:
        record(list(cases(RECORDED_COUNT, seed=1)))
    asked, verdicts = recorded()

    assert peer(asked)["verdicts"] == verdicts


def record(asked: list[Case]) -> None:
    """Keep the parser's verdicts on cases, values where they differ from those of a run with none given."""
    defaults, *verdicts = ask([Case("name: x\n", ()), *asked])["verdicts"]
    rows = [
        {"config": case.config, "words": case.words, "verdict": _short(verdict, defaults["values"])}
        for case, verdict in zip(asked, verdicts, strict=True)
    ]
    lines = ",\n  ".join(json.dumps(row, ensure_ascii=False) for row in rows)
    shown = json.dumps(defaults["values"], ensure_ascii=False)
    RECORDED.write_text(f'{{"defaults": {shown},\n "cases": [\n  {lines}\n]}}\n', encoding="utf-8")


def _short(verdict: Verdict, defaults: Mapping[str, str]) -> Verdict:
    values = verdict.get("values")
    if values is None:
        return verdict
    return {"values": {name: value for name, value in values.items() if value != defaults[name]}}


KINDS = {
    ("_StoreAction", "int", None): (Kind.INTEGER,),
    ("_StoreAction", "float", None): (Kind.NUMBER,),
    ("_StoreAction", "check_float_or_none", None): (Kind.NUMBER_OR_NONE_WORD,),
    ("_StoreAction", "str2bool", None): (Kind.BOOLEAN_WORD,),
    ("_StoreAction", "str", None): (Kind.STRING, Kind.PATH, Kind.LITERAL, Kind.IRREPS),
    ("_StoreAction", None, None): (Kind.STRING, Kind.LITERAL),
    ("_StoreAction", "read_yaml", None): (Kind.PATH,),
    ("_StoreAction", None, "+"): (Kind.STRING_LIST,),
    ("_StoreTrueAction", None, 0): (Kind.FLAG,),
    ("_StoreFalseAction", None, 0): (Kind.FLAG_OFF,),
}


@pytest.mark.slow
def test_the_catalog_declares_what_the_parser_declares(peer: Any) -> None:
    theirs = {row["spellings"][0].removeprefix("--"): row for row in peer([])["options"]}
    kept = {option.name: option for option in OPTIONS if option.source.startswith("mace ")}

    assert set(theirs) - set(kept) - {"-h"} == REDEFINED
    assert {name for name, option in kept.items() if option.state is State.REMOVED} == REMOVED
    for name in set(kept) - REMOVED:
        row, option = theirs[name], kept[name]
        assert [f"--{spelling}" for spelling in option.spellings] == row["spellings"], name
        assert option.kind in KINDS[row["action"], row["type"], row["nargs"]], name
        assert tuple(row["choices"] or ()) == option.choices, name
        if not name.endswith("_key"):  # MACE_SCF empties those
            assert _default(option) == _number(row["default"]), name


def _default(option: Option) -> Any:
    return list(option.default) if isinstance(option.default, tuple) else option.default


def _number(default: str) -> Any:
    value = ast.literal_eval(default)
    return int(value) if value == "0" else value


@pytest.mark.slow
def test_checker_and_parser_agree_on_thousands_of_runs(peer: Any) -> None:
    asked = list(cases(COUNT, seed=314))

    verdicts = peer(asked)["verdicts"]

    assert sum("values" in verdict for verdict in verdicts) > COUNT // 4
    assert trouble(asked, verdicts)[:10] == []


def test_a_file_that_the_parser_opens_is_looked_for(tmp_path: Path) -> None:
    (tmp_path / "config.yaml").write_text(
        REST + "name: water\nles_arguments: nowhere.yaml\n", encoding="utf-8"
    )

    report = mace_scf.validate(tmp_path / "config.yaml", require_data=True)

    (finding,) = (each for each in report.findings if each.severity is Severity.ERROR and each.code == "D101")
    assert "les_arguments" in finding.message
    assert finding.span is not None
    assert finding.span.line == REST_LINES + 1
