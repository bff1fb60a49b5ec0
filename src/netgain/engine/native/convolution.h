// Convolution, ReLU and max pooling in one, an image at a time, so that what lies between never leaves the cache.
//
// Images [H, W, C] and maps [H', W', F] have their channels last; the kernel is [kh, kw, C, F]. With zeros around the
// image, H' = (top + H + bottom − kh) / stride + 1. Pooling windows do not overlap; a rest at the rim is cut.
//
// The three products – maps of image and kernel, kernel of image and maps, image of kernel and maps – are linear in each
// of their two arguments, and the gradient of each is the other two. So a second derivative needs these three and no
// others, once pooling and activation are held at the places where the maxima were found: `convolution_at`.
#pragma once

#include <algorithm>
#include <vector>

#include "panels.h"

namespace netgain {

struct Convolution {
  int batch, height, width, channels;
  int kernel_height, kernel_width, filters;
  int stride_height, stride_width;
  int top, bottom, left, right;  // zeros around the image
  int pool_height, pool_width;   // 1, 1 for no pooling
  float slope;  // what values below zero are multiplied with: 1 for no activation, 0 for ReLU

  bool padded() const { return top || bottom || left || right; }
  int padded_height() const { return top + height + bottom; }
  int padded_width() const { return left + width + right; }
  int out_height() const { return (padded_height() - kernel_height) / stride_height + 1; }
  int out_width() const { return (padded_width() - kernel_width) / stride_width + 1; }
  int pooled_height() const { return out_height() / pool_height; }
  int pooled_width() const { return out_width() / pool_width; }
  int taps() const { return kernel_height * kernel_width * channels; }
  ptrdiff_t image_size() const { return static_cast<ptrdiff_t>(height) * width * channels; }
  ptrdiff_t padded_row() const { return static_cast<ptrdiff_t>(padded_width()) * channels; }
  ptrdiff_t padded_size() const { return padded_height() * padded_row(); }
  ptrdiff_t pooled_size() const { return static_cast<ptrdiff_t>(pooled_height()) * pooled_width() * filters; }
};

// The bit of a place that says that the maximum lies below zero, where the slope counts.
constexpr int kBelow = 128;

inline Vector sloped(const Convolution& c, Vector value) { return c.slope == 0 ? Vector{} : value * c.slope; }

// A copy of known size is one instruction; of a size that varies, a call.
inline Integers load_places(const uint8_t* place, int count) {
  Bytes bytes = {};
  count >= kLanes ? std::memcpy(&bytes, place, kLanes) : std::memcpy(&bytes, place, count);
  return widened(bytes);
}

inline void store_places(uint8_t* place, Integers where, int count) {
  const Bytes bytes = narrowed(where);
  count >= kLanes ? std::memcpy(place, &bytes, kLanes) : std::memcpy(place, &bytes, count);
}

// Images with their zeros around them, so many at a time, in the cache; the images themselves where there are no zeros.
class PaddedImages {
 public:
  PaddedImages(const Convolution& shape, int count)
      : c(shape), block(c.padded() ? scratch<4>(count * c.padded_size()) : nullptr) {
    if (block) std::fill_n(block, count * c.padded_size(), 0.0f);
  }
  const float* operator()(const float* images, int count = 1) const {
    if (!block) return images;
    const int row = c.width * c.channels;
    float* to = block + c.top * c.padded_row() + c.left * c.channels;
    for (int i = 0; i < count; ++i, to += c.padded_size()) {
      for (int y = 0; y < c.height; ++y, images += row) std::memcpy(to + y * c.padded_row(), images, row * sizeof(float));
    }
    return block;
  }

 private:
  const Convolution& c;
  float* block;
};

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
      if (c.slope != 1) {
        where = best > 0 ? where : where | kBelow;
        best = best > 0 ? best : sloped(c, best);
      }
      store_first(pooled + lane, best, count - lane);
      store_places(place + lane, where, count - lane);
    }
  }
}

// The value of each window at the place that is given, instead of the largest.
inline void select_row(const Convolution& c, const float* rows, int count, float* pooled, const uint8_t* place) {
  for (int x = 0; x < c.pooled_width(); ++x, pooled += c.filters, place += c.filters) {
    for (int lane = 0; lane < count; lane += kLanes) {
      const float* window = rows + x * c.pool_width * kPanel + lane;
      const Integers where = load_places(place + lane, count - lane), index = where & (kBelow - 1);
      Vector value = load(window);
      for (int i = 1; i < c.pool_height * c.pool_width; ++i) {
        const Vector here = load(window + (i / c.pool_width * c.out_width() + i % c.pool_width) * kPanel);
        value = index == i ? here : value;
      }
      store_first(pooled + lane, where >= kBelow ? sloped(c, value) : value, count - lane);
    }
  }
}

// Maps of image and kernel. `finish(rows, count, at)` takes a panel's `pool_height` rows of maps, which begin at `at` of
// the result.
template <typename Finish>
inline void convolve(const Convolution& c, const float* x, const float* kernel, const float* bias, Finish finish) {
  const ptrdiff_t panel_size = static_cast<ptrdiff_t>(c.taps()) * kPanel;
  float* packed = scratch<1>(num_panels(c.filters) * panel_size);
  for (int k = 0; k < num_panels(c.filters); ++k) {
    pack_columns(kernel + k * kPanel, c.filters, c.taps(), columns_of(c.filters, k), packed + k * panel_size);
  }
  float* rows = scratch<2>(static_cast<size_t>(c.pool_height) * c.out_width() * kPanel);
  const PaddedImages padded(c, 1);
  const int run = c.kernel_width * c.channels;
  for (int image = 0; image < c.batch; ++image, x += c.image_size()) {
    const float* pixels = padded(x);
    for (int k = 0; k < num_panels(c.filters); ++k) {
      const int first = k * kPanel, count = columns_of(c.filters, k);
      float start[kPanel] = {};
      std::memcpy(start, bias + first, count * sizeof(float));
      for (int y = 0; y < c.pooled_height(); ++y) {
        for (int r = 0; r < c.pool_height; ++r) {
          const float* from = pixels + (y * c.pool_height + r) * c.stride_height * c.padded_row();
          multiply({from, c.stride_width * c.channels, c.padded_row(), 1,
                    packed + k * panel_size, run * kPanel, c.kernel_height, run,
                    start, 0, rows + static_cast<ptrdiff_t>(r) * c.out_width() * kPanel, kPanel, count},
                   c.out_width());
        }
        const ptrdiff_t row = static_cast<ptrdiff_t>(image) * c.pooled_height() + y;
        finish(rows, count, row * c.pooled_width() * c.filters + first);
      }
    }
  }
}

inline void convolution_forward(const Convolution& c, const float* x, const float* kernel, const float* bias,
                                float* pooled, uint8_t* place) {
  convolve(c, x, kernel, bias, [&](const float* rows, int count, ptrdiff_t at) {
    pool_row(c, rows, count, pooled + at, place + at);
  });
}

// The same with each window's maximum and slope held at its place: linear in the image, the kernel and the bias.
inline void convolution_at(const Convolution& c, const float* x, const float* kernel, const float* bias,
                           const uint8_t* place, float* pooled) {
  convolve(c, x, kernel, bias, [&](const float* rows, int count, ptrdiff_t at) {
    select_row(c, rows, count, pooled + at, place + at);
  });
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
        const Integers where = load_places(place + lane, count - lane), index = where & (kBelow - 1);
        const Vector above = load_first(gradient + lane, count - lane);
        const Vector value = where >= kBelow ? sloped(c, above) : above;
        for (int i = 0; i < c.pool_height * c.pool_width; ++i) {
          const Vector here = index == i ? value : Vector{};
          store(window + (i / c.pool_width * c.out_width() + i % c.pool_width) * kPanel + lane, here);
        }
      }
    }
  }
}

// Small maps of several images are taken together: the sums of one would go to memory and back after few products.
constexpr int kPixelsTogether = 200;

inline void convolution_weight_gradient(const Convolution& c, const float* x, const float* gradient,
                                        const uint8_t* place, float* kernel_gradient, float* bias_gradient) {
  const ptrdiff_t panel_size = static_cast<ptrdiff_t>(c.taps()) * kPanel;
  const int run = c.kernel_width * c.channels, pixels = c.out_height() * c.out_width();
  const int most = std::min(c.batch, std::max(1, kPixelsTogether / pixels));
  const ptrdiff_t map_size = static_cast<ptrdiff_t>(pixels) * kPanel;
  const PaddedImages padded(c, most);
  float* sums = scratch<1>(num_panels(c.filters) * panel_size);
  float* maps = scratch<2>(most * map_size);
  float* bias_sums = scratch<3>(num_panels(c.filters) * kPanel);
  std::fill_n(sums, num_panels(c.filters) * panel_size, 0.0f);
  std::fill_n(bias_sums, num_panels(c.filters) * kPanel, 0.0f);
  for (int image = 0; image < c.batch; image += most, x += most * c.image_size()) {
    const int images = std::min(most, c.batch - image);
    const float* from = padded(x, images);
    for (int k = 0; k < num_panels(c.filters); ++k) {
      const int count = columns_of(c.filters, k);
      for (int i = 0; i < images; ++i) {
        const ptrdiff_t at = (image + i) * c.pooled_size() + k * kPanel;
        unpool(c, gradient + at, place + at, count, maps + i * map_size);
      }
      for (int lane = 0; lane < count; lane += kLanes) {
        Vector bias = load(bias_sums + k * kPanel + lane);
        for (int i = 0; i < images * pixels; ++i) bias += load(maps + i * kPanel + lane);
        store(bias_sums + k * kPanel + lane, bias);
      }
      for (int a = 0; a < c.kernel_height; ++a) {
        float* sum = sums + k * panel_size + static_cast<ptrdiff_t>(a) * run * kPanel;
        multiply({from + a * c.padded_row(), 1, c.stride_height * c.padded_row(), c.stride_width * c.channels,
                  maps, c.out_width() * kPanel, c.out_height(), c.out_width(), sum, kPanel, sum, kPanel, count,
                  images, c.padded_size(), map_size},
                 run);
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

// For a row of the image: the first of the kernel's rows that took it, how many did, and the row of maps of the first.
// The next of them lie a stride further in the kernel, and a row higher in the maps.
struct Takers {
  int first, count, row;
};

inline Takers takers_of(const Convolution& c, int y) {
  const int highest = (c.out_height() - 1) * c.stride_height;
  const int first = y <= highest ? y % c.stride_height : y - highest, last = std::min(c.kernel_height - 1, y);
  return {first, first > last ? 0 : (last - first) / c.stride_height + 1, (y - first) / c.stride_height};
}

// Adds to one image, a panel of channels wide, what a panel of filters sends back. Each row gets, for each horizontal tap
// b, what the rows of maps that it took part in send; vertical taps that lie outside are skipped, so that no product with
// a padding zero is computed.
inline void send_back(const Convolution& c, const std::vector<Takers>& takers, const float* maps, int filters,
                      const float* packed, int channels, float* sums) {
  const ptrdiff_t tap_size = static_cast<ptrdiff_t>(num_panels(c.filters)) * kPanel * kPanel;
  const ptrdiff_t map_row = static_cast<ptrdiff_t>(c.out_width()) * kPanel;
  for (int b = 0; b < c.kernel_width; ++b) {
    const float* taps = packed + b * c.kernel_height * tap_size;
    for (int y = 0; y < c.height; ++y) {
      const Takers& t = takers[y];
      if (!t.count) continue;
      float* sum = sums + (static_cast<ptrdiff_t>(c.top + y) * c.padded_width() + b) * kPanel;
      multiply({maps + t.row * map_row, kPanel, -map_row, 1,
                taps + t.first * tap_size, c.stride_height * tap_size, t.count, filters,
                sum, c.stride_width * kPanel, sum, c.stride_width * kPanel, channels},
               c.out_width());
    }
  }
}

// Of few channels a panel would stay almost empty. Then its columns are the taps of all channels instead, and what each
// pixel of the maps sends back is added where it belongs afterwards.
inline bool few_channels(const Convolution& c) { return 4 * c.channels <= kLanes; }

inline void add_taps(const Convolution& c, const float* sent, ptrdiff_t pixel, float* sums) {
  for (int y = 0; y < c.out_height(); ++y, sent += c.out_width() * pixel) {
    for (int a = 0; a < c.kernel_height; ++a) {
      float* row = sums + (y * c.stride_height + a) * c.padded_row();
      for (int j = 0; j < c.kernel_width * c.channels; ++j) {
        const float* from = sent + a * c.kernel_width * c.channels + j;
        for (int x = 0; x < c.out_width(); ++x) row[x * c.stride_width * c.channels + j] += from[x * pixel];
      }
    }
  }
}

inline void few_channels_input_gradient(const Convolution& c, const float* kernel, const float* gradient,
                                        const uint8_t* place, float* dx) {
  const int pixels = c.out_height() * c.out_width(), panels = num_panels(c.taps());
  const ptrdiff_t pixel = static_cast<ptrdiff_t>(panels) * kPanel;
  float* packed = scratch<1>(static_cast<size_t>(panels) * c.filters * kPanel);
  float* maps = scratch<2>(static_cast<size_t>(pixels) * kPanel);
  float* sums = scratch<3>(c.padded_size());
  float* sent = scratch<4>(pixels * pixel);
  for (int k = 0; k < panels; ++k) {
    pack_rows(kernel + static_cast<ptrdiff_t>(k) * kPanel * c.filters, c.filters, c.filters, columns_of(c.taps(), k),
              packed + static_cast<ptrdiff_t>(k) * c.filters * kPanel);
  }
  for (int image = 0; image < c.batch; ++image) {
    for (int m = 0; m < num_panels(c.filters); ++m) {
      const ptrdiff_t at = image * c.pooled_size() + m * kPanel;
      const int count = columns_of(c.filters, m);
      unpool(c, gradient + at, place + at, count, maps);
      for (int k = 0; k < panels; ++k) {
        float* to = sent + k * kPanel;
        multiply({maps, kPanel, 0, 1, packed + (static_cast<ptrdiff_t>(k) * c.filters + m * kPanel) * kPanel, 0,
                  1, count, m ? to : nullptr, pixel, to, pixel, columns_of(c.taps(), k)},
                 pixels);
      }
    }
    std::fill_n(sums, c.padded_size(), 0.0f);
    add_taps(c, sent, pixel, sums);
    const int row = c.width * c.channels;
    const float* from = sums + c.top * c.padded_row() + c.left * c.channels;
    for (int y = 0; y < c.height; ++y, dx += row) std::memcpy(dx, from + y * c.padded_row(), row * sizeof(float));
  }
}

inline void convolution_input_gradient(const Convolution& c, const float* kernel, const float* gradient,
                                       const uint8_t* place, float* dx) {
  if (few_channels(c)) return few_channels_input_gradient(c, kernel, gradient, place, dx);
  const ptrdiff_t tap_size = static_cast<ptrdiff_t>(num_panels(c.filters)) * kPanel * kPanel;
  const ptrdiff_t panel_size = c.kernel_width * c.kernel_height * tap_size;
  float* packed = scratch<1>(num_panels(c.channels) * panel_size);
  float* maps = scratch<2>(static_cast<size_t>(c.out_height()) * c.out_width() * kPanel);
  float* sums = scratch<3>(static_cast<size_t>(c.padded_height()) * c.padded_width() * kPanel);
  pack_transposed(c, kernel, packed);
  std::vector<Takers> takers;
  for (int y = c.top; y < c.top + c.height; ++y) takers.push_back(takers_of(c, y));
  for (int image = 0; image < c.batch; ++image, dx += c.image_size()) {
    for (int k = 0; k < num_panels(c.channels); ++k) {
      const int channels = columns_of(c.channels, k);
      std::fill_n(sums, static_cast<ptrdiff_t>(c.padded_height()) * c.padded_width() * kPanel, 0.0f);
      for (int m = 0; m < num_panels(c.filters); ++m) {
        const ptrdiff_t at = image * c.pooled_size() + m * kPanel;
        const int count = columns_of(c.filters, m);
        unpool(c, gradient + at, place + at, count, maps);
        send_back(c, takers, maps, count, packed + k * panel_size + m * kPanel * kPanel, channels, sums);
      }
      for (int y = 0; y < c.height; ++y) {
        const float* from = sums + (static_cast<ptrdiff_t>(c.top + y) * c.padded_width() + c.left) * kPanel;
        unpack_columns(from, c.width, channels, dx + (static_cast<ptrdiff_t>(y) * c.width * c.channels) + k * kPanel,
                       c.channels);
      }
    }
  }
}

}  // namespace netgain
