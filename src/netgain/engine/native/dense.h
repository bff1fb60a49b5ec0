// Products of dense layers: x [B, N], kernel [N, M], y [B, M], all row-major.
#pragma once

#include "panels.h"

namespace netgain {

// y = x · kernel + bias, below zero cut off where `relu`.
inline void dense_forward(const float* x, const float* kernel, const float* bias, float* y, int batch, int in, int out,
                          bool relu) {
  float* panel = scratch<1>(static_cast<size_t>(in) * kPanel);
  for (int k = 0; k < num_panels(out); ++k) {
    const int first = k * kPanel, count = columns_of(out, k);
    pack_columns(kernel + first, out, in, count, panel);
    float start[kPanel] = {};
    std::memcpy(start, bias + first, count * sizeof(float));
    multiply({x, in, 0, 1, panel, 0, 1, in, start, 0, y + first, out, count}, batch);
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
    multiply({x, 1, 0, in, panel, 0, 1, batch, nullptr, 0, kernel_gradient + first, out, count}, in);
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
    multiply({dy, out, 0, 1, panel, 0, 1, out, nullptr, 0, dx + first, in, count}, batch);
  }
}

}  // namespace netgain
