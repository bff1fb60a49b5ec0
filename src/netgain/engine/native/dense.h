// Products of dense layers: x [B, N], kernel [N, M], y [B, M], all row-major.
#pragma once

#include "panels.h"

namespace netgain {

// Multiply into columns of the result: straight into it where they fill whole registers, else by way of a panel.
inline void multiply_into(Product p, int rows, int count, float* out, ptrdiff_t out_row) {
  const int vectors = count > kLanes ? 2 : 1;
  if (count % kLanes == 0) {
    p.out = out;
    p.out_row = out_row;
    multiply(p, rows, vectors);
    return;
  }
  p.out = scratch<0>(static_cast<size_t>(rows) * kPanel);
  p.out_row = kPanel;
  multiply(p, rows, vectors);
  unpack_columns(p.out, rows, count, out, out_row);
}

// y = x · kernel + bias, below zero cut off where `relu`.
inline void dense_forward(const float* x, const float* kernel, const float* bias, float* y, int batch, int in, int out,
                          bool relu) {
  float* panel = scratch<1>(static_cast<size_t>(in) * kPanel);
  for (int k = 0; k < num_panels(out); ++k) {
    const int first = k * kPanel, count = columns_of(out, k);
    pack_columns(kernel + first, out, in, count, panel);
    float start[kPanel] = {};
    std::memcpy(start, bias + first, count * sizeof(float));
    Product p = {x, in, 0, 1, panel, 0, 1, in, start, 0, nullptr, 0};
    multiply_into(p, batch, count, y + first, out);
  }
  if (!relu) return;
  for (ptrdiff_t i = 0; i < static_cast<ptrdiff_t>(batch) * out; ++i) y[i] = y[i] > 0 ? y[i] : 0.0f;
}

// kernel_gradient = xᵀ · dy and bias_gradient = Σ_batch dy.
inline void dense_weight_gradient(const float* x, const float* dy, float* kernel_gradient, float* bias_gradient,
                                  int batch, int in, int out) {
  float* panel = scratch<1>(static_cast<size_t>(batch) * kPanel);
  for (int k = 0; k < num_panels(out); ++k) {
    const int first = k * kPanel, count = columns_of(out, k);
    pack_columns(dy + first, out, batch, count, panel);
    Product p = {x, 1, 0, in, panel, 0, 1, batch, nullptr, 0, nullptr, 0};
    multiply_into(p, in, count, kernel_gradient + first, out);
    Vector sum[2] = {};
    for (int b = 0; b < batch; ++b) {
      sum[0] += load(panel + b * kPanel);
      sum[1] += load(panel + b * kPanel + kLanes);
    }
    std::memcpy(bias_gradient + first, sum, count * sizeof(float));
  }
}

// dx = dy · kernelᵀ.
inline void dense_input_gradient(const float* dy, const float* kernel, float* dx, int batch, int in, int out) {
  float* panel = scratch<1>(static_cast<size_t>(out) * kPanel);
  for (int k = 0; k < num_panels(in); ++k) {
    const int first = k * kPanel, count = columns_of(in, k);
    pack_rows(kernel + static_cast<ptrdiff_t>(first) * out, out, out, count, panel);
    Product p = {dy, out, 0, 1, panel, 0, 1, out, nullptr, 0, nullptr, 0};
    multiply_into(p, batch, count, dx + first, in);
  }
}

}  // namespace netgain
