"""D217: weights by frame type that fit no frame."""

from __future__ import annotations

from collections.abc import Iterator
from typing import final

from ...catalog.suggest import suggest
from ...config import Setting, equals_default
from ...diagnostics import Diagnostic, Severity
from ..rule import Context, Rule
from ._labels import ISOLATED

_OPTION, _DEFAULT = "config_type_weights", "Default"


@final
class ConfigTypeWeightsMismatch(Rule):
    """Weights by frame type that fit no frame.

    What it checks: each type named in `config_type_weights` is the `config_type` of a training frame, and
    each type of the frames is named. The default, which names none, is not reported.

    Why it matters: a name without frames does nothing. A type that is not named counts once: `Default` is
    the type of frames without one, and no fallback for the others. Nobody complains of either.

    How to fix: write the names as in the files.
    """

    code, slug, severity = "D217", "config-type-weights-mismatch", Severity.WARNING
    after = ("C125", "C110")

    def check(self, context: Context) -> Iterator[Diagnostic]:
        """One finding for names without frames, one for frames without a name."""
        setting = context.run.option(_OPTION)
        train = context.data.train
        if train is None or not setting.given or not isinstance(setting.value, dict):
            return
        if equals_default(context.trainer.option_by_name[_OPTION], setting.value):
            return
        groups = train.profile.groups
        if groups.overflow:
            return
        types: dict[str, int] = {}
        for (config_type, _), count in groups.counts.items():
            types[config_type] = types.get(config_type, 0) + count
        types.pop(ISOLATED, None)
        yield from self._unused(setting, types)
        unnamed = {name: count for name, count in types.items() if name not in setting.value}
        if unnamed:
            counts = ", ".join(f"{name} ({count})" for name, count in sorted(unnamed.items())[:6])
            yield self.finding(
                f"`{_OPTION}` does not name every type of the frames", severity=Severity.INFO, span=setting.place,
                labels=train.setting.label("read from here"), notes=(f"not named, with their frames: {counts}",),
                when="frames of these types count once", help="name them, if that is not meant",
            )  # fmt: skip

    def _unused(self, setting: Setting[object], types: dict[str, int]) -> Iterator[Diagnostic]:
        assert isinstance(setting.value, dict)
        for name in setting.value:
            if name not in types and name != _DEFAULT:
                near = suggest(str(name), tuple(types))
                known = ", ".join(sorted(types)[:8])
                yield self.finding(
                    f"no training frame is of the type `{name}` in `{_OPTION}`", span=setting.span,
                    notes=(f"types of the training frames: {known}",),
                    when="this weight does nothing, and nobody complains",
                    help=f"did you mean `{near[0]}`?" if near else "write the types as in the files",
                    suggestions=near,
                )  # fmt: skip
