#!/bin/sh
# tests/fuzz/run.sh FOLDER: run every fuzzer in it, and the one for text.awk,
# FUZZ_SECONDS (10) each, two at a time. What they find is kept in FOLDER.
built=$1
here=${0%/*}
seconds=${FUZZ_SECONDS:-10}
results=$(mktemp -d) || exit
trap 'rm -rf "$results"' EXIT
trap 'exit 130' INT TERM HUP

# One line for each: its name and its exit status.
run_all() {
  # shellcheck disable=SC2016 # the inner shell's own
  (cd "$here" && ls -- *.c) | sed 's/\.c$//' |
    xargs -n 1 -P 2 sh -c '
      mkdir "$0/$4"
      "$1/$4" -max_total_time="$3" -max_len=4096 -timeout=10 -close_fd_mask=3 \
        -print_final_stats=1 -artifact_prefix="$1/$4-" \
        "$0/$4" "$2/corpus/$4" >"$0/$4.log" 2>&1
      echo "$4 $?"' "$results" "$built" "$here" "$seconds"
  "$here/text_awk.sh" >"$results/text_awk.log" 2>&1
  echo "text_awk $?"
}

show() {
  passed=0 failed=0
  while read -r name status; do
    if [ "$status" -eq 0 ]; then
      passed=$((passed + 1))
      count=$(awk '/number_of_executed_units/ { print $2 }' "$results/$name.log")
      echo "ok $name: ${count:-$(tail -n 1 "$results/$name.log")} inputs"
    else
      failed=$((failed + 1))
      cat "$results/$name.log"
      echo "not ok $name"
    fi
  done
  echo "$passed passed, $failed failed"
  [ "$failed" -eq 0 ] && [ "$passed" -gt 1 ]
}

run_all | show
