"""D116: a card of data that are others by now."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import final

from ...diagnostics import Diagnostic, Severity
from ..data_facts import Split, existing_file
from ..rule import Context, Rule

_MOST_BYTES = 256 << 20  # hashed in under a second; more with `--verify`


@final
class CardOutOfDate(Rule):
    """A card of data that are others by now.

    What it checks: where a dataset card stands for a split, gives the hash of its file, and that file is within
    reach, the content has this hash. Files beyond 256 MB are looked at with `--verify`. The trainer knows no
    cards.

    Why it matters: everything that is said about labels, elements and frames is said of the data that the card
    was made for, while the run trains on other ones.

    How to fix: write the card again with `mace-scf profile FILE -o CARD`, or check without it.
    """

    code, slug, severity = "D116", "card-out-of-date", Severity.WARNING

    def check(self, context: Context) -> Iterator[Diagnostic]:
        """One finding for each split."""
        if not context.data.files:
            return
        for split in context.data.splits:
            file = existing_file(split.setting, context.data.folders) if split.is_card else None
            known = _hash_for(split, file) if file is not None else ""
            if file is not None and known and _differs(file, known, context.data.measuring.verify):
                yield self.finding(
                    f"the card of the {split.name} split is of another content than `{split.setting.value}`",
                    span=split.setting.span, notes=(f"{split.path} has the hash {known}",),
                    when="the findings about data are about frames that nobody trains on",
                    help=f"measure again: `mace-scf profile {file} -o {split.path}`, or leave the card out",
                )  # fmt: skip


def _hash_for(split: Split, file: str) -> str:
    """What the card says of the file: of the one with its name, or of the only one."""
    files = split.profile.files
    same = [facts for path, facts in files.items() if os.path.basename(path) == os.path.basename(file)]
    facts = same[0] if len(same) == 1 else next(iter(files.values())) if len(files) == 1 else None
    return facts.content_hash if facts is not None else ""


def _differs(file: str, known: str, verify: bool) -> bool:
    """Certainly; a file that cannot be read, or a hash of an unknown kind, says nothing."""
    from ...dataset.hashing import content_hash
    from ...dataset.readers.streams import BROKEN

    try:
        if os.path.getsize(file) > _MOST_BYTES and not verify:
            return False
        found = content_hash(file, known.partition(":")[0])
    except (OSError, *BROKEN):
        return False
    return found is not None and found != known
