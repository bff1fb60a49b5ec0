// Dropout masks from a hash of each element's number: no state, so the backward pass makes them again.
#pragma once

#include "vector.h"

namespace netgain {

typedef uint32_t Words __attribute__((vector_size(4 * kLanes)));

// y = x · scale where the element is kept, else 0. One 32-bit hash decides on two elements, 16 apart, by its lower
// and its upper half: kept where the half reaches `threshold`. engine/dropout.py has the same in JAX, and why.
inline void dropout(const float* x, float* y, ptrdiff_t size, uint32_t key_1, uint32_t key_2, uint32_t threshold,
                    float scale) {
  Words lanes;
  for (int lane = 0; lane < kLanes; ++lane) lanes[lane] = lane;
  for (ptrdiff_t first = 0; first < size; first += 32) {
    for (int part = 0; part < 16; part += kLanes) {
      Words hash = (lanes + static_cast<uint32_t>(first / 2 + part)) * 0x9E3779B9u + key_1;
      hash ^= hash >> 16;
      hash *= 0x7FEB352Du;
      hash ^= hash >> 15;
      hash = (hash + key_2) * 0x846CA68Bu;
      hash ^= hash >> 16;
      const Words halves[2] = {hash & 0xFFFFu, hash >> 16};
      for (int half = 0; half < 2; ++half) {
        const ptrdiff_t i = first + 16 * half + part;
        if (i >= size) break;
        const int here = size - i < kLanes ? static_cast<int>(size - i) : kLanes;
        const Vector value = load_first(x + i, here);
        store_first(y + i, halves[half] >= threshold ? value * scale : Vector{}, here);
      }
    }
  }
}

}  // namespace netgain
