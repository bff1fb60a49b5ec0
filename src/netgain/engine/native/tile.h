// The one inner loop of all products: a tile of the result that stays in registers while its sum runs.
//
// Every product of the engine – dense layers and convolutions, forward, weight gradient and input gradient – is
// out[i, j] = start[i, j] + Σ_outer Σ_inner a[i, outer, inner] · b[outer, inner, j], with `a` read where it lies, by
// strides, and `b` packed so that the columns j of a panel lie beside each other. That a convolution needs no copy of
// its kh·kw shifted views (im2col) is what the two nested sums are for.
#pragma once

#include "vector.h"

namespace netgain {

struct Product {
  const float* a;
  ptrdiff_t a_row, a_outer, a_inner;
  const float* b;
  ptrdiff_t b_outer;  // the inner step of b is one panel
  int outer, inner;
  const float* start;  // where the sums begin: a bias (row stride 0), the result itself, or null for zero
  ptrdiff_t start_row;
  float* out;
  ptrdiff_t out_row;
  int columns;  // how many of the panel's columns the result has room for
  int repeats = 1;  // a third sum around the two
  ptrdiff_t a_repeat = 0, b_repeat = 0;
};

template <int ROWS, int VECTORS, bool ADJACENT>
void multiply_tile(const Product& p) {
  Vector sum[ROWS][VECTORS];
#pragma GCC unroll 12
  for (int i = 0; i < ROWS; ++i) {
#pragma GCC unroll 2
    for (int v = 0; v < VECTORS; ++v) sum[i][v] = p.start ? load(p.start + i * p.start_row + v * kLanes) : Vector{};
  }
  // Three base addresses and one stride reach all rows: an x86 address takes the stride 1, 2, 4 or 8 times.
  const ptrdiff_t row = ADJACENT ? 1 : p.a_row, three = 3 * row;
  for (int r = 0, o = 0; r < p.repeats; o + 1 < p.outer ? ++o : (o = 0, ++r)) {
    const float* a = p.a + r * p.a_repeat + o * p.a_outer;
    const float* b = p.b + r * p.b_repeat + o * p.b_outer;
    for (int t = 0; t < p.inner; ++t) {
      Vector columns[VECTORS];
#pragma GCC unroll 2
      for (int v = 0; v < VECTORS; ++v) columns[v] = load(b + v * kLanes);
      const float* quad[3] = {a, a + 4 * row, a + 8 * row};
#pragma GCC unroll 12
      for (int i = 0; i < ROWS; ++i) {
        const float* q = quad[i / 4];
        const float value = ADJACENT ? a[i] : i % 4 == 0 ? q[0] : i % 4 == 1 ? q[row] : i % 4 == 2 ? q[2 * row] : q[three];
#pragma GCC unroll 2
        for (int v = 0; v < VECTORS; ++v) sum[i][v] += value * columns[v];
      }
      a += p.a_inner;
      b += kPanel;
    }
  }
#pragma GCC unroll 12
  for (int i = 0; i < ROWS; ++i) {
#pragma GCC unroll 2
    for (int v = 0; v < VECTORS; ++v) {
      store_first(p.out + i * p.out_row + v * kLanes, sum[i][v], p.columns - v * kLanes);
    }
  }
}

template <int ROWS>
void multiply_rows(const Product& p) {
  const bool two = p.columns > kLanes;
  if (p.a_row == 1) {
    two ? multiply_tile<ROWS, 2, true>(p) : multiply_tile<ROWS, 1, true>(p);
  } else {
    two ? multiply_tile<ROWS, 2, false>(p) : multiply_tile<ROWS, 1, false>(p);
  }
}

template <int ROWS>
void multiply_up_to(const Product& p, int rows) {
  if (rows == ROWS) {
    multiply_rows<ROWS>(p);
  } else if constexpr (ROWS > 1) {
    multiply_up_to<ROWS - 1>(p, rows);
  }
}

// A product of any number of rows, tile by tile.
inline void multiply(Product&& p, int rows) {
  while (rows > 0) {
    // 16 rows are better cut into 8 and 8 than into 12 and 4: a narrow tile waits for its own sums.
    const int here = rows <= kMaxRows ? rows : rows < 2 * kMaxRows ? (rows + 1) / 2 : kMaxRows;
    multiply_up_to<kMaxRows>(p, here);
    p.a += here * p.a_row;
    p.out += here * p.out_row;
    if (p.start) p.start += here * p.start_row;
    rows -= here;
  }
}

inline int num_panels(int columns) { return (columns + kPanel - 1) / kPanel; }

inline int columns_of(int columns, int panel) {
  const int rest = columns - panel * kPanel;
  return rest < kPanel ? rest : kPanel;
}

}  // namespace netgain
