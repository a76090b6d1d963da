# How g++ compiles what runs kernels on the CPU. No contraction, as on the device; fused multiply-adds and halves in hardware.
emulation_options=(-std=c++17 -DKERNEL_EMULATION -ffp-contract=off -fno-strict-aliasing -Wall -Wextra -Werror -pthread)
[[ $(uname -m) != x86_64 ]] || emulation_options+=(-mfma -mf16c)
