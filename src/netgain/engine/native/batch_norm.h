// Batch normalization with the activation after it: rows [N, F] whose columns are normalized, each by its own moments.
// Forward and backward read the rows twice each, once for sums and once for what is written.
#pragma once

#include <cmath>

#include "panels.h"

namespace netgain {

// Rows whose sums are taken at once: few enough to be in the nearest cache when their second sum is taken.
constexpr int kRowsTogether = 128;
constexpr int kSums = 4;  // so many sums run beside each other, as each addition waits for the last

struct Normalization {
  ptrdiff_t rows;
  int columns;
  float epsilon;
  float slope;  // what values below zero are multiplied with: 1 for no activation, 0 for ReLU
};

inline Vector activated(Vector value, float slope) {
  if (slope == 1) return value;
  return value > 0 ? value : slope == 0 ? Vector{} : value * slope;
}

// Calls `add(row, i)` for each of the rows; the i-th of the sums takes every kSums-th row.
template <typename Add>
inline void for_rows(ptrdiff_t rows, Add add) {
  ptrdiff_t r = 0;
  for (; r + kSums <= rows; r += kSums) {
#pragma GCC unroll 4
    for (int i = 0; i < kSums; ++i) add(r + i, i);
  }
  for (; r < rows; ++r) add(r, 0);
}

inline Vector total(const Vector (&sums)[kSums]) { return (sums[0] + sums[1]) + (sums[2] + sums[3]); }

inline Vector inverse_root(Vector value) { return 1.0f / root(value); }

// The mean of each column and the mean of its squared deviations, block by block: Chan, Golub & LeVeque 1983, equations
// 2.1, which lose nothing where the mean is far from zero.
inline void moments(const Normalization& n, const float* x, float* mean, float* variance) {
  std::memset(mean, 0, n.columns * sizeof(float));
  std::memset(variance, 0, n.columns * sizeof(float));
  for (ptrdiff_t first = 0; first < n.rows; first += kRowsTogether, x += kRowsTogether * n.columns) {
    const ptrdiff_t rows = n.rows - first < kRowsTogether ? n.rows - first : kRowsTogether;
    const float share = static_cast<float>(rows) / (first + rows);
    for (int c = 0; c < n.columns; c += kLanes) {
      const int count = n.columns - c;
      const auto at = [&](ptrdiff_t r) { return load_first(x + r * n.columns + c, count); };
      Vector sums[kSums] = {}, squares[kSums] = {};
      for_rows(rows, [&](ptrdiff_t r, int i) { sums[i] += at(r); });
      const Vector center = total(sums) * (1.0f / rows);
      for_rows(rows, [&](ptrdiff_t r, int i) {
        const Vector deviation = at(r) - center;
        squares[i] += deviation * deviation;
      });
      const Vector before = load_first(mean + c, count), away = center - before;
      store_first(mean + c, before + away * share, count);
      store_first(variance + c, load_first(variance + c, count) + total(squares) + away * away * (share * first), count);
    }
  }
  for (int c = 0; c < n.columns; ++c) variance[c] /= n.rows;
}

// y = activation(x · scale + offset), column by column.
inline void scale_rows(const Normalization& n, const float* x, const float* scale, const float* offset, float* y) {
  for (ptrdiff_t r = 0; r < n.rows; ++r, x += n.columns, y += n.columns) {
    for (int c = 0; c < n.columns; c += kLanes) {
      const int count = n.columns - c;
      const Vector value = load_first(x + c, count) * load_first(scale + c, count) + load_first(offset + c, count);
      store_first(y + c, activated(value, n.slope), count);
    }
  }
}

// What the moments make of gamma and beta: (x − mean) / √(variance + ε) · gamma + beta = x · scale + offset.
inline void scale_and_offset(const Normalization& n, const float* gamma, const float* beta, const float* mean,
                             const float* variance, float* scale, float* offset) {
  for (int c = 0; c < n.columns; c += kLanes) {
    const int count = n.columns - c;
    const Vector factor = inverse_root(load_first(variance + c, count) + n.epsilon) * load_first(gamma + c, count);
    store_first(scale + c, factor, count);
    store_first(offset + c, load_first(beta + c, count) - load_first(mean + c, count) * factor, count);
  }
}

inline void batch_norm_forward(const Normalization& n, const float* x, const float* gamma, const float* beta, float* y,
                               float* mean, float* variance) {
  float* scale = scratch<1>(2 * n.columns);
  moments(n, x, mean, variance);
  scale_and_offset(n, gamma, beta, mean, variance, scale, scale + n.columns);
  scale_rows(n, x, scale, scale + n.columns, y);
}

// Ioffe & Szegedy 2015, section 3: with z the gradient before the activation and d = x − mean,
// dx = scale · (z − Σz/N − d · Σ(z·d) / (N · (variance + ε))); gamma gets Σ(z·d) / √(variance + ε), beta Σz.
inline void batch_norm_backward(const Normalization& n, const float* x, const float* gamma, const float* beta,
                                const float* mean, const float* variance, const float* dy, float* dx,
                                float* gamma_gradient, float* beta_gradient) {
  const int columns = n.columns;
  float* scale = scratch<1>(4 * columns);
  float *offset = scale + columns, *factor = scale + 2 * columns, *constant = scale + 3 * columns;
  scale_and_offset(n, gamma, beta, mean, variance, scale, offset);
  std::memset(gamma_gradient, 0, columns * sizeof(float));
  std::memset(beta_gradient, 0, columns * sizeof(float));
  const auto before = [&](Vector value, Vector above, Vector by, Vector plus) {
    if (n.slope == 1) return above;
    return value * by + plus > 0 ? above : n.slope == 0 ? Vector{} : above * n.slope;
  };
  for (ptrdiff_t first = 0; first < n.rows; first += kRowsTogether) {
    const ptrdiff_t rows = n.rows - first < kRowsTogether ? n.rows - first : kRowsTogether, at = first * columns;
    for (int c = 0; c < columns; c += kLanes) {
      const int count = columns - c;
      const Vector by = load_first(scale + c, count), plus = load_first(offset + c, count);
      const Vector center = load_first(mean + c, count);
      Vector sums[kSums] = {}, products[kSums] = {};
      for_rows(rows, [&](ptrdiff_t r, int i) {
        const Vector value = load_first(x + at + r * columns + c, count);
        const Vector z = before(value, load_first(dy + at + r * columns + c, count), by, plus);
        sums[i] += z;
        products[i] += z * (value - center);
      });
      store_first(beta_gradient + c, load_first(beta_gradient + c, count) + total(sums), count);
      store_first(gamma_gradient + c, load_first(gamma_gradient + c, count) + total(products), count);
    }
  }
  const float share = 1.0f / n.rows;
  for (int c = 0; c < columns; c += kLanes) {
    const int count = columns - c;
    const Vector inverse = inverse_root(load_first(variance + c, count) + n.epsilon);
    const Vector products = load_first(gamma_gradient + c, count), by = load_first(scale + c, count);
    const Vector slope = by * inverse * inverse * products * share;
    store_first(factor + c, slope, count);
    store_first(constant + c, slope * load_first(mean + c, count) - by * load_first(beta_gradient + c, count) * share,
                count);
    store_first(gamma_gradient + c, products * inverse, count);
  }
  for (ptrdiff_t r = 0; r < n.rows; ++r, x += columns, dy += columns, dx += columns) {
    for (int c = 0; c < columns; c += kLanes) {
      const int count = columns - c;
      const Vector value = load_first(x + c, count), by = load_first(scale + c, count);
      const Vector z = before(value, load_first(dy + c, count), by, load_first(offset + c, count));
      store_first(dx + c, by * z - value * load_first(factor + c, count) + load_first(constant + c, count), count);
    }
  }
}

}  // namespace netgain
