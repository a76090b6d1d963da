// Samples of raw frames in any of the formats, in the frame's own range.
#pragma once

#include "records.cuh"

// ITU-R BT.601 in 1/65536. White of 16 bits makes 65535 * 65536 + 32768, which is just below 2^32.
__device__ __forceinline__ unsigned brightness(unsigned red, unsigned green, unsigned blue) {
  return (red * 19595u + green * 38470u + blue * 7471u + 32768u) >> 16;
}

struct Colour {
  unsigned red;
  unsigned green;
  unsigned blue;
};

// Two single bytes, since a caller's rows need not begin at even addresses.
__device__ __forceinline__ unsigned sample16(const unsigned char* address) { return address[0] | (address[1] << 8); }

// A colour that a pixel lacks is the mean of its nearest neighbours of that colour, rounded half up; the image is mirrored at
// its border pixels, which keeps the mosaic's order.
__device__ __forceinline__ Colour bayer_colour(const Slot& slot, int x, int y) {
  const int left = x == 0 ? 1 : x - 1;
  const int right = x == slot.image_width - 1 ? x - 1 : x + 1;
  const unsigned char* row = slot.pixels + static_cast<long long>(y) * slot.stride;
  const unsigned char* above = slot.pixels + static_cast<long long>(y == 0 ? 1 : y - 1) * slot.stride;
  const unsigned char* below = slot.pixels + static_cast<long long>(y == slot.image_height - 1 ? y - 1 : y + 1) * slot.stride;

  const unsigned own = row[x];
  const unsigned beside = row[left] + row[right];
  const unsigned over = above[x] + below[x];
  if ((x ^ y) & 1) {
    const unsigned across = (beside + 1) >> 1;
    const unsigned along = (over + 1) >> 1;
    return (y & 1) == 0 ? Colour{across, own, along} : Colour{along, own, across};
  }

  const unsigned green = (beside + over + 2) >> 2;
  const unsigned opposite = (above[left] + above[right] + below[left] + below[right] + 2u) >> 2;
  return (y & 1) == 0 ? Colour{own, green, opposite} : Colour{opposite, green, own};
}

__device__ __forceinline__ Colour colour_at(const Slot& slot, int x, int y) {
  const unsigned char* row = slot.pixels + static_cast<long long>(y) * slot.stride;
  switch (slot.format) {
    case Rgb8:
      return {row[3 * x], row[3 * x + 1], row[3 * x + 2]};
    case Bgr8:
      return {row[3 * x + 2], row[3 * x + 1], row[3 * x]};
    case Rgb16:
      return {sample16(row + 6ll * x), sample16(row + 6ll * x + 2), sample16(row + 6ll * x + 4)};
    default:
      return bayer_colour(slot, x, y);
  }
}

__device__ __forceinline__ bool is_grey(int format) { return format == Grey8 || format == Grey16; }

__device__ __forceinline__ unsigned grey_at(const Slot& slot, int x, int y) {
  const unsigned char* row = slot.pixels + static_cast<long long>(y) * slot.stride;
  if (slot.format == Grey8)
    return row[x];
  if (slot.format == Grey16)
    return sample16(row + 2ll * x);
  const Colour colour = colour_at(slot, x, y);
  return brightness(colour.red, colour.green, colour.blue);
}
