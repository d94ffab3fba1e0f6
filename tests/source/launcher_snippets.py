"""Launchers as people write them, each to be compared with what real bash hands to the trainer.

The trainer is called `run_train` throughout, so that a stand-in on the PATH can record its arguments.
"""

from __future__ import annotations

# Name -> script. Every script runs to its end in a folder that holds nothing but `data.xyz`.
SNIPPETS: dict[str, str] = {
    "plain": "run_train --config config.yaml --lr 0.01\n",
    "continued": "run_train --config c.yaml \\\n  --lr 0.01 \\\n\t--seed 3\n",
    "continued-inside-a-word": "run_train --con\\\nfig c.yaml\n",
    "no-newline-at-the-end": "run_train --config c.yaml",
    "single-quotes": "run_train --E0s '{1: -13.6, 8: -432.1}' --name 'it'\\''s'\n",
    "double-quotes": 'A=x; run_train --name "a \\"b\\" \\$A $A \\\\ \\n" --x ""\n',
    "quotes-glued": "run_train --a='b c'\"d e\"f --'g'=h\n",
    "ansi-quotes": "run_train --a $'x\\ty\\n' --b $'\\x41\\u00e9\\101' $'it\\'s'\n",
    "escapes": 'run_train a\\ b \\$X \\\\ \\* --x=\\"\n',
    "comment-behind": "run_train --a 1 # --b 2\n",
    "hash-inside-a-word": "run_train --a x#y --b '#z'\n",
    "variables": 'A=1\nB="x y"\nrun_train --a $A --b "$B" --c ${A}_$B\n',
    "unquoted-variable-splits": 'FLAGS="--a 1  --b   2 "\nrun_train $FLAGS --c\n',
    "glued-unquoted-variable": "F='x y z'\nrun_train p$F q${F}r\n",
    "empty-variable-vanishes": 'E=\nrun_train a $E b "$E" c"$E" --d=$E\n',
    "default-of-unset": "run_train ${A:-x} ${A-y} ${B:=z} $B ${C:+w} ${D+v} end\n",
    "default-of-empty": 'A=\nrun_train "${A:-x}" "${A-y}" "${A:=z}" "$A"\n',
    "default-of-set": "A=v\nrun_train ${A:-x} ${A-y} ${A:=z} ${A:+w} ${A+u} ${A:?no}\n",
    "default-with-spaces": 'run_train ${A:-x y} "${A:-x y}" ${A:-"x y" z} "${A:-"q r"}"\n',
    "default-with-variable": "B=b\nrun_train ${A:-${B}c} ${A:-${C:-d$B}}\n",
    "default-with-single-quotes": "run_train ${A:-'x y'} \"${A:-'x y'}\"\n",
    "colon-assigns-default": ': "${SEED:=17}" ${LR:=0.1}\nrun_train --seed $SEED --lr $LR\n',
    "suffix-removed": (
        "F=data/train.tar.gz\nrun_train ${F%.*} ${F%%.*} ${F#*/} ${F##*.} ${F%.xyz} \"${F%'.gz'}\"\n"
    ),
    "prefix-removed-by-pattern": "F=aXbXc\nrun_train ${F#*X} ${F##*X} ${F%X*} ${F%%X*} ${F#?}\n",
    "case-changed": "F=Abc\nrun_train ${F^^} ${F,,} ${#F}\n",
    "array": 'ARGS=(--a 1 --b "x y")\nrun_train "${ARGS[@]}" end\n',
    "array-unquoted": 'ARGS=(--a 1 --b "x y")\nrun_train ${ARGS[@]} ${ARGS[*]}\n',
    "array-joined": 'ARGS=(a b)\nrun_train "${ARGS[*]}" "<${ARGS[*]}>"\n',
    "array-glued": 'ARGS=(a b c)\nrun_train "<${ARGS[@]}>" p"${ARGS[@]}"q\n',
    "array-empty": 'ARGS=()\nrun_train "${ARGS[@]}" ${ARGS[@]} x"${ARGS[@]}"y end\n',
    "array-empty-idiom": 'A=()\nB=(p)\nrun_train ${A[@]+"${A[@]}"} ${B[@]+"${B[@]}"}\n',
    "array-grows": 'ARGS=(--a)\nARGS+=(1 "b c")\nARGS+=(--d)\nrun_train "${ARGS[@]}"\n',
    "array-of-lines": "ARGS=(\n  --a 1   # one\n  # two\n  --b 'x y'\n\n)\nrun_train \"${ARGS[@]}\"\n",
    "array-of-arrays": 'A=(x "y z")\nB=(p "${A[@]}" q)\nrun_train "${B[@]}"\n',
    "array-element": "A=(x y z)\nrun_train ${A[0]} ${A[2]} $A ${A[7]} ${#A[@]}\n",
    "array-element-assigned": 'A=(x y)\nA[1]=q\nA[2]="r s"\nrun_train "${A[@]}"\n',
    "array-with-command": 'CMD=(run_train --a "b c")\n"${CMD[@]}" --d\n',
    "array-declared": (
        'declare -a ARGS=(--a "b c")\ndeclare -a MORE\nMORE+=(--d)\nrun_train "${ARGS[@]}" "${MORE[@]}"\n'
    ),
    "command-in-a-variable": 'CMD="run_train --a 1"\n$CMD --b 2\n',
    "string-grows": 'F="--a 1"\nF+=" --b 2"\nF="$F --c 3"\nrun_train $F\n',
    "export": 'export A=1 B="x y"\nA=2\nrun_train $A "$B"\n',
    "readonly": 'readonly A=1\ndeclare -r B="x y"\nrun_train $A "$B"\n',
    "assignments-on-one-line": 'A=1 B=$A C="$B$A"\nrun_train $A $B $C\n',
    "assignments-then-a-pipe": "A=1 B=2\nrun_train $A $B | cat\nrun_train $A\n",
    "assignments-then-a-list": "A=1 B=2\ncd . && A=3 C=4\nrun_train $A $C && run_train --a\n",
    "assignments-in-a-branch": "false || A=1 B=2\nrun_train $B x\ntrue && A=5 B=6\nrun_train $A > log\n",
    "assignments-in-a-loop": "for i in 1 2; do\nA=$i B=x\nrun_train $A $B | cat\ndone\n",
    "assignment-in-front": "A=old\nA=new run_train $A\nrun_train $A\n",
    "unset": "A=1\nunset A\nrun_train x $A ${A:-gone}\n",
    "brace-expansion": "run_train --E0s={1:-3,8:-5} {a,b}c x{1..3} {x} {} a{b}c {p,'q,r'} --y={z}\n",
    "brace-expansion-nested": "run_train {a,b{c,d}}e {a..c} {3..1} '{a,b}' \\{a,b} {a\\,b}\n",
    "brackets-stay": "run_train --radial_MLP=[64,64,64] [64,64] '[1, 2]'\n",
    "pattern-without-match": "run_train --files=*.cif\n",
    "no-expansion-of-tilde": "run_train --dir=~/x a~b '~'\n",
    "redirections": "run_train --a 1 > log 2>&1 --b 2\nrun_train < data.xyz >> log &> other --c\n",
    "pipe": "run_train --a 1 2>&1 | tee log > /dev/null\n",
    "and": "true && run_train --a 1 && run_train --b 2\n",
    "or": "false || run_train --a 1\n",
    "or-exit": "cd . || exit 1\nrun_train --a\n",
    "semicolons": "A=1; run_train $A; A=2; run_train $A;\n",
    "background": "A=1\nrun_train $A &\nwait\n",
    "subshell": "A=1\n(A=2; run_train $A)\nrun_train $A\n",
    "group": "{ A=2; run_train $A; }\nrun_train $A\n",
    "pipeline-assignments-are-lost": (
        "A=1\necho x | A=2 || true\necho y | { A=3; cat > /dev/null; }\nrun_train $A\n"
    ),
    "if-same-in-both": "if [ -f data.xyz ]; then A=1; else A=1; fi\nrun_train $A\n",
    "if-different": "if [ -f data.xyz ]; then A=one; else A=two; fi\nrun_train --x $A --y=$A\n",
    "if-without-else": "A=1\nif [ -f nothing ]; then A=2; fi\nrun_train $A\n",
    "if-exits": 'A=1\nif [ -z "$A" ]; then A=2; exit 1; fi\nrun_train $A\n',
    "if-elif": "if false; then A=1; elif true; then A=2; else exit 3; fi\nrun_train --a $A b\n",
    "if-runs": "if true; then run_train --a; else run_train --b; fi\n",
    "if-condition-runs": "if run_train --a; then :; fi\n",
    "conditional-array": (
        'ARGS=(--a 1)\nif true; then ARGS+=(--b 2); fi\nARGS+=(--c 3)\nrun_train "${ARGS[@]}"\n'
    ),
    "conditional-string": 'F="--a 1"\n[ -f data.xyz ] && F="$F --b 2"\nrun_train $F --c\n',
    "case": "M=x\ncase $M in\n  x) A=1 ;;\n  y|z) A=2 ;;\n  *) exit 1 ;;\nesac\nrun_train --a $A\n",
    "case-same": "case q in\n  (a) A=1 ;;\n  *) A=1 ;;\nesac\nrun_train --a $A\n",
    "for": "for s in 1 2 3; do\n  run_train --seed $s --name run_$s\ndone\nrun_train $s\n",
    "for-with-assignment": "A=0\nfor s in a b; do\n  run_train $A\n  A=$s\ndone\nrun_train end$A\n",
    "for-over-array": 'S=(1 "2 x")\nfor s in "${S[@]}"; do run_train --seed "$s"; done\n',
    "for-one-round": "for s in 5; do run_train --seed $s; done\n",
    "c-style-for": "for ((i=0; i<2; i++)); do run_train --seed $i; done\n",
    "while": "i=0\nwhile [ $i -lt 2 ]; do run_train --i $i; i=$((i+1)); done\n",
    "while-in-a-chain": "A=x\nB=y\nfor i in 1 2 3; do run_train $A $B; A=$B; B=z; done\n",
    "until-run": "until run_train --a; do sleep 1; done\n",
    "arithmetic": "A=2\nrun_train $((A*3)) x$((1+1)) --y=$[1+2]\n((A++))\nrun_train $A\n",
    "command-output": 'run_train --name $(echo a) "$(echo b c)" `echo d` --x=$(echo e)\n',
    "command-output-with-quotes": 'run_train "$(echo ")" "it\'s")" --a\n',
    "command-output-with-case": 'run_train "$(case a in a) echo 1;; esac)" --a\n',
    "command-output-with-here-document": 'A=$(cat <<EOF\nit\'s )\nEOF\n)\nrun_train "$A" --b\n',
    "trainer-inside-output": "A=$(run_train --a 1)\nrun_train --b\n",
    "function": "go() { run_train --a \"$1\" $2; }\ngo 'x y' z\ngo p\n",
    "function-with-all": 'go() { run_train --a "$@" --b; }\ngo 1 "2 3"\ngo\n',
    "function-keyword": (
        'function go {\n  local n=$1; shift\n  run_train --n $n "$@" $#\n}\ngo one two "three four"\n'
    ),
    "function-sets-global": "A=1\nf() { A=2; local B=3; }\nB=0\nf\nrun_train $A $B\n",
    "function-returns-early": "f() { A=2; if true; then A=3; return; fi; A=4; }\nf\nrun_train --a $A b\n",
    "function-calls-function": (
        'inner() { run_train "$@"; }\nouter() { inner --x "$1"; inner --y "${@:2}"; }\nouter 1 2 3\n'
    ),
    "function-sees-caller": "g() { run_train $V; }\nf() { local V=2; g; }\nV=1\nf\ng\n",
    "main": 'main() {\n  local cfg=${1:-config.yaml}\n  run_train --config "$cfg"\n}\nmain "$@"\n',
    "function-with-assignment-in-front": "f() { run_train $A; }\nA=1\nA=2 f\nf\n",
    "positional": 'run_train "$1" ${2:-two} "$@" end\n',
    "set-positional": 'set -e\nset -- a "b c" d\nrun_train "$@" $1 "$2"\nshift\nrun_train "$1" "$*"\n',
    "read-array": 'read -r -a ARGS <<< "--a 1   --b 2"\nrun_train "${ARGS[@]}"\n',
    "read-array-from-variable": 'F="--a 1"\nread -ra ARGS <<< "$F --b"\nrun_train "${ARGS[@]}"\n',
    "read-array-from-here-document": (
        "read -r -d '' -a ARGS <<'EOF'\n--a 1\n--b 2\nEOF\nrun_train \"${ARGS[@]}\"\n"
    ),
    "read-scalars": 'read -r A B <<< "x y z"\nrun_train "$A" "$B"\n',
    "read-with-separator": 'IFS=, read -r -a A <<< "x,y"\nrun_train "${A[@]}" end\n',
    "separator-changed": "IFS=,\nA=x,y\nrun_train $A end\n",
    "mapfile": "mapfile -t A < <(printf '%s\\n' p q)\nrun_train \"${A[@]}\"\n",
    "here-document-is-no-command": "cat > config.yaml <<EOF\nrun_train --never 1\nEOF\nrun_train --a\n",
    "here-document-then-flags": "cat <<EOF > c.yaml\n--lr 3\nEOF\nrun_train --a\n",
    "here-document-and": "cat <<EOF > c.yaml && run_train --a 1\nx: 1\nEOF\nrun_train --b\n",
    "here-document-with-tabs": "cat > c.yaml <<-'EOF'\n\tx: $1\n\tEOF\nrun_train --a\n",
    "script-by-here-document": (
        "A=1\n"
        "export B=2\n"
        "bash <<EOF\n"
        "run_train --a $A --b \\$B\n"
        "EOF\n"
        "bash -s <<'EOF'\n"
        'run_train "$A" $B\n'
        "EOF\n"
    ),
    "shell-with-text": (
        "A=1\nbash -c \"run_train --a $A --b 'x y'\"\nexport C=3\nbash -c 'run_train $C \"$1\" $0' zero one\n"
    ),
    "shell-with-text-splits": 'A="x  y"\nbash -c "run_train $A \\"$A\\""\n',
    "eval": 'A="--x 1"\neval "run_train $A --y \'p q\'"\nV=B\neval "$V=7"\nrun_train $B end\n',
    "prefixes": "env A=1 run_train --a\nnice -n 5 run_train --b\ntime run_train --c\nnohup run_train --d\n",
    "prefix-timeout": (
        "timeout 60 run_train --a\n"
        "timeout -k 5 60s run_train --b\n"
        "stdbuf -oL run_train --c\n"
        "command run_train --d\n"
    ),
    "exec": "if false; then exit; fi\nexec run_train --a 1\nrun_train --never\n",
    "exec-redirects": "exec > log\nrun_train --a\n",
    "quoted-newline": "run_train 'a\nb' \"c\nd\"\n",
    "unicode": "A='Å é'\nrun_train --näme \"$A\" → ok\n",
    "test-then-run": '[ -n "$NOT" ] || run_train --a\n[[ -n x && 1 ]] && run_train --b\n',
    "negated": "if ! false; then run_train --a; fi\n! run_train --b\n",
    "nested-quotes": 'A=\'x "y"\'\nrun_train "$A" "\'$A\'" \'"$A"\'\n',
    "dollar-alone": 'run_train $ a$ "$" 5$\n',
    "special-words": "run_train -- - --a=-1 == ! % @ ^ : + a=b c+=d [x] ,\n",
    "indirect": "A=B\nB=x\nrun_train ${!A} end\n",
    "substring": "A=abcdef\nrun_train ${A:1:2} ${A/b/x} end\n",
    "substring-of-list": 'A=(a b c)\nrun_train "${A[@]:1}" "${A[@]:0:2}" ${A[@]:9} end\n',
    "replaced": "F=a-b-c.xyz\nrun_train ${F/-/_} ${F//-/_} ${F/.xyz/} ${F/-b} \"${F/b/'x y'}\"\n",
    "count": 'f() { run_train $# "${#@}" "$@"; }\nf\nf 1 "2 3"\n',
    "join-of-branches": 'if true; then D=a/one; else D=a/two; fi\nrun_train "$D" "$D/x" $D/y\n',
    "exit-inside-subshell": "(exit 3)\nrun_train --a\n",
    "loop-with-break": "A=1\nfor i in 1 2; do A=2; break; A=3; done\nrun_train --x $A y\n",
    "local-array": 'f() { local -a X=(--p "q r"); X+=(s); run_train "${X[@]}"; }\nf\n',
    "default-chain": 'OUT=${OUT:-${BASE:-/tmp}/runs}\nrun_train --work_dir="$OUT"\n',
    "flags-on-and-off": 'W=1\nrun_train ${W:+--wandb} ${NOPE:+--nope} ${W:+--tag "a b"}\n',
    "line-continuation-in-string": "run_train \"a\\\nb\" 'c\\\nd'\n",
    "known-branch": (
        'DEBUG=1\nARGS=(--a)\nif [[ $DEBUG -eq 1 ]]; then ARGS+=(--b 0); else ARGS+=(--c); fi\nrun_train "${ARGS[@]}"\n'
    ),
    "known-elif": "M=b\nif [ $M = a ]; then X=1; elif [ $M = b ]; then X=2; else X=3; fi\nrun_train --x $X\n",
    "known-case": "S=water\ncase $S in ice|steam) X=1 ;; wa*) X=2 ;; *) X=3 ;; esac\nrun_train --x $X\n",
    "known-list": '[ -n "$NOPE" ] && X=1\nY=1\n[[ $Y == 1 ]] && X=2\n[[ $Y == 1 ]] || X=3\nrun_train --x $X\n',
    "known-exit": 'C=\nif [ -z "$C" ]; then run_train --usage; exit 1; fi\nrun_train --never\n',
    "branch-in-loop": "A=1\nfor i in 1 2; do if [ $A = 1 ]; then A=2; else A=3; fi; run_train --x $A; done\nrun_train $A\n",
    "unknown-elif": "M=b\nif [ $M = a ]; then X=1; elif [ -d /proc ]; then X=2; else X=3; fi\nrun_train --x $X\n",
    "array-read-by-lines": "mapfile -t A <<'EOF'\n--a\nb c\n\nEOF\nrun_train \"${A[@]}\" end\n",
    "continued-to-the-end": "run_train --a \\\n",
}
