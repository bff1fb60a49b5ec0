// The squashing functions of recurrent cells, a register at a time. Against the exact values, for all x: the sigmoid is
// within 2 and tanh within 3 units in the last place of a float32 (tests/engine/test_recurrent.py).
#pragma once

#include "vector.h"

namespace netgain {

// What is not a number stays it: a loss that diverges has to be seen.
inline Vector limited(Vector x, float limit) {
  x = x > limit ? Vector{} + limit : x;
  return x < -limit ? Vector{} - limit : x;
}

// exp(x) = 2ⁿ (1 + m) with m = exp(r) − 1 and |r| ≤ ln(2)/2, for |x| ≤ 88: the Taylor series of m ends at r⁷/7!, whose
// next term is below 2⁻²⁵ of m. Kept apart, since 2ⁿ m + (2ⁿ − 1) is exact to rounding near x = 0, where exp(x) − 1 is not.
struct Exponential {
  Vector power, rest;
};

inline Exponential exponential(Vector x) {
  constexpr float kShift = 12582912.0f;  // 1.5 · 2²³: what is added to it is rounded to a whole number
  const Vector shifted = x * 1.44269504f + kShift;
  const Vector n = shifted - kShift;
  const Vector r = (x - n * 0.693359375f) + n * 2.12194440e-4f;  // ln 2 in two parts, the first of few bits
  Vector m = r * (1.0f / 5040) + 1.0f / 720;
  m = m * r + 1.0f / 120;
  m = m * r + 1.0f / 24;
  m = m * r + 1.0f / 6;
  m = m * r + 0.5f;
  m = m * r * r + r;
  Integers bits;
  std::memcpy(&bits, &shifted, sizeof bits);
  bits = (bits + 127) << 23;  // the shift's own bits leave at the top
  Vector power;
  std::memcpy(&power, &bits, sizeof power);
  return {power, m};
}

inline Vector sigmoid(Vector x) {
  const Exponential e = exponential(limited(-x, 87.0f));
  return 1.0f / (1.0f + (e.power + e.power * e.rest));
}

inline Vector tanh(Vector x) {
  const Exponential e = exponential(limited(2.0f * x, 20.0f));
  const Vector m = e.power * e.rest + (e.power - 1.0f);
  return m / (m + 2.0f);
}

}  // namespace netgain
