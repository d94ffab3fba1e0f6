"""Machine code for the scanner: written for numba, compiled once, and loaded without numba ever after.

:mod:`.build` compiles the functions of the other modules in a process of its own; :mod:`.load` maps the
result into this one. So a scan pays neither for numba's import nor for its memory.
"""
