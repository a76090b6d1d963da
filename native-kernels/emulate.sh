#!/usr/bin/env bash
# Makes out/libymasknet_kernels.so: all kernels on the CPU behind emulation/c_interface.cpp. Does nothing where it is newer
# than its sources. Needs g++.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
source tests/compiler_options.sh

readonly library=out/libymasknet_kernels.so
mkdir -p out
if [[ -e $library && -z $(find kernels emulation tests/compiler_options.sh -newer "$library" -type f) ]]; then
  exit 0
fi

# Moved into place whole: several tests may ask for it at once.
unfinished=$(mktemp "$library.XXXXXX")
trap 'rm -f "$unfinished"' EXIT
g++ "${emulation_options[@]}" -O2 -fvisibility=hidden -fPIC -shared emulation/c_interface.cpp -o "$unfinished"
chmod 755 "$unfinished"
mv "$unfinished" "$library"
