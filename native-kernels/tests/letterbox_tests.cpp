#include <cmath>

#include "random_values.h"
#include "slots.h"

namespace {

struct FormatCase {
  int format;
  int bytes_per_pixel;
  int colours;  // samples that a pixel has after demosaicing
  float max_sample;
};

const FormatCase Formats[] = {
    {Grey8, 1, 1, 255.0f},   {Grey16, 2, 1, 1023.0f}, {Grey16, 2, 1, 65535.0f}, {Rgb8, 3, 3, 255.0f},
    {Bgr8, 3, 3, 255.0f},    {Rgb16, 6, 3, 65535.0f}, {BayerRg8, 1, 3, 255.0f},
};

// A frame of random samples.
struct RawFrame {
  FormatCase format;
  int width;
  int height;
  int stride;
  DeviceArray<unsigned char> bytes;

  // padding: bytes between two rows.
  RawFrame(const FormatCase& format, int width, int height, int padding, uint32_t seed)
      : format(format), width(width), height(height), stride(width * format.bytes_per_pixel + padding),
        bytes(static_cast<size_t>(stride) * (height - 1) + width * format.bytes_per_pixel) {
    RandomValues random(seed);
    for (size_t index = 0; index < bytes.size(); index++)
      bytes[index] = static_cast<unsigned char>(random.whole(0, 255));
    if (format.max_sample == 1023.0f) {
      for (int y = 0; y < height; y++) {
        for (int x = 0; x < width; x++)
          bytes[static_cast<size_t>(y) * stride + 2 * x + 1] &= 3;
      }
    }
  }

  void set(Slot& slot) const {
    slot.pixels = bytes.data();
    slot.stride = stride;
    slot.format = format.format;
    slot.max_sample = format.max_sample;
  }

  int byte(int x, int y, int offset) const {
    return bytes[static_cast<size_t>(y) * stride + static_cast<size_t>(x) * format.bytes_per_pixel + offset];
  }

  // What the sensor's filter lets through at a pixel of the mosaic: 0 red, 1 green, 2 blue.
  static int mosaic_colour(int x, int y) { return (x & 1) + (y & 1); }

  // The mean of the colour's nearest pixels around, the image mirrored at its border pixels.
  int demosaiced(int x, int y, int colour) const {
    if (mosaic_colour(x, y) == colour)
      return byte(x, y, 0);
    const auto mirrored = [](int at, int extent) { return at < 0 ? 1 : at >= extent ? extent - 2 : at; };

    // Pixels that share an edge are nearer than those that share a corner.
    for (const int distance : {1, 2}) {
      int sum = 0;
      int count = 0;
      for (int dy = -1; dy <= 1; dy++) {
        for (int dx = -1; dx <= 1; dx++) {
          if (dx * dx + dy * dy == distance && mosaic_colour(x + dx, y + dy) == colour) {
            sum += byte(mirrored(x + dx, width), mirrored(y + dy, height), 0);
            count++;
          }
        }
      }

      if (count > 0)
        return (sum + count / 2) / count;
    }

    return -1;
  }

  int sample(int x, int y, int colour) const {
    switch (format.format) {
      case Grey8:
        return byte(x, y, 0);
      case Grey16:
        return byte(x, y, 0) + 256 * byte(x, y, 1);
      case Rgb8:
        return byte(x, y, colour);
      case Bgr8:
        return byte(x, y, 2 - colour);
      case Rgb16:
        return byte(x, y, 2 * colour) + 256 * byte(x, y, 2 * colour + 1);
      default:
        return demosaiced(x, y, colour);
    }
  }

  // A sample in one of the network's channels.
  double in_channel(int x, int y, int channel, int channels) const {
    if (format.colours == 1)
      return sample(x, y, 0);
    if (channels == 3)
      return sample(x, y, channel);
    const uint64_t sum = 19595ull * sample(x, y, 0) + 38470ull * sample(x, y, 1) + 7471ull * sample(x, y, 2) + 32768;
    return static_cast<double>(sum >> 16);
  }
};

double interpolated(const RawFrame& frame, double x, double y, int channel, int channels) {
  x = std::min(std::max(x, 0.0), frame.width - 1.0);
  y = std::min(std::max(y, 0.0), frame.height - 1.0);
  const int left = static_cast<int>(x);
  const int top = static_cast<int>(y);
  const int right = std::min(left + 1, frame.width - 1);
  const int bottom = std::min(top + 1, frame.height - 1);
  const double upper = frame.in_channel(left, top, channel, channels) * (left + 1 - x)
      + frame.in_channel(right, top, channel, channels) * (x - left);
  const double lower = frame.in_channel(left, bottom, channel, channels) * (left + 1 - x)
      + frame.in_channel(right, bottom, channel, channels) * (x - left);
  return upper * (top + 1 - y) + lower * (y - top);
}

double expected_value(const RawFrame& frame, const Slot& slot, const NetworkInput& input, int x, int y, int channel) {
  const int content_x = x - slot.left;
  const int content_y = y - slot.top;
  double sample = input.surround / 255.0;
  if (content_x >= 0 && content_x < slot.content_width && content_y >= 0 && content_y < slot.content_height) {
    const double source_x = (content_x + 0.5) * slot.image_width / slot.content_width - 0.5;
    const double source_y = (content_y + 0.5) * slot.image_height / slot.content_height - 0.5;
    sample = interpolated(frame, source_x, source_y, channel, input.channels) / frame.format.max_sample;
  }

  return (sample - input.mean[channel]) / input.std[channel];
}

void run_letterbox(const std::vector<Slot>& slots, const NetworkInput& input, DeviceArray<float>& output) {
  DeviceArray<Slot> device_slots(slots);
  launch("letterbox", blocks(ceiling_divide(input.width, 64), ceiling_divide(input.height, 16), slots.size()), blocks(64, 4), 0,
         device_slots.data(), input, output.data());
}

void expect_matches(const RawFrame& frame, const Slot& slot, const NetworkInput& input, const float* output) {
  for (int channel = 0; channel < input.channels; channel++) {
    for (int y = 0; y < input.height; y++) {
      for (int x = 0; x < input.width; x++) {
        const double expected = expected_value(frame, slot, input, x, y, channel);
        const float value = output[(static_cast<size_t>(channel) * input.height + y) * input.width + x];
        ASSERT_NEAR(expected, value, 2e-6 * (1.0 + std::abs(expected)))
            << "format " << frame.format.format << ", channel " << channel << ", x " << x << ", y " << y;
      }
    }
  }
}

TEST(Letterbox, EveryFormatAndShapeMatchesTheDoubleReference) {
  // Image width, height, padding of the rows.
  const int shapes[][3] = {{40, 30, 0}, {97, 61, 3}, {24, 50, 1}, {70, 35, 0}, {2, 2, 0}, {3, 150, 5}};
  for (const int channels : {1, 3}) {
    const NetworkInput input = {channels, 35, 70, 114.0f, {0.1f, 0.2f, 0.3f}, {0.9f, 1.1f, 0.5f}};
    for (const FormatCase& format : Formats) {
      for (const auto& shape : shapes) {
        RawFrame frame(format, shape[0], shape[1], shape[2], 7 + shape[0]);
        Slot slot = fitted_slot(frame.width, frame.height, input.width, input.height, Detect);
        frame.set(slot);
        DeviceArray<float> output(static_cast<size_t>(channels) * 35 * 70);

        run_letterbox({slot}, input, output);

        expect_matches(frame, slot, input, output.data());
      }
    }
  }
}

TEST(Letterbox, ImageOfOnePixelFillsTheContent) {
  const NetworkInput input = {1, 16, 24, 114.0f, {0.0f}, {1.0f}};
  RawFrame frame(Formats[0], 1, 1, 0, 3);
  Slot slot = fitted_slot(1, 1, 24, 16, Classify);
  frame.set(slot);
  DeviceArray<float> output(24 * 16);

  run_letterbox({slot}, input, output);

  expect_matches(frame, slot, input, output.data());
}

TEST(Letterbox, UnscaledImageIsCopiedToTheLastBit) {
  const NetworkInput input = {1, 32, 48, 114.0f, {0.0f}, {1.0f}};
  RawFrame frame(Formats[0], 48, 32, 0, 5);
  Slot slot = fitted_slot(48, 32, 48, 32, Detect);
  frame.set(slot);
  DeviceArray<float> output(48 * 32);

  run_letterbox({slot}, input, output);

  for (int y = 0; y < 32; y++) {
    for (int x = 0; x < 48; x++)
      ASSERT_EQ(static_cast<float>(frame.byte(x, y, 0)) / 255.0f, output[y * 48 + x]);
  }
}

TEST(Letterbox, SlotsOfABatchDoNotTouchEachOther) {
  const NetworkInput input = {3, 20, 33, 50.0f, {0.5f, 0.5f, 0.5f}, {0.2f, 0.3f, 0.4f}};
  RawFrame first(Formats[3], 50, 20, 2, 1);
  RawFrame third(Formats[6], 9, 14, 0, 2);
  Slot slots[3] = {fitted_slot(50, 20, 33, 20, Detect), {}, fitted_slot(9, 14, 33, 20, Segment)};
  first.set(slots[0]);
  third.set(slots[2]);
  const size_t length = 3 * 20 * 33;
  DeviceArray<float> output(3 * length);

  run_letterbox({slots[0], slots[1], slots[2]}, input, output);

  expect_matches(first, slots[0], input, output.data());
  expect_matches(third, slots[2], input, output.data() + 2 * length);
  for (size_t index = length; index < 2 * length; index++)
    ASSERT_TRUE(std::isnan(output[index])) << "the slot without a task was written at " << index - length;
}

}  // namespace
