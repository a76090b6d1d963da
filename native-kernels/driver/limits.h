// What the stand-in's device can take: the same for every compute capability from 5.0 on, but for the larger shared memory.
#pragma once

#include <stddef.h>

namespace standin {

constexpr unsigned MaxThreads = 1024;
constexpr unsigned MaxBlockX = 1024;
constexpr unsigned MaxBlockY = 1024;
constexpr unsigned MaxBlockZ = 64;
constexpr unsigned MaxGridX = 2147483647;
constexpr unsigned MaxGridYZ = 65535;

// Shared memory of a block, and how much a kernel gets that asks for more (compute capability 9.0).
constexpr size_t MaxSharedBytes = 48 * 1024;
constexpr size_t MaxSharedBytesOnRequest = 227 * 1024;

}  // namespace standin
