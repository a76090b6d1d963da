#!/usr/bin/env bash
# Builds everything and runs all tests; the last line is the sum: N passed, N failed, N skipped.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
source build/tools.sh
require_tools
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 TESTINGPLATFORM_TELEMETRY_OPTOUT=1

# A suite that takes longer than this hangs.
readonly suite_limit=20m

passed=0
failed=0
skipped=0
output=$(mktemp)
trap 'rm -f "$output"' EXIT

finish() {
  echo "$passed passed, $failed failed, $skipped skipped"
  ((failed == 0)) || exit 1
  exit 0
}

add() {
  passed=$((passed + $1))
  failed=$((failed + $2))
  skipped=$((skipped + $3))
}

skip_part() {
  echo "skipped: $1"
  add 0 0 1
}

# Runs a suite; its output goes to the terminal and to $output, its exit status is returned.
run_suite() {
  echo "== $1"
  shift
  timeout "$suite_limit" "$@" 2>&1 | tee "$output"
  return "${PIPESTATUS[0]}"
}

# The number after a word of the test platform's summary, 0 without one.
summary_number() {
  sed -n "s/^ *$1: *\([0-9][0-9]*\).*/\1/p" "$output" | tail -n 1 | grep . || echo 0
}

run_dotnet_suite() {
  local name=$1 status=0
  run_suite "$name" dotnet "tests/$name/bin/Release/net10.0/YMaskNet.$name.dll" --no-ansi --progress off || status=$?
  local suite_failed
  suite_failed=$(summary_number failed)
  # A crash, a hang or an empty suite leaves no failed test behind, but has not passed either.
  if ((status != 0 && suite_failed == 0)); then
    echo "$name ended with exit status $status"
    suite_failed=1
  fi
  add "$(summary_number succeeded)" "$suite_failed" "$(summary_number skipped)"
}

# The number after a word in unittest's last line, as in FAILED (failures=1, errors=2, skipped=3); 0 without one.
unittest_number() {
  tail -n 1 "$output" | sed -n "s/.*$1=\([0-9][0-9]*\).*/\1/p" | grep . || echo 0
}

run_python_suite() {
  local name=$1 python=$2 folder=$3 status=0
  run_suite "$name" "$python" -m unittest discover -s "$folder" -t . || status=$?
  local ran bad suite_skipped
  ran=$(sed -n 's/^Ran \([0-9][0-9]*\) test.*/\1/p' "$output" | tail -n 1)
  ran=${ran:-0}
  bad=$(($(unittest_number failures) + $(unittest_number errors)))
  suite_skipped=$(unittest_number skipped)
  if ((status != 0 && bad == 0)); then
    echo "$name ended with exit status $status"
    add 0 1 0
    return
  fi
  add $((ran > bad + suite_skipped ? ran - bad - suite_skipped : 0)) "$bad" "$suite_skipped"
}

# A suite whose last line is its sum, as this script's is.
run_counted_suite() {
  local name=$1 status=0 sum
  run_suite "$@" || status=$?
  sum=$(tail -n 1 "$output" | sed -n 's/^\([0-9]*\) passed, \([0-9]*\) failed, \([0-9]*\) skipped$/\1 \2 \3/p')
  if [[ -z $sum || ($status -ne 0 && $sum == *" 0 "*) ]]; then
    echo "$name ended with exit status $status"
    sum="0 1 0"
  fi
  # shellcheck disable=SC2086
  add $sum
}

# The first Python that has every named module.
find_python() {
  local python
  for python in /usr/bin/python3 python3; do
    if command -v "$python" >/dev/null && "$python" -c "import $1" >/dev/null 2>&1; then
      echo "$python"
      return
    fi
  done
  return 1
}

build/probe-packages.sh

echo "== build"
if ! dotnet build YMaskNet.Grpc.sln -c Release -v quiet -clp:NoSummary; then
  add 0 1 0
  finish
fi

for project in tests/*.Tests/*.csproj; do
  run_dotnet_suite "$(basename "$(dirname "$project")")"
done

run_counted_suite native-kernels native-kernels/test.sh

run_counted_suite interop tests/interop/test.sh

training_modules="torch, torchvision, numpy, PIL, cv2, onnx"
if python=$(find_python "$training_modules"); then
  run_python_suite training "$python" training/tests
else
  skip_part "training tests: no Python with $training_modules"
fi

if python=$(find_python json); then
  run_python_suite measuring "$python" perf/measuring/tests
else
  skip_part "measuring tests: no Python"
fi

load_modules="cv2, google.protobuf, matplotlib, numpy"
if python=$(find_python "$load_modules"); then
  run_python_suite loadtest "$python" loadtest/tests
else
  skip_part "loadtest tests: no Python with $load_modules"
fi

# The client is tested as it is built, with its generated stubs.
python_client_modules="grpc, google.protobuf, numpy, PIL, setuptools"
if ! python=$(find_python "$python_client_modules"); then
  skip_part "Python client tests: no Python with $python_client_modules"
elif ! missing=$(cd clients/python/build_support && "$python" -c "import stubs; stubs.find_generator()" 2>&1); then
  skip_part "Python client tests: $missing"
else
  built=$PWD/out/python-client
  rm -rf "$built"
  if (cd clients/python && "$python" setup.py -q build --build-base "$built"); then
    PYTHONPATH=$built/lib run_python_suite "Python client" "$python" clients/python/tests
  else
    echo "building the Python client failed"
    add 0 1 0
  fi
fi

if missing=$(clients/cpp/test.sh --missing); then
  skip_part "C++ client tests: no $missing"
else
  run_counted_suite "C++ client" clients/cpp/test.sh
fi

run_counted_suite conformance tests/conformance/run.sh

finish
