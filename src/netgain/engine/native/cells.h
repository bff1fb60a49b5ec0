// The recurrent cells, a register of units at a time: from their sums of products to the state, and back.
#pragma once

#include "activations.h"

namespace netgain {

// One of a cell's sums: which columns of the weights it takes, of the input's rows, the state's, or both.
struct Sum {
  int gate;
  bool of_input, of_state;
};

// Hochreiter & Schmidhuber 1997 with the forget gate of Gers, Schmidhuber & Cummins 2000, in Keras' order i, f, c, o.
struct Lstm {
  static constexpr int kGates = 4, kSums = 4;
  static constexpr bool kCarries = true;
  static constexpr Sum kSum[kSums] = {{0, true, true}, {1, true, true}, {2, true, true}, {3, true, true}};

  // The sums become gates, and `carry` the new one.
  static void open(Vector (&sum)[kSums], Vector& carry) {
    sum[0] = sigmoid(sum[0]);
    sum[1] = sigmoid(sum[1]);
    sum[2] = tanh(sum[2]);
    sum[3] = sigmoid(sum[3]);
    carry = sum[1] * carry + sum[0] * sum[2];
  }

  // The new state from the gates.
  static Vector state(Vector (&sum)[kSums], Vector carry, Vector) { return sum[3] * tanh(carry); }

  // From the gradient of the state: those of the sums, in place, and of the carry before; given back is what goes to
  // the state before without a product.
  static Vector backward(Vector (&sum)[kSums], Vector carry, Vector carry_before, Vector, Vector gradient,
                         Vector& carry_gradient) {
    const Vector i = sum[0], f = sum[1], c = sum[2], o = sum[3], squashed = tanh(carry);
    const Vector through = carry_gradient + gradient * o * (1.0f - squashed * squashed);
    sum[0] = through * c * i * (1.0f - i);
    sum[1] = through * carry_before * f * (1.0f - f);
    sum[2] = through * i * (1.0f - c * c);
    sum[3] = gradient * squashed * o * (1.0f - o);
    carry_gradient = through * f;
    return Vector{};
  }
};

// Cho et al. 2014 with the reset gate after the product (Keras' reset_after), in Keras' order z, r, h. The candidate's
// two sums stay apart, since the reset gate multiplies only the state's.
struct Gru {
  static constexpr int kGates = 3, kSums = 4;
  static constexpr bool kCarries = false;
  static constexpr Sum kSum[kSums] = {{0, true, true}, {1, true, true}, {2, true, false}, {2, false, true}};

  static void open(Vector (&sum)[kSums], Vector&) {
    sum[0] = sigmoid(sum[0]);
    sum[1] = sigmoid(sum[1]);
  }

  static Vector state(Vector (&sum)[kSums], Vector, Vector before) {
    sum[2] = tanh(sum[2] + sum[1] * sum[3]);
    return sum[0] * before + (1.0f - sum[0]) * sum[2];
  }

  static Vector backward(Vector (&sum)[kSums], Vector, Vector, Vector before, Vector gradient, Vector&) {
    const Vector z = sum[0], r = sum[1], candidate = sum[2], of_state = sum[3];
    sum[0] = gradient * (before - candidate) * z * (1.0f - z);
    sum[2] = gradient * (1.0f - z) * (1.0f - candidate * candidate);
    sum[1] = sum[2] * of_state * r * (1.0f - r);
    sum[3] = sum[2] * r;
    return gradient * z;
  }
};

// Elman 1990 with tanh.
struct Simple {
  static constexpr int kGates = 1, kSums = 1;
  static constexpr bool kCarries = false;
  static constexpr Sum kSum[kSums] = {{0, true, true}};

  static void open(Vector (&)[kSums], Vector&) {}

  static Vector state(Vector (&sum)[kSums], Vector, Vector) { return sum[0] = tanh(sum[0]); }

  static Vector backward(Vector (&sum)[kSums], Vector, Vector, Vector, Vector gradient, Vector&) {
    sum[0] = gradient * (1.0f - sum[0] * sum[0]);
    return Vector{};
  }
};

}  // namespace netgain
