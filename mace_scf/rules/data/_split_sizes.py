"""How many frames are left for training, by the arithmetic of the trainer."""

from __future__ import annotations

from ..rule import Context
from ._labels import isolated_frames


def train_size(context: Context) -> tuple[int, str] | None:
    """Training frames and how they come about; None where something is unknown."""
    train = context.data.train
    if train is None:
        return None
    lone = isolated_frames(train.profile)
    frames = train.profile.frames - lone
    how = f"{train.profile.frames} frames in the file"
    if lone:
        how += f", {lone} of them isolated atoms"
    valid, fraction = context.run.option("valid_file"), context.run.option("valid_fraction")
    if valid.known and valid.value is not None:
        return frames, how
    if not valid.known or not fraction.known or not isinstance(fraction.value, float | int):
        return None
    kept = min(frames - int(float(fraction.value) * frames), frames - 1)
    return kept, f"{how}, and `valid_fraction: {fraction.value:g}` sets {frames - kept} aside"
