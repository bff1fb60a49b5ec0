// Packing: the columns that a tile multiplies with, laid beside each other, and the results brought back.
#pragma once

#include <cstdlib>
#include <memory>

#include "tile.h"

namespace netgain {

// Memory that a thread keeps from call to call, one block for each purpose; it only grows.
template <int PURPOSE>
float* scratch(size_t floats) {
  struct Free {
    void operator()(float* block) const { std::free(block); }
  };
  thread_local std::unique_ptr<float, Free> block;
  thread_local size_t size = 0;
  if (floats > size) {
    block.reset(static_cast<float*>(std::aligned_alloc(64, (floats * sizeof(float) + 63) / 64 * 64)));
    size = floats;
  }
  return block.get();
}

// Columns [first, first + count) of a row-major matrix as one panel: [rows, kPanel], zeros behind the last column.
inline void pack_columns(const float* matrix, ptrdiff_t row_stride, int rows, int count, float* panel) {
  for (int r = 0; r < rows; ++r, matrix += row_stride, panel += kPanel) {
    store(panel, load_first(matrix, count));
    store(panel + kLanes, count > kLanes ? load_first(matrix + kLanes, count - kLanes) : Vector{});
  }
}

// Rows of a row-major matrix as one panel: panel[c, j] = matrix[j, c] for j < count, zeros behind.
inline void pack_rows(const float* matrix, ptrdiff_t row_stride, int columns, int count, float* panel) {
  for (int half = 0; half < kPanel; half += kLanes) {
    int c = 0;
    if (count - half >= kLanes) {
      for (; c + kLanes <= columns; c += kLanes) {
        Vector block[kLanes];
        for (int j = 0; j < kLanes; ++j) block[j] = load(matrix + (half + j) * row_stride + c);
        transpose(block);
        for (int j = 0; j < kLanes; ++j) store(panel + (c + j) * kPanel + half, block[j]);
      }
    }
    for (; c < columns; ++c) {
      for (int j = half; j < half + kLanes; ++j) panel[c * kPanel + j] = j < count ? matrix[j * row_stride + c] : 0.0f;
    }
  }
}

// The first `count` columns of a panel [rows, kPanel] into a row-major matrix.
inline void unpack_columns(const float* panel, int rows, int count, float* matrix, ptrdiff_t row_stride) {
  for (int r = 0; r < rows; ++r, matrix += row_stride, panel += kPanel) {
    store_first(matrix, load(panel), count);
    if (count > kLanes) store_first(matrix + kLanes, load(panel + kLanes), count - kLanes);
  }
}

}  // namespace netgain
