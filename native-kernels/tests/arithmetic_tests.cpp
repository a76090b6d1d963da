// The exponential and half-precision conversion against the host's.
#include <cmath>

#include "../kernels/exponential.cuh"
#include "../kernels/half.cuh"
#include "device.h"

namespace {

// Distance in units in the last place of the exact value.
double units_off(float value, double exact) {
  const float nearest = static_cast<float>(exact);
  const double unit = std::nextafter(nearest, Infinity) - static_cast<double>(nearest);
  return std::abs(value - exact) / unit;
}

TEST(Exponential, WithinOneUnitInTheLastPlace) {
  double worst = 0.0;
  for (float x = -87.33f; x < 88.72f; x += 0.00037f)
    worst = std::max(worst, units_off(exponential(x), std::exp(static_cast<double>(x))));

  EXPECT_LT(worst, 1.0);
}

TEST(Exponential, EndsOfTheRange) {
  EXPECT_EQ(1.0f, exponential(0.0f));
  EXPECT_EQ(Infinity, exponential(88.73f));
  EXPECT_EQ(Infinity, exponential(Infinity));
  EXPECT_EQ(0.0f, exponential(-87.34f));
  EXPECT_EQ(0.0f, exponential(-Infinity));
  EXPECT_TRUE(std::isnan(exponential(NaN)));
  EXPECT_EQ(Infinity, exponential(88.722839f));
  EXPECT_LT(units_off(exponential(88.722832f), std::exp(static_cast<double>(88.722832f))), 1.0);
  EXPECT_GE(exponential(-87.336540f), std::numeric_limits<float>::min());
}

TEST(Sigmoid, SpecialValues) {
  EXPECT_EQ(0.5f, sigmoid(0.0f));
  EXPECT_EQ(1.0f, sigmoid(Infinity));
  EXPECT_EQ(0.0f, sigmoid(-Infinity));
  EXPECT_TRUE(std::isnan(sigmoid(NaN)));
}

TEST(Half, EveryValueGoesThereAndBack) {
  for (unsigned bits = 0; bits < 0x10000; bits++) {
    const Half half = {static_cast<uint16_t>(bits)};
    const float value = to_float(half);
    const bool is_nan = (bits & 0x7c00) == 0x7c00 && (bits & 0x3ff) != 0;
    ASSERT_EQ(is_nan, std::isnan(value)) << bits;
    if (!is_nan) {
      ASSERT_EQ(bits, to_half(value).bits) << bits;
    }
  }
}

TEST(Half, RoundsToNearestEven) {
  EXPECT_EQ(0x3c00, to_half(1.0f).bits);
  EXPECT_EQ(0x3c00, to_half(1.0f + 1.0f / 2048.0f).bits);
  EXPECT_EQ(0x3c02, to_half(1.0f + 3.0f / 2048.0f).bits);
  EXPECT_EQ(0x7c00, to_half(65520.0f).bits);
  EXPECT_EQ(0x7bff, to_half(65519.0f).bits);
}

}  // namespace
