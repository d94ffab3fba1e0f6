"""`--baseline`: the findings that a team lives with, left out or made known."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence

import attrs

from ..baseline import Compared, compare, read_baseline, without_known, write_baseline
from ..diagnostics import Report
from ..resolve import ValidatedStage

Reports = Sequence[Report[ValidatedStage]]


def against_baseline(
    path: str, reports: Reports, merged: Callable[[Reports], Report[ValidatedStage]], *, update: bool
) -> Report[ValidatedStage]:
    """Without the findings that the baseline knows; with ``update`` all of them become known.

    Args:
        path: of the baseline.
        reports: one for each config.
        merged: makes one of them.
        update: write the baseline first.
    """
    report = merged(reports)
    if update:
        write_baseline(path, report)
    compared = compare(report, read_baseline(path), folder=os.path.dirname(path))
    kept = frozenset(compared.report.findings)
    left = merged([without_known(each, kept) for each in reports])
    fact = f"baseline {path}: {_counted(compared, written=update)}"
    return attrs.evolve(compared.report, confirmed=(fact, *left.confirmed), unshown=left.unshown)


def _counted(compared: Compared, *, written: bool) -> str:
    """What became of the findings of this run, in numbers."""
    findings = f"{compared.hidden} finding{'' if compared.hidden == 1 else 's'}"
    if written:
        return f"{findings} written"
    gone = f"; {compared.gone} of its entries match nothing any more" if compared.gone else ""
    return f"{findings.replace(' ', ' known ', 1)} left out{gone}"
