"""Draw the loss terms of a debug log: `python scripts/plot_batch_losses.py logs/<name>_debug.log`."""

from __future__ import annotations

import sys

from mace_scf.cli.commands.plot import run

if __name__ == "__main__":
    sys.exit(run(sys.argv[1:], program="plot_batch_losses.py"))
