#!/usr/bin/env bash
# Runs the conformance cases with the C# client, and with the Python and C++ clients where their tools are installed; the last
# line is the sum: N passed, N failed, N skipped. The solution has to be built before: dotnet build YMaskNet.Grpc.sln -c Release.
#
#   run.sh                                     all cases; the table and all lines go to out/conformance
#   run.sh --document docs/conformance.md      the same, and writes the table into a document
#   run.sh --write-goldens                     writes goldens.json anew, from the C# client
#   run.sh soak --frames 100000                whether the clients' memory stays flat
#   run.sh rate --seconds 10 --turns 5         frames a second of each client, by turns
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
readonly driver=tests/conformance/Driver/bin/Release/net10.0/ymasknet-conformance.dll
readonly runner=$PWD/tests/conformance/CSharp/bin/Release/net10.0/ymasknet-conformance-client.dll

clients=(--client "C#=dotnet $runner")
missing=()

miss() {
  echo "not run: the $1 client: $2"
  missing+=(--missing "$1")
}

add_python() {
  local modules="grpc, google.protobuf, numpy, setuptools" python found= why
  for python in /usr/bin/python3 python3; do
    if command -v "$python" >/dev/null && "$python" -c "import $modules" >/dev/null 2>&1; then
      found=$python
      break
    fi
  done
  if [[ -z $found ]]; then
    miss Python "no Python with $modules"
  elif ! why=$(cd clients/python/build_support && "$found" -c "import stubs; stubs.find_generator()" 2>&1); then
    miss Python "$why"
  else
    (cd clients/python && "$found" setup.py -q build --build-base "$OLDPWD/out/python-client")
    clients+=(--client "Python=env PYTHONPATH=$PWD/out/python-client/lib:$PWD/tests/conformance/python $found -m conformance")
  fi
}

add_cpp() {
  local lacking
  if lacking=$(clients/cpp/test.sh --missing); then
    miss C++ "no $lacking"
  else
    clients/cpp/test.sh --build ymasknet_conformance >&2
    clients+=(--client "C++=$PWD/out/cpp/tests/conformance/ymasknet_conformance")
  fi
}

add_python
add_cpp
command=()
case ${1:-} in
  soak | rate)
    command=("$1")
    missing=()
    shift
    ;;
esac
exec dotnet "$driver" "${command[@]}" "${clients[@]}" "${missing[@]}" "$@"
