// The updates of an optimizer in one pass over weights and slots, where XLA makes several.
#pragma once

#include "vector.h"

namespace netgain {

// Changes weights and both slots, element by element: update(weights, first, second, gradient) gives the new weights
// and writes the new slots.
template <typename Update>
void sweep(float* weights, float* first, float* second, const float* gradient, ptrdiff_t size, Update update) {
  ptrdiff_t i = 0;
  for (; i + kLanes <= size; i += kLanes) {
    Vector a = load(first + i), b = load(second + i);
    store(weights + i, update(load(weights + i), a, b, load(gradient + i)));
    store(first + i, a);
    store(second + i, b);
  }
  if (const int rest = static_cast<int>(size - i)) {
    Vector a = load_first(first + i, rest), b = load_first(second + i, rest);
    const Vector w = update(load_first(weights + i, rest), a, b, load_first(gradient + i, rest));
    store_first(weights + i, w, rest);
    store_first(first + i, a, rest);
    store_first(second + i, b, rest);
  }
}

// Gradient descent.
inline void descend(float* weights, const float* gradient, ptrdiff_t size, float rate) {
  ptrdiff_t i = 0;
  for (; i + kLanes <= size; i += kLanes) store(weights + i, load(weights + i) - rate * load(gradient + i));
  for (; i < size; ++i) weights[i] -= rate * gradient[i];
}

// Adadelta (Zeiler 2012, algorithm 1) as Keras writes it.
inline void adadelta(float* weights, float* squares, float* steps, const float* gradient, ptrdiff_t size, float rate,
                     float rho, float epsilon) {
  sweep(weights, squares, steps, gradient, size, [=](Vector w, Vector& a, Vector& d, Vector g) {
    a = rho * a + (1 - rho) * (g * g);
    const Vector step = root_of_ratio(d + epsilon, a + epsilon) * g;
    d = rho * d + (1 - rho) * (step * step);
    return w - rate * step;
  });
}

// Adam (Kingma & Ba 2015, the efficient form at the end of section 2) as Keras writes it; `rate` is
// α √(1 − β₂ᵗ) / (1 − β₁ᵗ).
inline void adam(float* weights, float* means, float* squares, const float* gradient, ptrdiff_t size, float rate,
                 float beta_1, float beta_2, float epsilon) {
  sweep(weights, means, squares, gradient, size, [=](Vector w, Vector& m, Vector& v, Vector g) {
    m += (g - m) * (1 - beta_1);
    v += (g * g - v) * (1 - beta_2);
    return w - rate * m / (root(v) + epsilon);
  });
}

}  // namespace netgain
