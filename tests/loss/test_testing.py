"""The laws of all terms as users get them: shipped terms keep them, a user's term too, a careless one is found."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch

from mace_scf.loss import Honoured, Items, Level, Term, TermInputs, register, registered_terms, unregister
from mace_scf.loss.testing import check_term

from .batches import complete_batch, tensors

NAMES = sorted(registered_terms())
ROOT = Path(__file__).parents[2]
USERS_TERM = """
from mace_scf.loss import Honoured, Items, Layout, Level, Term


def squares(inputs):
    labels = inputs.reference("oxidation").reshape(-1, 1)
    return Items((inputs.prediction("charges") - labels) ** 2, inputs.finite("oxidation").reshape(-1, 1))


TERM = Term(
    "oxidation",
    Level.ATOM,
    function=squares,
    predictions=("charges",),
    honoured=Honoured(properties=("oxidation",), needs=("oxidation",)),
    layouts={"charges": Layout(Level.ATOM, (1,), "e")},
)
"""


@pytest.mark.parametrize("name", NAMES)
def test_shipped_terms_keep_every_law(name: str) -> None:
    reference, prediction = complete_batch(sizes=(2, 2, 3))

    laws = check_term(name, tensors(reference), tensors(prediction))

    assert len(laws) == 10


def test_an_installed_term_is_one_file_and_keeps_every_law(tmp_path: Path) -> None:
    (tmp_path / "users_term.py").write_text(USERS_TERM, encoding="utf-8")
    metadata = tmp_path / "users_term-1.0.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: users-term\nVersion: 1.0\n")
    (metadata / "entry_points.txt").write_text("[mace_scf.loss_terms]\noxidation = users_term:TERM\n")
    check = (
        "import torch; from mace_scf.loss.testing import check_term; torch.manual_seed(0);"
        "reference = {'ptr': torch.tensor([0, 3, 5, 9]), 'oxidation': torch.randn(9), 'oxidation_weight': torch.ones(3)};"
        "print(len(check_term('oxidation', reference, {'charges': torch.randn(9, 1)})))"
    )

    done = subprocess.run(
        [sys.executable, "-c", check],
        env={"PYTHONPATH": f"{tmp_path}:{ROOT}", "OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.stdout.strip(), done.returncode) == ("10", 0), done.stderr


@pytest.fixture
def careless() -> Iterator[str]:
    """A term that looks at labels without asking whether they are there."""

    def squares(inputs: TermInputs) -> Items:
        return Items(
            (inputs.raw_prediction("energy") * inputs.label("energy"))[:, None] ** 2 * inputs.sizes.sum()
        )

    honoured = Honoured(properties=("energy",), needs=("energy",))
    register(Term("careless", Level.FRAME, function=squares, predictions=("energy",), honoured=honoured))
    yield "careless"
    unregister("careless")


def test_a_careless_term_is_found(careless: str) -> None:
    reference, prediction = complete_batch(sizes=(2, 2, 3))

    with pytest.raises(AssertionError, match="`careless` breaks a law: a batch said twice has the same mean"):
        check_term(careless, tensors(reference), tensors(prediction))


@pytest.fixture
def leaking() -> Iterator[str]:
    """A term whose gradient sees what stands in an absent label."""

    def squares(inputs: TermInputs) -> Items:
        return Items(((inputs.raw_prediction("energy") - inputs.label("energy")) ** 2)[:, None])

    honoured = Honoured(properties=("energy",), needs=("energy",))
    register(Term("leaking", Level.FRAME, function=squares, predictions=("energy",), honoured=honoured))
    yield "leaking"
    unregister("leaking")


def test_a_term_that_leaks_absent_labels_is_found(leaking: str) -> None:
    reference, prediction = complete_batch(sizes=(2, 2, 3))
    assert torch.isfinite(torch.as_tensor(reference["energy"])).all()

    with pytest.raises(AssertionError, match="weight 0 equals absent to the bit"):
        check_term(leaking, tensors(reference), tensors(prediction))
