"""Pictures of logs: what is drawn, judged by the artists of the figure."""

from __future__ import annotations

import io
import json
import math
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest

from mace_scf.logs import parse_lines, read_log
from mace_scf.plot import Curve, LossSeries, collect, losses_figure, save_figure, write_csv
from mace_scf.plot.series import moving_average
from tests.logs.writing import TERMS, batch_values, breakdown, epoch, run, stage

pytest.importorskip("matplotlib", reason="drawing needs the extra [plot]")


def series_of(lines: Iterable[str], **epochs: int) -> LossSeries:
    return collect(parse_lines(io.BytesIO("".join(lines).encode())), **epochs)


def artists(figure: Any, gid: str) -> list[Any]:
    return figure.findobj(lambda artist: str(artist.get_gid()).startswith(gid))  # type: ignore[no-any-return]  # untyped


def legend_texts(figure: Any) -> list[str]:
    (legend,) = figure.legends
    return [text.get_text() for text in legend.get_texts()]


def some_batches(count: int, change: Callable[[int, dict[str, float]], None] | None = None) -> list[str]:
    lines = []
    for step in range(count):
        values = batch_values(step)
        if change:
            change(step, values)
        lines.append(breakdown(values, step))
    return lines


def test_every_term_has_a_line_and_a_legend_entry_with_its_unit() -> None:
    figure = losses_figure(series_of(some_batches(100)))

    assert len(artists(figure, "average")) == len(TERMS)
    assert len(artists(figure, "values")) == len(TERMS)
    assert legend_texts(figure) == [
        "energy_per_atom  [(eV/atom)²]", "forces  [(eV/Å)²]", "atomic_multipoles  [e², (e·Å)²]", "esps  [V²]",
    ]  # fmt: skip


def test_the_axis_is_logarithmic_and_the_values_are_those_of_the_log() -> None:
    figure = losses_figure(series_of(some_batches(20)))

    first = artists(figure, "values")[0]
    assert first.axes.get_yscale() == "log"
    assert list(first.get_xdata()) == list(range(20))
    assert list(first.get_ydata()) == [1 / (step + 1) for step in range(20)]


@pytest.mark.parametrize(("value", "kind"), [(math.nan, "nan"), (math.inf, "inf"), (-math.inf, "-inf")])
def test_a_value_that_is_not_finite_has_a_mark_where_it_happened(value: float, kind: str) -> None:
    def change(step: int, values: dict[str, float]) -> None:
        if step in (7, 31):
            values["forces"] = value

    figure = losses_figure(series_of(some_batches(60, change)))

    (marks,) = artists(figure, f"{kind} forces")
    assert list(marks.get_xdata()) == [7, 31]
    assert "forces  [(eV/Å)²]\n    2 × " + kind in legend_texts(figure)
    assert [label.get_text() for label in marks.axes.get_yticklabels()] == ["forces"]


def test_a_term_that_was_never_finite_is_still_there() -> None:
    def change(step: int, values: dict[str, float]) -> None:
        values["esps"] = math.nan

    figure = losses_figure(series_of(some_batches(50, change)))

    assert len(artists(figure, "nan esps")[0].get_xdata()) == 50
    assert "esps  [V²]\n    50 × nan" in legend_texts(figure)


def test_a_log_without_any_finite_value_says_so() -> None:
    lines = [breakdown({"forces": math.nan}, step) for step in range(40)]

    figure = losses_figure(series_of(lines))

    assert any("no finite value" in text.get_text() for text in figure.axes[1].texts)
    figure.savefig(io.BytesIO())


def test_values_of_zero_are_marked_at_the_lower_edge() -> None:
    def change(step: int, values: dict[str, float]) -> None:
        values["forces"] = 0.0 if step == 5 else values["forces"]

    figure = losses_figure(series_of(some_batches(40, change)))

    (marks,) = artists(figure, "zeros")
    assert list(marks.get_xdata()) == [5]
    assert "forces  [(eV/Å)²]\n    1 × ≤ 0" in legend_texts(figure)


def test_the_band_of_a_long_log_keeps_every_spike() -> None:
    spikes = {12_345: 1e6, 40_001: 1e-9}
    lines = [breakdown({"forces": spikes.get(step, 1.0 + step % 7)}, step) for step in range(50_000)]

    figure = losses_figure(series_of(lines))

    (band,) = artists(figure, "band")
    heights = band.get_paths()[0].vertices[:, 1]
    assert heights.max() == 1e6
    assert heights.min() == 1e-9
    assert len(heights) < 10_000
    assert len(artists(figure, "average")[0].get_xdata()) < 10_000


def test_marks_of_a_long_log_are_thinned_but_counted() -> None:
    lines = [breakdown({"forces": math.nan, "esps": 1.0}, step) for step in range(20_000)]

    figure = losses_figure(series_of(lines))

    (marks,) = artists(figure, "nan forces")
    assert 900 < len(marks.get_xdata()) < 1100
    assert "forces  [(eV/Å)²]\n    20000 × nan" in legend_texts(figure)


def test_restarts_and_stages_and_epochs_are_marked(tmp_path: Path) -> None:
    path = tmp_path / "a.log"
    second = [stage(dict.fromkeys(TERMS, 7.0)), *some_batches(3), epoch(4)]
    path.write_text("".join([*run(range(3)), *run(range(2, 4)), *second]), encoding="utf-8")

    figure = losses_figure(collect(read_log(path)))

    assert [line.get_xdata()[0] for line in artists(figure, "restart")] == [8.5]
    assert [band.get_x() for band in artists(figure, "stage")] == [-0.5, 8.5, 14.5]
    assert [text.get_text().strip() for text in figure.axes[0].texts] == [
        "stage 0",
        "stage 0",
        "stage 1",
        "restart",
    ]
    assert [line.get_xdata()[0] for line in artists(figure, "epoch")] == [2.5, 5.5, 8.5, 11.5, 14.5, 17.5]


def test_no_line_joins_two_runs(tmp_path: Path) -> None:
    path = tmp_path / "a.log"
    path.write_text("".join([*run(range(2)), *run(range(2))]), encoding="utf-8")

    figure = losses_figure(collect(read_log(path)))

    values = list(artists(figure, "values")[0].get_ydata())
    assert [place for place, value in enumerate(values) if math.isnan(value)] == [6]


@pytest.mark.parametrize(
    ("epochs", "shown"),
    [({}, 12), ({"min_epoch": 2}, 6), ({"max_epoch": 0}, 3), ({"min_epoch": 1, "max_epoch": 2}, 6)],
)
def test_epochs_choose_the_batches(epochs: dict[str, int], shown: int, tmp_path: Path) -> None:
    path = tmp_path / "a.log"
    path.write_text("".join(run(range(4))), encoding="utf-8")

    series = collect(read_log(path), **epochs)

    assert series.batches == shown
    assert series.left_out == 12 - shown


def _json_lines() -> list[str]:
    def line(step: int, split: str, value: float) -> str:
        terms = {"forces": {"weighted": value, "raw": value}}
        return (
            json.dumps({"step": step, "epoch": step // 4, "stage": "direct", "split": split, "terms": terms})
            + "\n"
        )

    lines = []
    for step in range(8):
        lines.append(line(10 * step, "train", 1.0))
        if step % 4 == 3:
            lines += [line(10 * step, "valid", 2.0), line(10 * step, "valid", 4.0)]
    return lines


def test_steps_and_splits_of_the_recorder_are_shown() -> None:
    figure = losses_figure(series_of(_json_lines()))

    (train,) = artists(figure, "values")
    (valid,) = artists(figure, "evaluations valid")
    assert list(train.get_xdata()) == [0, 10, 20, 30, 40, 50, 60, 70]
    assert list(valid.get_xdata()) == [30, 70]
    assert list(valid.get_ydata()) == [3.0, 3.0]
    assert train.axes.get_xlabel() == "step"


def test_evaluations_of_two_stages_are_not_joined() -> None:
    lines = _json_lines()

    figure = losses_figure(series_of([*lines, *(line.replace("direct", "unroll") for line in lines)]))

    (valid,) = artists(figure, "evaluations valid")
    assert [math.isnan(value) for value in valid.get_ydata()] == [False, False, True, False, False]


def test_a_plain_log_says_that_splits_are_unknown() -> None:
    plain, told = losses_figure(series_of(some_batches(3))), losses_figure(series_of(_json_lines()))

    assert "does not tell training from validation" in plain.get_supxlabel()
    assert "does not tell" not in told.get_supxlabel()


def test_what_could_not_be_read_is_told_in_the_picture() -> None:
    figure = losses_figure(series_of([*some_batches(3), "loss breakdown: forces: 1.0, esps: x, \n"]))

    assert "not readable: 1" in figure.get_supxlabel()


def test_many_epochs_share_few_ticks() -> None:
    lines = [line for number in range(997) for line in (breakdown({"forces": 1.0}), epoch(number))]

    figure = losses_figure(series_of(lines))

    assert 3 <= len(artists(figure, "epoch")) <= 12


@pytest.mark.parametrize("count", [1, 12, 30])
def test_pictures_of_any_number_of_terms_can_be_saved(count: int, tmp_path: Path) -> None:
    terms = [f"term_{place}" for place in range(count)]
    lines = [breakdown(batch_values(step, terms), step) for step in range(40)]

    save_figure(losses_figure(series_of(lines), title="run_debug.log"), tmp_path / "a.png")

    assert (tmp_path / "a.png").read_bytes().startswith(b"\x89PNG")


def test_looks_of_the_terms_differ() -> None:
    terms = [f"term_{place}" for place in range(30)]

    figure = losses_figure(series_of([breakdown(batch_values(step, terms), step) for step in range(5)]))

    looks = {(line.get_color(), line.get_linestyle()) for line in artists(figure, "values")}
    assert len(looks) == 30


def test_moving_average_agrees_with_its_weighted_sum() -> None:
    curve = Curve("forces", None)
    curve.value.extend([3.0, math.nan, 1.0, 0.0, 5.0])
    keep = 1 - 2 / 4
    shown = [3.0, 1.0, 5.0]

    last = moving_average(curve, 3)[-1]

    weights = [keep**2, keep, 1.0]
    assert last == pytest.approx(sum(w * v for w, v in zip(weights, shown, strict=True)) / sum(weights))


def test_moving_average_ends_where_nothing_is_shown_for_long() -> None:
    curve = Curve("forces", None)
    curve.value.extend([1.0] * 5 + [math.nan] * 10 + [2.0])

    average = moving_average(curve, 4)

    assert [math.isnan(value) for value in average] == [False] * 9 + [True] * 6 + [False]


def test_numbers_beside_the_picture_are_those_of_the_log() -> None:
    file = io.StringIO()

    write_csv(parse_lines(io.BytesIO(breakdown({"forces": math.nan, "esps": 1e-5}).encode())), file)

    assert file.getvalue().split() == [
        "line,batch,run,step,epoch,stage,split,term,weighted,raw,complete",
        "1,0,0,,,,,forces,nan,,1",
        "1,0,0,,,,,esps,1e-05,,1",
    ]


def test_importing_the_room_loads_no_matplotlib() -> None:
    script = (
        "import sys, mace_scf.plot; print([n for n in ('numpy', 'matplotlib', 'torch') if n in sys.modules])"
    )

    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"
