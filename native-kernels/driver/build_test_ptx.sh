#!/usr/bin/env bash
# Makes test_kernels.ptx from test_kernels.cu with the compiler that the kernels' own PTX is made with. It is committed, so
# that tests need no clang.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

clang-19 -x cuda -std=c++17 -O3 -ffp-contract=off -Wall -Wextra -Werror \
  --cuda-device-only -nocudainc -nocudalib --cuda-gpu-arch=sm_75 --cuda-feature=+ptx70 \
  -S test_kernels.cu -o test_kernels.ptx
