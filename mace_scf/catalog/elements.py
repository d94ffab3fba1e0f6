"""Chemical symbols and their atomic numbers."""

from __future__ import annotations

_SYMBOLS = (
    "X H He Li Be B C N O F Ne Na Mg Al Si P S Cl Ar K Ca Sc Ti V Cr Mn Fe Co Ni Cu Zn Ga Ge As Se Br Kr "
    "Rb Sr Y Zr Nb Mo Tc Ru Rh Pd Ag Cd In Sn Sb Te I Xe Cs Ba La Ce Pr Nd Pm Sm Eu Gd Tb Dy Ho Er Tm Yb "
    "Lu Hf Ta W Re Os Ir Pt Au Hg Tl Pb Bi Po At Rn Fr Ra Ac Th Pa U Np Pu Am Cm Bk Cf Es Fm Md No Lr Rf "
    "Db Sg Bh Hs Mt Ds Rg Cn Nh Fl Mc Lv Ts Og"
)
SYMBOLS: tuple[str, ...] = tuple(_SYMBOLS.split())
NUMBERS: dict[str, int] = {symbol: number for number, symbol in enumerate(SYMBOLS)}


def atomic_number(text: str) -> int | None:
    """The number of a symbol in any case, as ASE takes it; ``None`` for no element.

    >>> atomic_number("CL"), atomic_number("OW")
    (17, None)
    """
    return NUMBERS.get(text.capitalize())


def formula(numbers: frozenset[int]) -> str:
    """The element set in alphabetical order: ``H-O``."""
    return "-".join(sorted(SYMBOLS[number] for number in numbers))
