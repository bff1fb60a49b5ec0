// The images of a mini-batch, out of all of them.
#pragma once

#include "vector.h"

namespace netgain {

// out[i] = images[index[i]] · scale; an image is `size` bytes.
inline void take_images(const uint8_t* images, const int32_t* index, float* out, int batch, ptrdiff_t size,
                        float scale) {
  for (int i = 0; i < batch; ++i) {
    const uint8_t* image = images + index[i] * size;
    for (ptrdiff_t p = 0; p < size; ++p) *out++ = image[p] * scale;
  }
}

}  // namespace netgain
