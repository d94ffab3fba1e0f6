"""What kind of batch it is, whatever its counts: what was checked once need not be checked again."""

from __future__ import annotations

from collections.abc import Iterable

from torch import Tensor


class Counts:
    """Frames and atoms of a batch, to tell shapes of one kind whatever the counts.

    Batches differ in their counts all the time: what was checked is remembered without them.

    Attributes:
        ties: which counts are equal, so that a length may mean either.
    """

    def __init__(self, n_frames: int, n_atoms: int) -> None:
        self.ties = (n_atoms == n_frames, n_atoms == 3 * n_frames, n_frames == 0, n_atoms == 0)
        self._words = {n_frames + 1: "G+1", 3 * n_frames: "3G", n_frames: "G", n_atoms: "N"}

    def forms(self, values: Iterable[object]) -> list[object]:
        """What a check looks at of tensors, ``None`` for anything else."""
        word = self._words.get
        return [
            (
                (word(shape[0], shape[0]), shape[1:]) if (shape := value.shape) else shape,
                value.dtype,
                value.device,
            )
            if isinstance(value, Tensor)
            else None
            for value in values
        ]
