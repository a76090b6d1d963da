#!/usr/bin/env bash
# Builds the C++ client and runs its tests; the last line is the sum: N passed, N failed, N skipped.
# The server has to be built before: dotnet build YMaskNet.Grpc.sln -c Release.
#
#   test.sh              builds in out/cpp and tests
#   test.sh --sanitize   the same with AddressSanitizer and UndefinedBehaviorSanitizer, in out/cpp-sanitized
#   test.sh --build X    builds the target X alone, in out/cpp
#   test.sh --missing    names what the build needs and this machine lacks; exit status 0 when something is missing
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
readonly repository=$PWD/../..

missing() {
  local program missing=()
  for program in cmake c++ protoc grpc_cpp_plugin pkg-config openssl; do
    command -v "$program" >/dev/null || missing+=("$program")
  done
  if command -v pkg-config >/dev/null; then
    local package
    for package in grpc++ protobuf gtest libpng; do
      pkg-config --exists "$package" || missing+=("$package")
    done
  fi
  ((${#missing[@]} > 0)) && echo "${missing[*]}"
}

build=$repository/out/cpp
options=(-DCMAKE_BUILD_TYPE=Release -DCMAKE_CXX_FLAGS_RELEASE="-O1 -DNDEBUG")
consumer_flags=
target=all
case ${1:-} in
  "") ;;
  --sanitize)
    build=$repository/out/cpp-sanitized
    options=(-DCMAKE_BUILD_TYPE=Debug -DCMAKE_CXX_FLAGS_DEBUG=-g1 -DYMASKNET_SANITIZER=address,undefined)
    consumer_flags=-fsanitize=address,undefined
    ;;
  --build)
    target=$2
    ;;
  --missing)
    missing
    exit
    ;;
  *)
    echo "usage: test.sh [--sanitize | --build TARGET | --missing]" >&2
    exit 2
    ;;
esac
if lacking=$(missing); then
  echo "test.sh: missing: $lacking; README.md names the packages" >&2
  exit 1
fi

passed=0
failed=0

# Counts a check of this script's own: a name, and a command whose output is shown when it fails.
check() {
  local name=$1 output status=0
  shift
  output=$("$@" 2>&1) || status=$?
  if ((status == 0)); then
    echo "passed: $name"
    passed=$((passed + 1))
  else
    printf '%s\nfailed: %s\n' "$output" "$name"
    failed=$((failed + 1))
  fi
}

# Runs a test program and counts its tests.
run_tests() {
  local name=$1 output status=0
  output=$(mktemp)
  timeout 5m "$build/tests/$name" --gtest_brief=1 2>&1 | tee "$output" || status=$?
  local ok bad
  ok=$(sed -n 's/^\[  PASSED  \] \([0-9][0-9]*\) test.*/\1/p' "$output" | tail -n 1)
  bad=$(grep -c '^\[  FAILED  \] .*([0-9][0-9]* ms)$' "$output" || true)
  # A crash, a hang or a leak leaves no failed test behind, but has not passed either.
  if ((status != 0 && bad == 0)); then
    echo "$name ended with exit status $status"
    bad=1
  fi
  passed=$((passed + ${ok:-0}))
  failed=$((failed + bad))
  rm -f "$output"
}

finish() {
  echo "$passed passed, $failed failed, 0 skipped"
  ((failed == 0)) || exit 1
  exit 0
}

configure_and_build() {
  cmake -S . -B "$build" "${options[@]}" -DYMASKNET_BUILD_TESTS=ON -DYMASKNET_WARNINGS_AS_ERRORS=ON &&
    cmake --build "$build" --parallel 2 --target "$target"
}

# Starts a server, and sets the address that programs get.
start_server() {
  local log=$build/server.log second

  # Before the server is there to do so: the last run's address would be taken for its own.
  : >"$log"
  dotnet "$repository/src/Server/bin/Release/net10.0/YMaskNet.Server.dll" --address http://127.0.0.1:0 \
    --models "$repository/models" --Logging:Console:LogLevel:Default=None >"$log" 2>&1 &
  server=$!
  trap 'kill "$server" 2>/dev/null || true' EXIT
  for second in {1..60}; do
    address=$(sed -n 's/.* on \(http:[^, ]*\).*/\1/p' "$log")
    [[ -z $address ]] || return 0
    kill -0 "$server" 2>/dev/null || break
    sleep 1
  done
  cat "$log"
  return 1
}

# The installed package in a project of its own, which is the example of the repository's README but for the port. It finds gRPC
# by pkg-config, as where gRPC has no CMake package; the build above finds it by that.
build_consumer() {
  local prefix=$build/installed consumer=$build/consumer
  rm -rf "$prefix" "$consumer" && mkdir -p "$consumer" &&
    cmake --install "$build" --prefix "$prefix" &&
    sed -n '/^```cpp$/,/^```$/{/^```/!p}' "$repository/README.md" |
    sed "s|http://127.0.0.1:5080|$address|" >"$consumer/first_call.cpp" &&
    cmake -S tests/consumer -B "$consumer" -DCMAKE_PREFIX_PATH="$prefix" -DCMAKE_DISABLE_FIND_PACKAGE_gRPC=ON \
      -DFIRST_CALL_SOURCE="$consumer/first_call.cpp" -DCMAKE_CXX_FLAGS="$consumer_flags" &&
    cmake --build "$consumer"
}

# Runs a program in the repository's root, where the README's paths begin, and looks for a line of its output.
expect_line() {
  local pattern=$1 output
  shift
  output=$(cd "$repository" && "$@") || return
  grep -qE -- "$pattern" <<<"$output" || {
    printf '%s\nThere is no line like: %s\n' "$output" "$pattern"
    return 1
  }
}

if [[ $target != all ]]; then
  configure_and_build
  exit
fi

echo "== build"
if ! configure_and_build; then
  failed=1
  finish
fi

for tests in ymasknet_units ymasknet_scripted ymasknet_server; do
  echo "== $tests"
  run_tests "$tests"
done

echo "== examples and package"
start_server || {
  failed=$((failed + 1))
  finish
}
check "example inspect" expect_line '^  short +0\.[0-9]+ at ' "$build/examples/inspect" "$address" samples/bus-binary.png
check "example stream" expect_line '^frame 19: FAIL ' "$build/examples/stream" "$address" --frames 20 samples/bus-binary.png
check "package ymasknet in a project of its own" build_consumer
check "first call of README.md" expect_line ' pixels$' "$build/consumer/first_call"

finish
