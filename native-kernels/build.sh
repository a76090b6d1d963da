#!/usr/bin/env bash
# Makes ptx/ymasknet.ptx from kernels/*.cu; needs no CUDA toolkit. The same compiler gives the same bytes.
#   build.sh [OUTPUT]         OUTPUT: default ptx/ymasknet.ptx
#   build.sh --has-compiler   exit status 0 where the pinned compiler is installed
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

# PTX differs from version to version of the compiler, hence the pin: Debian's clang-19.
readonly compiler=clang-19
readonly version=19.1.7

installed_version() {
  command -v "$compiler" >/dev/null || return 1
  "$compiler" --version | sed -n '1s/.*clang version \([0-9.]*\).*/\1/p'
}

if [[ ${1:-} == --has-compiler ]]; then
  [[ $(installed_version) == "$version" ]]
  exit
fi

found=$(installed_version) || { echo "build.sh: there is no $compiler; on Debian: apt-get install clang-19" >&2; exit 1; }
if [[ $found != "$version" ]]; then
  echo "build.sh: $compiler is version $found; the committed PTX is made by $version" >&2
  exit 1
fi

# One PTX for compute capability 7.5 and later: the driver compiles it for the device that there is.
"$compiler" -x cuda -std=c++17 -O3 -ffp-contract=off -Wall -Wextra -Werror \
  --cuda-device-only -nocudainc -nocudalib --cuda-gpu-arch=sm_75 --cuda-feature=+ptx70 \
  -S kernels/kernels.cu -o "${1:-ptx/ymasknet.ptx}"
