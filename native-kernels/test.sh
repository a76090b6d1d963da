#!/usr/bin/env bash
# Tests of the kernels; the last line is the sum: N passed, N failed, N skipped. What a part needs and is not there skips it.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
source tests/compiler_options.sh

passed=0
failed=0
skipped=0
mkdir -p out
output=$(mktemp)
trap 'rm -f "$output"' EXIT

add() {
  passed=$((passed + $1))
  failed=$((failed + $2))
  skipped=$((skipped + $3))
}

skip_part() {
  echo "skipped: $1"
  add 0 0 1
}

# The committed PTX is what the pinned compiler makes of the sources.
test_ptx() {
  if ! ./build.sh --has-compiler; then
    skip_part "PTX against its sources: no clang-19 of the version in native-kernels/build.sh"
  elif ./build.sh "$output" && cmp ptx/ymasknet.ptx "$output"; then
    echo "ptx/ymasknet.ptx matches its sources"
    add 1 0 0
  else
    echo "ptx/ymasknet.ptx does not match its sources: run native-kernels/build.sh and commit what it makes"
    add 0 1 0
  fi
}

build_emulated_tests() {
  local options=("${emulation_options[@]}" -O1 -g1 -fsanitize=address -fno-omit-frame-pointer)
  printf '%s\n' tests/*.cpp |
    xargs -P "$(nproc)" -I {} sh -c 'source=$1; shift; g++ "$@" -c "$source" -o "out/$(basename "$source" .cpp).o"' sh {} "${options[@]}" &&
    g++ "${options[@]}" out/*_tests.o out/kernels_emulated.o -lgtest -lgtest_main -o out/emulated_tests
}

# Runs all tests with the threads of a block in one order.
run_emulated_tests() {
  local schedule=$1 status=0 all ok
  echo "== emulated kernels, threads in $schedule order"
  EMULATION_SCHEDULE=$schedule ASAN_OPTIONS=detect_leaks=0 timeout 10m out/emulated_tests --gtest_brief=1 2>&1 | tee "$output" ||
    status=${PIPESTATUS[0]}
  all=$(sed -n 's/^\[==========\] \([0-9]*\) tests\? from .* ran.*/\1/p' "$output" | tail -n 1)
  ok=$(sed -n 's/^\[  PASSED  \] \([0-9]*\) test.*/\1/p' "$output" | tail -n 1)
  ok=${ok:-0}
  all=${all:-0}

  # A crash or a fault that the sanitizer sees ends the run without a sum.
  if ((status != 0 && all <= ok)); then
    echo "the tests ended with exit status $status"
    all=$((ok + 1))
  fi
  add "$ok" $((all - ok)) 0
}

test_emulated() {
  if ! command -v g++ >/dev/null; then
    skip_part "emulated kernels: no g++"
  elif ! echo '#include <gtest/gtest.h>' | g++ -x c++ -E - >/dev/null 2>&1; then
    skip_part "emulated kernels: no GoogleTest (libgtest-dev)"
  elif build_emulated_tests; then
    run_emulated_tests forward
    run_emulated_tests reverse
  else
    echo "the emulated kernels or their tests do not compile"
    add 0 1 0
  fi
}

test_against_torchvision() {
  if ! command -v g++ >/dev/null; then
    skip_part "kernels against torchvision: no g++"
  elif ! /usr/bin/python3 -c "import numpy, torch, torchvision" >/dev/null 2>&1; then
    skip_part "kernels against torchvision: no Python with numpy, torch, torchvision"
  elif /usr/bin/python3 -m unittest tests/test_torchvision.py 2>&1 | tee "$output"; then
    add "$(sed -n 's/^Ran \([0-9]*\) test.*/\1/p' "$output")" 0 0
  else
    add 0 1 0
  fi
}

test_ptx
test_emulated
test_against_torchvision
echo "$passed passed, $failed failed, $skipped skipped"
((failed == 0))
