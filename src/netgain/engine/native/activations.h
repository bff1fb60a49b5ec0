// The squashing functions of recurrent cells, a register at a time. Against the exact values, for all x: the sigmoid is
// within 2 and tanh within 3 units in the last place of a float32 (tests/engine/test_recurrent.py).
#pragma once

#include "vector.h"

namespace netgain {

// What is not a number stays it: a loss that diverges has to be seen. (Of two operands the processor's minimum gives the
// second where one is not a number.)
inline Vector limited(Vector x, float limit) {
  const Vector most = Vector{} + limit, least = Vector{} - limit;
#if defined(__AVX512F__)
  return (Vector)_mm512_max_ps((__m512)least, _mm512_min_ps((__m512)most, (__m512)x));
#elif defined(__AVX2__)
  return (Vector)_mm256_max_ps((__m256)least, _mm256_min_ps((__m256)most, (__m256)x));
#else
  x = x > most ? most : x;
  return x < least ? least : x;
#endif
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
  // In pairs, so that the products need not wait for each other.
  const Vector square = r * r;
  const Vector low = r * (1.0f / 6) + 0.5f, middle = r * (1.0f / 120) + 1.0f / 24, high = r * (1.0f / 5040) + 1.0f / 720;
  const Vector m = ((high * square + middle) * square + low) * square + r;
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
