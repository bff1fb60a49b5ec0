// One register of floats, as wide as the instruction set this file is compiled for has them.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <utility>

#if defined(__AVX2__)
#include <immintrin.h>
#endif

namespace netgain {

#if defined(__AVX512F__)
constexpr int kLanes = 16;
#elif defined(__AVX2__)
constexpr int kLanes = 8;
#else
constexpr int kLanes = 4;
#endif

// Rows of the largest tile. With two registers of columns a tile fills 24 of AVX-512's and NEON's 32 registers, 12 of
// the 16 that AVX2 has, and 8 of SSE's 16, which needs others for its products.
#if defined(__AVX512F__) || defined(__ARM_NEON)
constexpr int kMaxRows = 12;
#elif defined(__AVX2__)
constexpr int kMaxRows = 6;
#else
constexpr int kMaxRows = 4;
#endif

constexpr int kPanel = 2 * kLanes;  // columns of a tile

typedef float Vector __attribute__((vector_size(4 * kLanes)));
typedef int32_t Integers __attribute__((vector_size(4 * kLanes)));
typedef uint8_t Bytes __attribute__((vector_size(kLanes)));

inline Vector load(const float* from) {
  Vector value;
  std::memcpy(&value, from, sizeof value);
  return value;
}

inline void store(float* to, Vector value) { std::memcpy(to, &value, sizeof value); }

// The first `count` lanes, zeros behind.
inline Vector load_first(const float* from, int count) {
  if (count >= kLanes) return load(from);
#if defined(__AVX512F__)
  return (Vector)_mm512_maskz_loadu_ps(static_cast<__mmask16>((1u << count) - 1), from);
#else
  Vector value = {};
  for (int lane = 0; lane < count; ++lane) value[lane] = from[lane];
  return value;
#endif
}

inline void store_first(float* to, Vector value, int count) {
  if (count >= kLanes) return store(to, value);
#if defined(__AVX512F__)
  _mm512_mask_storeu_ps(to, static_cast<__mmask16>((1u << count) - 1), (__m512)value);
#else
  for (int lane = 0; lane < count; ++lane) to[lane] = value[lane];
#endif
}

// Bytes as integers and back. Compilers take the general form apart into bytes.
inline Integers widened(Bytes bytes) {
#if defined(__AVX512F__)
  return (Integers)_mm512_cvtepu8_epi32((__m128i)bytes);
#elif defined(__AVX2__)
  return (Integers)_mm256_cvtepu8_epi32(_mm_set_epi64x(0, (long long)bytes));
#else
  return __builtin_convertvector(bytes, Integers);
#endif
}

inline Bytes narrowed(Integers value) {
#if defined(__AVX512F__)
  return (Bytes)_mm512_cvtepi32_epi8((__m512i)value);
#else
  return __builtin_convertvector(value, Bytes);
#endif
}

inline Vector larger(Vector one, Vector other) { return one > other ? one : other; }

// sqrt(x / y) for x, y > 0. AVX-512 estimates 1/sqrt(x·y) to 14 bits and one step of Newton's doubles them: five
// instructions where a division and a root keep their unit busy for some thirty cycles.
inline Vector root_of_ratio(Vector x, Vector y) {
#if defined(__AVX512F__)
  Vector product = x * y;
  Vector estimate = (Vector)_mm512_rsqrt14_ps((__m512)product);
  Vector refined = estimate * (1.5f - 0.5f * product * estimate * estimate);
  return x * refined;
#else
  Vector ratio = x / y;
  for (int lane = 0; lane < kLanes; ++lane) ratio[lane] = std::sqrt(ratio[lane]);
  return ratio;
#endif
}

inline Vector root(Vector x) {
#if defined(__AVX512F__)
  return (Vector)_mm512_sqrt_ps((__m512)x);
#else
  for (int lane = 0; lane < kLanes; ++lane) x[lane] = std::sqrt(x[lane]);
  return x;
#endif
}

// One of the log2(kLanes) rounds of a transposition in registers: rows i and i + WIDTH change the blocks of WIDTH
// lanes that lie across the diagonal.
template <int WIDTH, int... LANE>
inline void swap_blocks(Vector& upper, Vector& lower, std::integer_sequence<int, LANE...>) {
  Vector first = __builtin_shufflevector(upper, lower, (LANE & WIDTH ? kLanes + LANE - WIDTH : LANE)...);
  lower = __builtin_shufflevector(upper, lower, (LANE & WIDTH ? kLanes + LANE : LANE + WIDTH)...);
  upper = first;
}

template <int WIDTH>
inline void transpose_rounds(Vector (&rows)[kLanes]) {
#pragma GCC unroll 16
  for (int i = 0; i < kLanes; ++i) {
    if (!(i & WIDTH)) swap_blocks<WIDTH>(rows[i], rows[i + WIDTH], std::make_integer_sequence<int, kLanes>());
  }
  if constexpr (WIDTH > 1) transpose_rounds<WIDTH / 2>(rows);
}

inline void transpose(Vector (&rows)[kLanes]) { transpose_rounds<kLanes / 2>(rows); }

}  // namespace netgain
