#!/usr/bin/env bash
# Checks this machine's NVIDIA GPU: right answers through the kernels, the networks and the server, how fast, and what limits it.
#   perf/gpu-check.sh [--out FOLDER] [--device N] [--seconds S] [--provider FOLDER] [--document FILE]
#     --out       where everything goes, report.md and report.json among it (default out/gpu-check)
#     --device    the GPU, as the driver numbers them (default 0)
#     --seconds   how long each figure of throughput is measured (default 5)
#     --provider  where ONNX Runtime's CUDA provider and NVIDIA's libraries are, where they are not beside ONNX Runtime
#     --document  a document whose marked tables are written anew, for example docs/gpu.md
#   perf/gpu-check.sh --publish FOLDER
#     makes a folder that holds all of it, for a machine without .NET SDK, compiler and network: run FOLDER/gpu-check.sh there
# Exit status: 0 all is right; 1 something is wrong, which report.md names; 6 there is no GPU that can be used.
set -euo pipefail
folder=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
readonly folder
readonly address=http://127.0.0.1:5198
readonly start_seconds=300

out=out/gpu-check
device=0
seconds=5
provider=
document=
publish=
while (($#)); do
  case $1 in
    --out | --device | --seconds | --provider | --document | --publish)
      [[ $# -ge 2 ]] || { echo "gpu-check.sh: $1 needs a value" >&2; exit 1; }
      declare "${1#--}=$2"
      shift 2
      ;;
    *)
      echo "gpu-check.sh: unknown argument '$1'; the options stand at the top of $0" >&2
      exit 1
      ;;
  esac
done

is_published() { [[ -x $folder/check/ymasknet-gpu-check ]]; }

# Runs one of the programs: published ones bring their own .NET.
check() { if is_published; then "$folder/check/ymasknet-gpu-check" "$@"; else dotnet "$root/perf/Gpu/bin/Release/net10.0/ymasknet-gpu-check.dll" "$@"; fi; }
load() { if is_published; then "$folder/load/ymasknet-load" "$@"; else dotnet "$root/perf/Load/bin/Release/net10.0/ymasknet-load.dll" "$@"; fi; }
serve() { if is_published; then exec "$folder/server/YMaskNet.Server" "$@"; else exec dotnet "$root/src/Server/bin/Release/net10.0/YMaskNet.Server.dll" "$@"; fi; }

build() {
  local project log
  build/probe-packages.sh
  log=$(mktemp)
  for project in perf/Gpu perf/Load src/Server; do
    if ! dotnet build "$project" -c Release -v quiet -clp:NoSummary >"$log" 2>&1; then
      cat "$log" >&2
      rm -f "$log"
      return 1
    fi
  done
  rm -f "$log"
}

build_emulation() {
  if command -v g++ >/dev/null; then
    native-kernels/emulate.sh
  else
    echo "The emulation is not built: there is no g++."
  fi
}

publish_into() {
  local target=$1
  build/probe-packages.sh
  dotnet publish perf/Gpu -c Release -r linux-x64 --self-contained -v quiet -o "$target/check"
  dotnet publish perf/Load -c Release -r linux-x64 --self-contained -v quiet -o "$target/load"
  dotnet publish src/Server -c Release -r linux-x64 --self-contained -v quiet -o "$target/server"
  build_emulation
  if [[ -e native-kernels/out/libymasknet_kernels.so ]]; then
    cp native-kernels/out/libymasknet_kernels.so "$target/check/"
  fi
  cp -r models samples "$target/"
  cp "$folder/gpu-check.sh" "$target/"
  echo "Published: run $target/gpu-check.sh"
}

# ONNX Runtime looks for its provider beside its own library.
link_provider() {
  local library target
  for target in "$@"; do
    for library in "$provider"/*.so*; do
      ln -sf "$(realpath "$library")" "$target/"
    done
  done
  LD_LIBRARY_PATH=$(realpath "$provider")${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}
  export LD_LIBRARY_PATH
}

# A part that ends with anything but 0 is noted; the others go on. It runs in this shell, which stops the server in the end.
part() {
  local name=$1 status=0 copy tee
  shift
  echo "== $name"
  exec {copy}> >(tee "$out/$name.txt")
  tee=$!
  "$@" >&"$copy" 2>&1 || status=$?
  exec {copy}>&-
  wait "$tee"
  ((status == 0)) || echo "the part '$name' ended with exit status $status: see $name.txt" >>"$out/problems.txt"
}

sanitize() {
  if ! command -v compute-sanitizer >/dev/null; then
    echo "skipped: compute-sanitizer is not installed"
    return
  fi

  local tool status program=(dotnet "${root:-}/perf/Gpu/bin/Release/net10.0/ymasknet-gpu-check.dll")
  if is_published; then program=("$folder/check/ymasknet-gpu-check"); fi
  for tool in memcheck racecheck synccheck initcheck; do
    status=0
    compute-sanitizer --tool "$tool" --error-exitcode 9 "${program[@]}" verify --run-only --device "$device" \
      >"$out/sanitizer-$tool.txt" 2>&1 || status=$?
    printf '%s\t%s\n' "$tool" "$status" >>"$out/sanitizer.tsv"
    echo "$tool: exit status $status"
  done
}

beside_torchvision() {
  local python
  for python in python3 /usr/bin/python3; do
    if command -v "$python" >/dev/null && "$python" -c "import torch, torchvision; assert torch.cuda.is_available()" >/dev/null 2>&1; then
      check torchvision --device "$device" --out "$out" --python "$python"
      return
    fi
  done
  echo "skipped: there is no Python with PyTorch and torchvision that see a GPU"
}

server=
stop_server() {
  if [[ -n $server ]]; then
    kill -TERM "$server" 2>/dev/null || true
    wait "$server" 2>/dev/null || true
    server=
  fi
}

start_server() {
  local end=$((SECONDS + start_seconds)) log=$out/server-log.txt
  : >"$log"
  (serve --address "$address" --models "$data/models" --device "cuda:$device" --max-batch "$1") >"$log" 2>&1 &
  server=$!
  until grep -q '^ymasknet: serving' "$log"; do
    if ! kill -0 "$server" 2>/dev/null || ((SECONDS > end)); then
      echo "the server did not start: $(grep '^ymasknet:' "$log" || tail -n 1 "$log")" | tee -a "$out/problems.txt" >&2
      stop_server
      return 1
    fi
    sleep 0.2
  done
}

through_server() {
  local batch form options
  for batch in 1 4 16; do
    start_server "$batch" || return 1
    for form in encoded raw; do
      options=()
      [[ $form == encoded ]] || options=(--raw)
      load --server "$address" --server-pid "$server" --images "$images" --model pcb-ymasknet --in-hand $((2 * batch)) --seconds "$seconds" \
        --json "$out/server.jsonl" --label "batches to $batch, $((2 * batch)) calls in hand, $form frames" "${options[@]}" || {
        stop_server
        return 1
      }
    done
    stop_server
  done
}

if is_published; then
  data=$folder
else
  root=$(dirname "$folder")
  data=$root
  cd "$root"
  if [[ -n $publish ]]; then
    publish_into "$publish"
    exit 0
  fi
  build
  build_emulation
fi

if [[ -n $provider ]]; then
  if is_published; then
    link_provider "$folder/check" "$folder/server"
  else
    link_provider perf/Gpu/bin/Release/net10.0 src/Server/bin/Release/net10.0
  fi
fi

mkdir -p "$out"
out=$(cd "$out" && pwd)
rm -f "$out"/{machine,verify,kernels,torchvision,path,report}.json "$out"/report.md "$out"/problems.txt \
  "$out"/sanitizer.tsv "$out"/sanitizer-{memcheck,racecheck,synccheck,initcheck}.txt "$out"/server.jsonl "$out"/server-log.txt \
  "$out"/{verify,sanitizer,kernels,torchvision,path,server}.txt

# Frames of one size, as a camera sends them.
images=$(mktemp -d)
trap 'stop_server; rm -rf "$images"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
cp "$data"/samples/{bus,plane,connectors}-*.png "$images"/

status=0
check machine --device "$device" --out "$out" || status=$?
if ((status != 0)); then
  exit "$status"
fi

emulation=("--emulation" "${root:-}/native-kernels/out/libymasknet_kernels.so")
if is_published; then emulation=(); fi
part verify check verify --device "$device" --out "$out" "${emulation[@]}"
part sanitizer sanitize
part kernels check kernels --device "$device" --out "$out" --models "$data/models"
part torchvision beside_torchvision
part path check path --device "$device" --out "$out" --models "$data/models" --images "$data/samples" --seconds "$seconds"
part server through_server

check report --out "$out" ${document:+--document "$document"}
