"""Pictures of training logs; matplotlib is loaded only when one is drawn."""

from __future__ import annotations

from .losses import losses_figure, save_figure
from .series import Curve, LossSeries, collect, write_csv

__all__ = ["Curve", "LossSeries", "collect", "losses_figure", "save_figure", "write_csv"]
