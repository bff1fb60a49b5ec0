// What XLA calls: each handler takes shapes from its buffers and hands the memory to a kernel. Compiled once for each
// instruction set, into a library of its own.

#include "batch_norm.h"
#include "convolution.h"
#include "dense.h"
#include "dropout.h"
#include "images.h"
#include "optimizers.h"
#include "recurrent.h"
#include "xla/ffi/api/ffi.h"

namespace ffi = xla::ffi;

using Floats = ffi::Buffer<ffi::F32>;
using FloatResult = ffi::ResultBuffer<ffi::F32>;
using Places = ffi::Buffer<ffi::U8>;
using PlaceResult = ffi::ResultBuffer<ffi::U8>;

static ffi::Error DenseForward(Floats x, Floats kernel, Floats bias, FloatResult y, bool relu) {
  const auto k = kernel.dimensions();
  netgain::dense_forward(x.typed_data(), kernel.typed_data(), bias.typed_data(), y->typed_data(), x.dimensions()[0],
                         k[0], k[1], relu);
  return ffi::Error::Success();
}

static ffi::Error DenseWeightGradient(Floats x, Floats dy, FloatResult kernel_gradient, FloatResult bias_gradient) {
  netgain::dense_weight_gradient(x.typed_data(), dy.typed_data(), kernel_gradient->typed_data(),
                                 bias_gradient->typed_data(), x.dimensions()[0], x.dimensions()[1], dy.dimensions()[1]);
  return ffi::Error::Success();
}

static ffi::Error DenseInputGradient(Floats dy, Floats kernel, FloatResult dx) {
  const auto k = kernel.dimensions();
  netgain::dense_input_gradient(dy.typed_data(), kernel.typed_data(), dx->typed_data(), dy.dimensions()[0], k[0], k[1]);
  return ffi::Error::Success();
}

using Numbers = ffi::Span<const int64_t>;

// Pool and strides of rows and columns; zeros before and after the rows, before and after the columns.
template <typename Images, typename Kernel>
static netgain::Convolution ShapeOf(Images x, Kernel k, Numbers pool, Numbers strides, Numbers padding, float slope) {
  const auto as_int = [](int64_t size) { return static_cast<int>(size); };
  return {as_int(x[0]), as_int(x[1]), as_int(x[2]), as_int(x[3]), as_int(k[0]), as_int(k[1]), as_int(k[3]),
          as_int(strides[0]), as_int(strides[1]), as_int(padding[0]), as_int(padding[1]), as_int(padding[2]),
          as_int(padding[3]), as_int(pool[0]), as_int(pool[1]), slope};
}

static ffi::Error ConvolutionForward(Floats x, Floats kernel, Floats bias, FloatResult pooled, PlaceResult place,
                                     Numbers pool, Numbers strides, Numbers padding, float slope) {
  const auto shape = ShapeOf(x.dimensions(), kernel.dimensions(), pool, strides, padding, slope);
  netgain::convolution_forward(shape, x.typed_data(), kernel.typed_data(), bias.typed_data(), pooled->typed_data(),
                               place->typed_data());
  return ffi::Error::Success();
}

static ffi::Error ConvolutionAt(Floats x, Floats kernel, Floats bias, Places place, FloatResult pooled, Numbers pool,
                                Numbers strides, Numbers padding, float slope) {
  const auto shape = ShapeOf(x.dimensions(), kernel.dimensions(), pool, strides, padding, slope);
  netgain::convolution_at(shape, x.typed_data(), kernel.typed_data(), bias.typed_data(), place.typed_data(),
                          pooled->typed_data());
  return ffi::Error::Success();
}

static ffi::Error ConvolutionWeightGradient(Floats x, Floats gradient, Places place, FloatResult kernel_gradient,
                                            FloatResult bias_gradient, Numbers pool, Numbers strides, Numbers padding,
                                            float slope) {
  const auto shape = ShapeOf(x.dimensions(), kernel_gradient->dimensions(), pool, strides, padding, slope);
  netgain::convolution_weight_gradient(shape, x.typed_data(), gradient.typed_data(), place.typed_data(),
                                       kernel_gradient->typed_data(), bias_gradient->typed_data());
  return ffi::Error::Success();
}

static ffi::Error ConvolutionInputGradient(Floats kernel, Floats gradient, Places place, FloatResult dx, Numbers pool,
                                           Numbers strides, Numbers padding, float slope) {
  const auto shape = ShapeOf(dx->dimensions(), kernel.dimensions(), pool, strides, padding, slope);
  netgain::convolution_input_gradient(shape, kernel.typed_data(), gradient.typed_data(), place.typed_data(),
                                      dx->typed_data());
  return ffi::Error::Success();
}

// Rows are everything before the last dimension.
static netgain::Normalization NormalizationOf(Floats x, float epsilon, float slope) {
  const ptrdiff_t columns = x.dimensions()[x.dimensions().size() - 1];
  return {static_cast<ptrdiff_t>(x.element_count()) / columns, static_cast<int>(columns), epsilon, slope};
}

static ffi::Error BatchNormForward(Floats x, Floats gamma, Floats beta, FloatResult y, FloatResult mean,
                                   FloatResult variance, float epsilon, float slope) {
  netgain::batch_norm_forward(NormalizationOf(x, epsilon, slope), x.typed_data(), gamma.typed_data(), beta.typed_data(),
                              y->typed_data(), mean->typed_data(), variance->typed_data());
  return ffi::Error::Success();
}

static ffi::Error BatchNormBackward(Floats x, Floats gamma, Floats beta, Floats mean, Floats variance, Floats dy,
                                    FloatResult dx, FloatResult gamma_gradient, FloatResult beta_gradient,
                                    float epsilon, float slope) {
  netgain::batch_norm_backward(NormalizationOf(x, epsilon, slope), x.typed_data(), gamma.typed_data(),
                               beta.typed_data(), mean.typed_data(), variance.typed_data(), dy.typed_data(),
                               dx->typed_data(), gamma_gradient->typed_data(), beta_gradient->typed_data());
  return ffi::Error::Success();
}

static ffi::Error ScaleRows(Floats x, Floats scale, Floats offset, FloatResult y, float slope) {
  netgain::scale_rows(NormalizationOf(x, 0.0f, slope), x.typed_data(), scale.typed_data(), offset.typed_data(),
                      y->typed_data());
  return ffi::Error::Success();
}

// x [B, T, F] and weights [F + U, gates · U]; the state's dimensions say whether there is one for every step.
template <typename Cell, typename Images, typename Weights, typename State>
static netgain::Recurrent RecurrentOf(Images x, Weights weights, State y, bool backwards) {
  const auto as_int = [](int64_t size) { return static_cast<int>(size); };
  return {as_int(x[0]), as_int(x[1]), as_int(x[2]), as_int(weights[1] / Cell::kGates), backwards, y.size() == 3};
}

template <typename Cell>
static ffi::Error RecurrentForward(Floats x, Floats weights, Floats bias, FloatResult y, FloatResult beside,
                                   FloatResult sums, FloatResult carries, bool backwards) {
  const auto shape = RecurrentOf<Cell>(x.dimensions(), weights.dimensions(), y->dimensions(), backwards);
  const netgain::Kept kept = {beside->typed_data(), sums->typed_data(), carries->typed_data(),
                              static_cast<int>(beside->dimensions()[0])};
  netgain::recurrent_forward<Cell>(shape, x.typed_data(), weights.typed_data(), bias.typed_data(), y->typed_data(), kept);
  return ffi::Error::Success();
}

template <typename Cell>
static ffi::Error RecurrentBackward(Floats x, Floats weights, Floats dy, Floats beside, Floats sums, Floats carries,
                                    FloatResult weight_gradient, FloatResult bias_gradient, FloatResult dx,
                                    bool backwards) {
  const auto shape = RecurrentOf<Cell>(x.dimensions(), weights.dimensions(), dy.dimensions(), backwards);
  const netgain::Kept kept = {beside.typed_data(), sums.typed_data(), carries.typed_data(), shape.steps};
  netgain::recurrent_backward<Cell>(shape, weights.typed_data(), dy.typed_data(), kept, weight_gradient->typed_data(),
                                    bias_gradient->typed_data(), dx->element_count() ? dx->typed_data() : nullptr);
  return ffi::Error::Success();
}

static ffi::Error TakeImages(ffi::Buffer<ffi::U8> images, ffi::Buffer<ffi::S32> index, FloatResult batch,
                             float scale) {
  const int num_images = static_cast<int>(index.element_count());
  netgain::take_images(images.typed_data(), index.typed_data(), batch->typed_data(), num_images,
                       batch->element_count() / num_images, scale);
  return ffi::Error::Success();
}

static ffi::Error Dropout(Floats x, ffi::Buffer<ffi::U32> keys, FloatResult y, int64_t threshold, float scale) {
  netgain::dropout(x.typed_data(), y->typed_data(), x.element_count(), keys.typed_data()[0], keys.typed_data()[1],
                   static_cast<uint32_t>(threshold), scale);
  return ffi::Error::Success();
}

// An optimizer's results lie in the memory of its arguments; where XLA could not arrange that, they are copied there.
static float* InPlace(Floats from, FloatResult to) {
  if (to->typed_data() != from.typed_data()) std::memcpy(to->typed_data(), from.typed_data(), from.size_bytes());
  return to->typed_data();
}

static ffi::Error Descend(Floats weights, Floats gradient, Floats rate, FloatResult new_weights) {
  netgain::descend(InPlace(weights, new_weights), gradient.typed_data(), weights.element_count(), *rate.typed_data());
  return ffi::Error::Success();
}

static ffi::Error Adadelta(Floats weights, Floats squares, Floats steps, Floats gradient, Floats rate,
                           FloatResult new_weights, FloatResult new_squares, FloatResult new_steps, float rho,
                           float epsilon) {
  netgain::adadelta(InPlace(weights, new_weights), InPlace(squares, new_squares), InPlace(steps, new_steps),
                    gradient.typed_data(), weights.element_count(), *rate.typed_data(), rho, epsilon);
  return ffi::Error::Success();
}

static ffi::Error Adam(Floats weights, Floats means, Floats squares, Floats gradient, Floats rate,
                       FloatResult new_weights, FloatResult new_means, FloatResult new_squares, float beta_1,
                       float beta_2, float epsilon) {
  netgain::adam(InPlace(weights, new_weights), InPlace(means, new_means), InPlace(squares, new_squares),
                gradient.typed_data(), weights.element_count(), *rate.typed_data(), beta_1, beta_2, epsilon);
  return ffi::Error::Success();
}

#pragma GCC visibility push(default)

XLA_FFI_DEFINE_HANDLER_SYMBOL(dense_forward, DenseForward,
                              ffi::Ffi::Bind().Arg<Floats>().Arg<Floats>().Arg<Floats>().Ret<Floats>().Attr<bool>(
                                  "relu"));

XLA_FFI_DEFINE_HANDLER_SYMBOL(dense_weight_gradient, DenseWeightGradient,
                              ffi::Ffi::Bind().Arg<Floats>().Arg<Floats>().Ret<Floats>().Ret<Floats>());

XLA_FFI_DEFINE_HANDLER_SYMBOL(dense_input_gradient, DenseInputGradient,
                              ffi::Ffi::Bind().Arg<Floats>().Arg<Floats>().Ret<Floats>());

#define NETGAIN_CONVOLUTION(NAME, FUNCTION, BUFFERS)                                                 \
  XLA_FFI_DEFINE_HANDLER_SYMBOL(NAME, FUNCTION,                                                     \
                                BUFFERS.Attr<Numbers>("pool").Attr<Numbers>("strides")              \
                                    .Attr<Numbers>("padding").Attr<float>("slope"))

NETGAIN_CONVOLUTION(convolution_forward, ConvolutionForward,
                    ffi::Ffi::Bind().Arg<Floats>().Arg<Floats>().Arg<Floats>().Ret<Floats>().Ret<Places>());
NETGAIN_CONVOLUTION(convolution_at, ConvolutionAt,
                    ffi::Ffi::Bind().Arg<Floats>().Arg<Floats>().Arg<Floats>().Arg<Places>().Ret<Floats>());
NETGAIN_CONVOLUTION(convolution_weight_gradient, ConvolutionWeightGradient,
                    ffi::Ffi::Bind().Arg<Floats>().Arg<Floats>().Arg<Places>().Ret<Floats>().Ret<Floats>());
NETGAIN_CONVOLUTION(convolution_input_gradient, ConvolutionInputGradient,
                    ffi::Ffi::Bind().Arg<Floats>().Arg<Floats>().Arg<Places>().Ret<Floats>());

XLA_FFI_DEFINE_HANDLER_SYMBOL(batch_norm_forward, BatchNormForward,
                              ffi::Ffi::Bind().Arg<Floats>().Arg<Floats>().Arg<Floats>().Ret<Floats>().Ret<Floats>()
                                  .Ret<Floats>().Attr<float>("epsilon").Attr<float>("slope"));

XLA_FFI_DEFINE_HANDLER_SYMBOL(batch_norm_backward, BatchNormBackward,
                              ffi::Ffi::Bind().Arg<Floats>().Arg<Floats>().Arg<Floats>().Arg<Floats>().Arg<Floats>()
                                  .Arg<Floats>().Ret<Floats>().Ret<Floats>().Ret<Floats>().Attr<float>("epsilon")
                                  .Attr<float>("slope"));

XLA_FFI_DEFINE_HANDLER_SYMBOL(scale_rows, ScaleRows,
                              ffi::Ffi::Bind().Arg<Floats>().Arg<Floats>().Arg<Floats>().Ret<Floats>().Attr<float>(
                                  "slope"));

#define NETGAIN_RECURRENT(NAME, CELL)                                                                              \
  XLA_FFI_DEFINE_HANDLER_SYMBOL(NAME##_forward, RecurrentForward<CELL>,                                            \
                                ffi::Ffi::Bind().Arg<Floats>().Arg<Floats>().Arg<Floats>().Ret<Floats>()           \
                                    .Ret<Floats>().Ret<Floats>().Ret<Floats>().Attr<bool>("backwards"));           \
  XLA_FFI_DEFINE_HANDLER_SYMBOL(NAME##_backward, RecurrentBackward<CELL>,                                          \
                                ffi::Ffi::Bind().Arg<Floats>().Arg<Floats>().Arg<Floats>().Arg<Floats>()           \
                                    .Arg<Floats>().Arg<Floats>().Ret<Floats>().Ret<Floats>().Ret<Floats>()         \
                                    .Attr<bool>("backwards"))

NETGAIN_RECURRENT(lstm, netgain::Lstm);
NETGAIN_RECURRENT(gru, netgain::Gru);
NETGAIN_RECURRENT(simple, netgain::Simple);

XLA_FFI_DEFINE_HANDLER_SYMBOL(take_images, TakeImages,
                              ffi::Ffi::Bind()
                                  .Arg<ffi::Buffer<ffi::U8>>()
                                  .Arg<ffi::Buffer<ffi::S32>>()
                                  .Ret<Floats>()
                                  .Attr<float>("scale"));

XLA_FFI_DEFINE_HANDLER_SYMBOL(dropout, Dropout,
                              ffi::Ffi::Bind()
                                  .Arg<Floats>()
                                  .Arg<ffi::Buffer<ffi::U32>>()
                                  .Ret<Floats>()
                                  .Attr<int64_t>("threshold")
                                  .Attr<float>("scale"));

XLA_FFI_DEFINE_HANDLER_SYMBOL(descend, Descend,
                              ffi::Ffi::Bind().Arg<Floats>().Arg<Floats>().Arg<Floats>().Ret<Floats>());

#define NETGAIN_UPDATE()                                                                                   \
  ffi::Ffi::Bind().Arg<Floats>().Arg<Floats>().Arg<Floats>().Arg<Floats>().Arg<Floats>().Ret<Floats>() \
      .Ret<Floats>().Ret<Floats>()

XLA_FFI_DEFINE_HANDLER_SYMBOL(adadelta, Adadelta, NETGAIN_UPDATE().Attr<float>("rho").Attr<float>("epsilon"));

XLA_FFI_DEFINE_HANDLER_SYMBOL(adam, Adam,
                              NETGAIN_UPDATE().Attr<float>("beta_1").Attr<float>("beta_2").Attr<float>("epsilon"));

// Which of the libraries the processor can run; asked of the basic one.
extern "C" int runs_avx512() {
#if defined(__x86_64__)
  return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq") &&
         __builtin_cpu_supports("avx512vl");
#else
  return 0;
#endif
}

extern "C" int runs_avx2() {
#if defined(__x86_64__)
  return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
#else
  return 0;
#endif
}

#pragma GCC visibility pop
