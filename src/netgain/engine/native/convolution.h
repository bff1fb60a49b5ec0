// Convolution, ReLU and max pooling in one, an image at a time, so that what lies between never leaves the cache.
//
// Images [H, W, C] and maps [H', W', F] have their channels last; the kernel is [kh, kw, C, F]. The convolution is
// valid (no padding) with stride 1: H' = H − kh + 1. Pooling windows do not overlap; a rest at the rim is cut.
#pragma once

#include <algorithm>

#include "panels.h"

namespace netgain {

struct Convolution {
  int batch, height, width, channels;
  int kernel_height, kernel_width, filters;
  int pool_height, pool_width;  // 1, 1 for no pooling
  bool relu;

  int out_height() const { return height - kernel_height + 1; }
  int out_width() const { return width - kernel_width + 1; }
  int pooled_height() const { return out_height() / pool_height; }
  int pooled_width() const { return out_width() / pool_width; }
  int taps() const { return kernel_height * kernel_width * channels; }
  ptrdiff_t image_size() const { return static_cast<ptrdiff_t>(height) * width * channels; }
  ptrdiff_t pooled_size() const { return static_cast<ptrdiff_t>(pooled_height()) * pooled_width() * filters; }
};

constexpr uint8_t kNowhere = 255;  // the place of the maximum where ReLU has switched the window off

// The largest value of each window and its place in the window (row by row), from `pool_height` rows of maps.
// The first of equal values counts, as in XLA's reduce_window.
inline void pool_row(const Convolution& c, const float* rows, int count, float* pooled, uint8_t* place) {
  for (int x = 0; x < c.pooled_width(); ++x, pooled += c.filters, place += c.filters) {
    for (int lane = 0; lane < count; lane += kLanes) {
      const float* window = rows + x * c.pool_width * kPanel + lane;
      Vector best = load(window);
      Integers where = {};
      for (int i = 1; i < c.pool_height * c.pool_width; ++i) {
        const Vector value = load(window + (i / c.pool_width * c.out_width() + i % c.pool_width) * kPanel);
        where = value > best ? Integers{} + i : where;
        best = larger(value, best);
      }
      if (c.relu) {
        where = best > 0 ? where : Integers{} + kNowhere;
        best = larger(best, Vector{});
      }
      store_first(pooled + lane, best, count - lane);
      const Bytes bytes = __builtin_convertvector(where, Bytes);
      std::memcpy(place + lane, &bytes, std::min(count - lane, kLanes));
    }
  }
}

inline void convolution_forward(const Convolution& c, const float* x, const float* kernel, const float* bias,
                                float* pooled, uint8_t* place) {
  const ptrdiff_t panel_size = static_cast<ptrdiff_t>(c.taps()) * kPanel;
  float* packed = scratch<1>(num_panels(c.filters) * panel_size);
  for (int k = 0; k < num_panels(c.filters); ++k) {
    pack_columns(kernel + k * kPanel, c.filters, c.taps(), columns_of(c.filters, k), packed + k * panel_size);
  }
  float* rows = scratch<2>(static_cast<size_t>(c.pool_height) * c.out_width() * kPanel);
  for (int image = 0; image < c.batch; ++image, x += c.image_size()) {
    for (int k = 0; k < num_panels(c.filters); ++k) {
      const int first = k * kPanel, count = columns_of(c.filters, k);
      float start[kPanel] = {};
      std::memcpy(start, bias + first, count * sizeof(float));
      for (int y = 0; y < c.pooled_height(); ++y) {
        for (int r = 0; r < c.pool_height; ++r) {
          const float* from = x + static_cast<ptrdiff_t>(y * c.pool_height + r) * c.width * c.channels;
          const int run = c.kernel_width * c.channels;
          Product p = {from, c.channels, c.width * c.channels, 1,
                       packed + k * panel_size, run * kPanel, c.kernel_height, run,
                       start, 0, rows + static_cast<ptrdiff_t>(r) * c.out_width() * kPanel, kPanel, count};
          multiply(p, c.out_width());
        }
        const ptrdiff_t at = (static_cast<ptrdiff_t>(image) * c.pooled_height() + y) * c.pooled_width() * c.filters;
        pool_row(c, rows, count, pooled + at + first, place + at + first);
      }
    }
  }
}

// The gradient of one image's maps, a panel of filters, from that of the pooled maps: [H', W', kPanel].
inline void unpool(const Convolution& c, const float* gradient, const uint8_t* place, int count, float* maps) {
  if (c.out_height() % c.pool_height || c.out_width() % c.pool_width) {
    std::fill_n(maps, static_cast<ptrdiff_t>(c.out_height()) * c.out_width() * kPanel, 0.0f);
  }
  for (int y = 0; y < c.pooled_height(); ++y) {
    for (int x = 0; x < c.pooled_width(); ++x, gradient += c.filters, place += c.filters) {
      float* window = maps + (static_cast<ptrdiff_t>(y) * c.pool_height * c.out_width() + x * c.pool_width) * kPanel;
      for (int lane = 0; lane < count; lane += kLanes) {
        const Vector value = load_first(gradient + lane, count - lane);
        Bytes bytes = {};
        std::memcpy(&bytes, place + lane, std::min(count - lane, kLanes));
        const Integers where = __builtin_convertvector(bytes, Integers);
        for (int i = 0; i < c.pool_height * c.pool_width; ++i) {
          const Vector here = where == i ? value : Vector{};
          store(window + (i / c.pool_width * c.out_width() + i % c.pool_width) * kPanel + lane, here);
        }
      }
    }
  }
}

inline void convolution_weight_gradient(const Convolution& c, const float* x, const float* gradient,
                                        const uint8_t* place, float* kernel_gradient, float* bias_gradient) {
  const ptrdiff_t panel_size = static_cast<ptrdiff_t>(c.taps()) * kPanel;
  const int run = c.kernel_width * c.channels, pixels = c.out_height() * c.out_width();
  float* sums = scratch<1>(num_panels(c.filters) * panel_size);
  float* maps = scratch<2>(static_cast<size_t>(pixels) * kPanel);
  float* bias_sums = scratch<3>(num_panels(c.filters) * kPanel);
  std::fill_n(sums, num_panels(c.filters) * panel_size, 0.0f);
  std::fill_n(bias_sums, num_panels(c.filters) * kPanel, 0.0f);
  for (int image = 0; image < c.batch; ++image, x += c.image_size()) {
    for (int k = 0; k < num_panels(c.filters); ++k) {
      const ptrdiff_t at = image * c.pooled_size() + k * kPanel;
      const int count = columns_of(c.filters, k);
      unpool(c, gradient + at, place + at, count, maps);
      for (int lane = 0; lane < count; lane += kLanes) {
        Vector bias = load(bias_sums + k * kPanel + lane);
        for (int i = 0; i < pixels; ++i) bias += load(maps + i * kPanel + lane);
        store(bias_sums + k * kPanel + lane, bias);
      }
      for (int a = 0; a < c.kernel_height; ++a) {
        float* sum = sums + k * panel_size + static_cast<ptrdiff_t>(a) * run * kPanel;
        Product p = {x + static_cast<ptrdiff_t>(a) * c.width * c.channels, 1, c.width * c.channels, c.channels,
                     maps, c.out_width() * kPanel, c.out_height(), c.out_width(), sum, kPanel, sum, kPanel, count};
        multiply(p, run);
      }
    }
  }
  for (int k = 0; k < num_panels(c.filters); ++k) {
    const int first = k * kPanel, count = columns_of(c.filters, k);
    unpack_columns(sums + k * panel_size, c.taps(), count, kernel_gradient + first, c.filters);
    std::memcpy(bias_gradient + first, bias_sums + first, count * sizeof(float));
  }
}

// The kernel for the input gradient: of each tap (a, b), filters × channels instead of channels × filters, a panel of
// channels at a time: [panels of channels][kw][kh][panels of filters × kPanel][kPanel].
inline void pack_transposed(const Convolution& c, const float* kernel, float* packed) {
  const int filters = num_panels(c.filters) * kPanel;
  for (int k = 0; k < num_panels(c.channels); ++k) {
    for (int b = 0; b < c.kernel_width; ++b) {
      for (int a = 0; a < c.kernel_height; ++a, packed += static_cast<ptrdiff_t>(filters) * kPanel) {
        const float* tap = kernel + (static_cast<ptrdiff_t>(a * c.kernel_width + b) * c.channels + k * kPanel) * c.filters;
        pack_rows(tap, c.filters, c.filters, columns_of(c.channels, k), packed);
      }
    }
  }
}

// Each row of the input gets, for each horizontal tap b, what the up to kh rows of maps that it took part in send
// back. Vertical taps that lie outside are skipped, so that no product with a padding zero is computed.
inline void convolution_input_gradient(const Convolution& c, const float* kernel, const float* gradient,
                                       const uint8_t* place, float* dx) {
  const ptrdiff_t tap_size = static_cast<ptrdiff_t>(num_panels(c.filters)) * kPanel * kPanel;
  const ptrdiff_t panel_size = c.kernel_width * c.kernel_height * tap_size;
  float* packed = scratch<1>(num_panels(c.channels) * panel_size);
  float* maps = scratch<2>(static_cast<size_t>(c.out_height()) * c.out_width() * kPanel);
  float* sums = scratch<3>(static_cast<size_t>(c.height) * c.width * kPanel);
  pack_transposed(c, kernel, packed);
  for (int image = 0; image < c.batch; ++image, dx += c.image_size()) {
    for (int k = 0; k < num_panels(c.channels); ++k) {
      std::fill_n(sums, static_cast<ptrdiff_t>(c.height) * c.width * kPanel, 0.0f);
      for (int m = 0; m < num_panels(c.filters); ++m) {
        const ptrdiff_t at = image * c.pooled_size() + m * kPanel;
        const int count = columns_of(c.filters, m);
        unpool(c, gradient + at, place + at, count, maps);
        for (int b = 0; b < c.kernel_width; ++b) {
          const float* taps = packed + k * panel_size + b * c.kernel_height * tap_size + m * kPanel * kPanel;
          for (int y = 0; y < c.height; ++y) {
            const int first = std::max(0, y - c.out_height() + 1), last = std::min(c.kernel_height - 1, y);
            float* sum = sums + (static_cast<ptrdiff_t>(y) * c.width + b) * kPanel;
            Product p = {maps + static_cast<ptrdiff_t>(y - first) * c.out_width() * kPanel, kPanel,
                         -static_cast<ptrdiff_t>(c.out_width()) * kPanel, 1,
                         taps + first * tap_size, tap_size, last - first + 1, count,
                         sum, kPanel, sum, kPanel, columns_of(c.channels, k)};
            multiply(p, c.out_width());
          }
        }
      }
      unpack_columns(sums, c.height * c.width, columns_of(c.channels, k), dx + k * kPanel, c.channels);
    }
  }
}

}  // namespace netgain
