#!/usr/bin/env bash
# Builds the stand-in CUDA driver: libcuda.so.1, and libcuda.so for callers that ask for that name. Does nothing where it is
# newer than its sources. Needs g++.
#   build.sh [FOLDER]   FOLDER: default ../out/driver, which git ignores
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
source ../tests/compiler_options.sh

folder=$(realpath -m "${1:-../out/driver}")
library=$folder/libcuda.so.1
readonly sources=(. ../emulation ../kernels ../tests/compiler_options.sh)
if [[ -e $library && -z $(find "${sources[@]}" -newer "$library" -regex '.*\.\(cpp\|h\|cu\|cuh\|sh\)') ]]; then
  exit 0
fi

mkdir -p "$folder"
objects=$(mktemp -d)
trap 'rm -rf "$objects"' EXIT

options=("${emulation_options[@]}" -O2 -g1 -fvisibility=hidden -fPIC)
printf '%s\n' *.cpp |
  xargs -P 2 -I {} sh -c 'source=$1; objects=$2; shift 2; g++ "$@" -c "$source" -o "$objects/$source.o"' sh {} "$objects" "${options[@]}"

# The name in the library is what a driver's has, so that whoever asks for libcuda.so.1 gets this one when it is loaded already.
# Moved into place whole: several builds may run at once.
unfinished=$(mktemp "$library.XXXXXX")
trap 'rm -rf "$objects" "$unfinished"' EXIT
g++ -shared -pthread -Wl,-soname,libcuda.so.1 -Wl,-z,defs "$objects"/*.o -o "$unfinished"
chmod 755 "$unfinished"
mv "$unfinished" "$library"
ln -sf libcuda.so.1 "$folder/libcuda.so"
