// The images of a mini-batch, out of all of them.
#pragma once

#include "vector.h"

namespace netgain {

// How many images ahead their bytes are asked for: the next images lie anywhere in memory, and waiting for them costs
// 8 % of the epoch of the lecture's smallest network.
constexpr int kImagesAhead = 3;
constexpr ptrdiff_t kCacheLine = 64;

inline void ask_for(const uint8_t* image, ptrdiff_t size) {
  for (ptrdiff_t p = 0; p < size + kCacheLine - 1; p += kCacheLine) __builtin_prefetch(image + (p < size ? p : size - 1));
}

// out[i] = images[index[i]] · scale; an image is `size` bytes.
inline void take_images(const uint8_t* images, const int32_t* index, float* out, int batch, ptrdiff_t size,
                        float scale) {
  for (int i = 0; i < batch && i < kImagesAhead; ++i) ask_for(images + index[i] * size, size);
  for (int i = 0; i < batch; ++i) {
    if (i + kImagesAhead < batch) ask_for(images + index[i + kImagesAhead] * size, size);
    const uint8_t* image = images + index[i] * size;
    for (ptrdiff_t p = 0; p < size; ++p) *out++ = image[p] * scale;
  }
}

}  // namespace netgain
