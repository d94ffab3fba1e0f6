"""A config and a launcher as they should be, and pieces that do not belong there."""

from __future__ import annotations

SENTINEL = "HOSTILE_WAS_HERE"  # appears as a file if anything in an input is executed

CONFIG = """\
name: water
model: FixedPoint
error_table: PerAtomRMSE
train_file: train.xyz
valid_fraction: 0.1
E0s: average
hidden_irreps: '32x0e + 32x1o'
radial_MLP: "[64, 64, 64]"
r_max: 5.0
batch_size: 4
heads:
  default:
    info_keys:
      energy: REF_energy
      total_charge: REF_total_charge
      fermi_level: REF_fermi_level
    arrays_keys:
      forces: REF_forces
      atomic_multipoles: REF_multipoles
train_schedule:
  0:
    name: first
    start: 0
    end: 10
    lr: 0.01
    fixed_point_training_options: {mode: direct}
    loss:
      energy_per_atom: 1.0
      forces: 100.0
  1:
    name: second
    start: 11
    end: 20
    fixed_point_training_options:
      mode: unroll_scf
      scf: {num_scf_steps: 4, mixing_parameter: 0.3, constant_charge: true}
    loss:
      energy_per_atom: 1.0
      fermi_level: {weight: 2.0}
"""
LAUNCHER = """\
#!/bin/bash
#SBATCH --time=1:00:00
set -e
NAME=water
LR=${LR:-0.01}
ARGS=(--batch_size 4 --r_max=5.0)
srun python -u run_train.py \\
    --config config.yaml \\
    --name "$NAME" --lr $LR \\
    "${ARGS[@]}" --ema  # the last one
"""
VALUES = (
    "null", "~", "", "yes", "off", "1e3", "1.0e3", "010", "0o10", "0x1F", "1_000", ".nan", "-.inf", "+",
    "-", "=", "1:30:59", "2001-99-99", "2001-12-14t21:59:43.10-05:00", "<<", "*x", "&x 1", "!!binary x",
    "!!set {a}", "?", "[]", "{}", "[[[", "}}}", "'", '"', '"\\UFFFFFFFF"', '"\\x"', "|", ">-", "%", "@a",
    "`b`", "!", "!!", "!<>", "9" * 5000, "-" + "9" * 400, "1e999", "0x" + "f" * 2000, "1" + ":1" * 3000,
    "1" + "_" * 3000, "0." + "0" * 3000, "/dev/zero", "/dev/stdin", "/", "..", "~root", "config.yaml",
    "a" * 5000, "\x85", "\u2028", "\ufeff", "\U0001f600",
    "!!python/object/apply:os.system ['touch " + SENTINEL + "']", "!!python/name:os.system",
    "!!python/tuple [1]", '"{1: {1: ' + "{1: " * 300 + '"', '"[' + "[" * 3000 + '"', '"' + "(" * 3000 + '"',
    "'9999999999x0e'", "'1x0e+'", "{weight: {weight: 1.0}}", "{weight: .nan}", "{? [a]: b}",
    "{1: 1, true: 2, 1.0: 3}", "[1, 1.0, true]", "10000000000000000000000000", "-1", "1.5", "1e-400", "'1'",
    "\t1", "1\t", "# c", "a: b", "- a", "$(touch x)",
)  # fmt: skip
COMMANDS = (
    "`touch " + SENTINEL + "`", "$(touch " + SENTINEL + ")", "touch " + SENTINEL,
    "<(touch " + SENTINEL + ")", "${A:=$(touch " + SENTINEL + ")}", "eval 'touch " + SENTINEL + "'",
    "source config.yaml", ". train.sh", "--config train.sh", "--config /dev/zero", "--config /", "--config",
    "--config=''", "--config config.yaml", "--config config.yaml --config other.yaml", "--", "-", "---",
    "'", '"', "\\", "$", "${", "${}", "${!A}", "$((1/0))", "<<EOF", "EOF", "if", "then", "fi",
    "for i in {1..99999999}; do", "done", "while :; do", "case", "esac", "((", "{", "A=$A$A$A$A$A$A$A$A",
    "A=(", ")", "A[0]=", "function f {", "f() { f | f & }; f", "&&", "||", "|", "&", ";", ";;",
    "exec 3<>/dev/tcp/localhost/9", "> " + SENTINEL, ">> config.yaml", "2>&1", "\x00", "\x1b[31m", "\u202e",
    "é", "${A//a/b}", "${A:0:1}", "${A^^}", "${#A}", "${A[@]}", "$'\\x41'", '$"a"', "~", "*", "?", "[a-z]",
    "{a,b}{c,d}",
)  # fmt: skip
