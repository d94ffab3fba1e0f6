mace_scf_train --config ok-written-behind.yaml
cat > ok-written-behind.yaml <<'EOF'
seed: 2
EOF
