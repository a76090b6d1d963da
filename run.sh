#!/usr/bin/env bash
# Builds, serves the shipped models and inspects samples/, then goes on serving until Ctrl-C.
#   ./run.sh [--once] [--address http://HOST:PORT]
#     --once     stop after the samples
#     --address  where to serve (default http://127.0.0.1:5080)
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
source build/tools.sh
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

readonly server_dll=src/Server/bin/Release/net10.0/YMaskNet.Server.dll
readonly tool_dll=src/Client/Tool/bin/Release/net10.0/ymasknet.dll
readonly server_log=out/server.log
readonly overlays=out/overlays

once=false
address=http://127.0.0.1:5080
while (($#)); do
  case $1 in
    --once) once=true ;;
    --address) address=${2:?--address needs a value}; shift ;;
    --address=*) address=${1#*=} ;;
    *) fail "unknown argument '$1'; usage: ./run.sh [--once] [--address http://HOST:PORT]" ;;
  esac
  shift
done

server=
stop_server() {
  if [[ -n $server ]]; then
    kill -TERM "$server" 2>/dev/null || true
    wait "$server" 2>/dev/null || true
    server=
  fi
}
trap stop_server EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

build() {
  local log
  log=$(mktemp)
  if ! dotnet build "$1" -c Release -v quiet -clp:NoSummary >"$log" 2>&1; then
    cat "$log" >&2
    rm -f "$log"
    fail "building $1 failed"
  fi
  rm -f "$log"
}

start_server() {
  mkdir -p out
  : >"$server_log"
  dotnet "$server_dll" --address "$address" --models models >"$server_log" 2>&1 &
  server=$!

  # The server prints one line when every model has been loaded and checked, or ends with one line that says why not.
  until grep -q '^ymasknet: serving' "$server_log"; do
    if ! kill -0 "$server" 2>/dev/null; then
      local code=0
      wait "$server" || code=$?
      server=
      grep '^ymasknet:' "$server_log" >&2 || cat "$server_log" >&2
      exit "$code"
    fi
    sleep 0.2
  done
  grep '^ymasknet: serving' "$server_log"
}

inspect_samples() {
  dotnet "$tool_dll" inspect samples --server "$address" --overlay "$overlays" ||
    fail "inspecting samples/ failed; the server's log is $server_log"
}

require_tools
build/probe-packages.sh
echo "Building..."
build src/Server
build src/Client/Tool
start_server
inspect_samples

if ! $once; then
  echo "Serving on $address (log: $server_log); Ctrl-C stops."
  code=0
  wait "$server" || code=$?
  server=
  exit "$code"
fi
