#!/usr/bin/env bash
# Has a client of another family, @grpc/grpc-js, ask the server for gRPC's interoperability behaviours; the last line is the sum:
# N passed, N failed, N skipped. The server has to be built before: dotnet build YMaskNet.Grpc.sln -c Release.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
readonly repository=$PWD/../..
readonly server_dll=$repository/src/Server/bin/Release/net10.0/YMaskNet.Server.dll

finish() {
  echo "$1 passed, $2 failed, $3 skipped"
  (($2 == 0)) || exit 1
  exit 0
}

skip() {
  echo "skipped: $1"
  finish 0 0 1
}

command -v node >/dev/null && command -v npm >/dev/null || skip "interoperability tests: no Node.js with npm"
if [[ ! -e node_modules/.package-lock.json || package-lock.json -nt node_modules/.package-lock.json ]]; then
  timeout 5m npm ci --ignore-scripts --no-audit --no-fund --loglevel=error || skip "interoperability tests: npm brought no packages"
  touch node_modules/.package-lock.json
fi

work=$(mktemp -d)
server=
clean_up() {
  [[ -z $server ]] || kill "$server" 2>/dev/null || true
  rm -rf "$work"
}
trap clean_up EXIT

mkdir "$work/models"
ln -s "$repository/models/pcb-yolov5" "$work/models/pcb-yolov5"

# There before the server is, since it is read at once.
: >"$work/server.log"
dotnet "$server_dll" --address http://127.0.0.1:0 --models "$work/models" --response-compression gzip \
  --Logging:Console:LogLevel:Default=None >"$work/server.log" 2>&1 &
server=$!
address=
for _ in {1..120}; do
  address=$(sed -n 's|.* on http://\([^, ]*\).*|\1|p' "$work/server.log")
  [[ -z $address ]] || break
  kill -0 "$server" 2>/dev/null || break
  sleep 1
done
if [[ -z $address ]]; then
  cat "$work/server.log"
  echo "the server did not start"
  finish 0 1 0
fi

status=0
YMASKNET_INTEROP_ADDRESS=$address timeout 10m node --test --test-reporter=tap interop.test.js >"$work/tap" 2>&1 || status=$?
cat "$work/tap"
number() { sed -n "s/^# $1 \([0-9][0-9]*\)\$/\1/p" "$work/tap" | tail -n 1 | grep . || echo 0; }
failed=$(number fail)
# A crash leaves no failed test behind, but has not passed either.
((status == 0 || failed > 0)) || failed=1
finish "$(number pass)" "$failed" "$(number skipped)"
