// Recurrent layers: LSTM, GRU and the simple cell, forward and backward through time.
//
// x [B, T, F], weights [F + U, gates · U] (those of the input above those of the state), row-major. A step's input and
// the state before it stand beside each other, [B, F + U], so that a gate's sum is one product. What a gate has for
// every unit lies in panels of units, [panels][B][kPanel], zeros behind the last unit where it is a gradient: as the
// product writes it, the cell changes it in place, and the gradients' products read it again without packing.
#pragma once

#include <algorithm>

#include "cells.h"
#include "panels.h"

namespace netgain {

struct Recurrent {
  int batch, steps, inputs, units;
  bool backwards;  // the last time step first; results are in the order in which they are computed
  bool sequences;  // the state of every step is asked for, or the last one only

  int width() const { return inputs + units; }
  int panels() const { return num_panels(units); }
  int padded() const { return panels() * kPanel; }
  ptrdiff_t block() const { return static_cast<ptrdiff_t>(batch) * kPanel; }         // a gate's panel
  ptrdiff_t sums() const { return static_cast<ptrdiff_t>(panels()) * block(); }      // a gate's panels
  ptrdiff_t beside() const { return static_cast<ptrdiff_t>(batch) * width(); }       // input and state of a step
  ptrdiff_t input(int b, int t) const {  // where a step's input begins in [B, T, F]
    return (static_cast<ptrdiff_t>(b) * steps + (backwards ? steps - 1 - t : t)) * inputs;
  }
};

// What a step takes from the one before it is kept for the way back, of `kept` steps: all, or the last two, or one.
struct Kept {
  float* beside;   // [kept, B, F + U]: input and state before the step
  float* sums;     // [kept][sums][panels][B][kPanel], as the cell left them
  float* carries;  // [kept][panels][B][kPanel], of a cell that carries
  int steps;
};

template <typename Cell>
struct Step {
  Recurrent r;
  Kept kept;
  int t;

  float* beside() const { return kept.beside + t % kept.steps * r.beside(); }
  float* state(int b) const { return beside() + static_cast<ptrdiff_t>(b) * r.width() + r.inputs; }
  float* sum(int s, int panel) const {
    return kept.sums + (static_cast<ptrdiff_t>(t % kept.steps) * Cell::kSums + s) * r.sums() + panel * r.block();
  }
  float* carry(int panel) const { return kept.carries + t % kept.steps * r.sums() + panel * r.block(); }
  Step before() const { return {r, kept, t - 1}; }

  // Which rows of weights and of `beside` a sum has; before the first step the state is zero and is left out.
  std::pair<int, int> rows(int s) const {
    const int first = Cell::kSum[s].of_input ? 0 : r.inputs;
    return {first, Cell::kSum[s].of_state && t ? r.width() : std::max(first, r.inputs)};
  }
};

// Calls of(lanes, row, lane, at) for each register of a panel: of how many units, of which of the batch, the first
// unit, and where in the panel.
template <typename Function>
void each_register(const Recurrent& r, int panel, Function of) {
  const int count = columns_of(r.units, panel);
  for (int b = 0; b < r.batch; ++b) {
    for (int lane = 0; lane < count; lane += kLanes) {
      of(count - lane, b, panel * kPanel + lane, static_cast<ptrdiff_t>(b) * kPanel + lane);
    }
  }
}

// The states of a step from its sums, a panel of units; y points to the step's states, [B] rows apart by `y_row`. In two
// rounds: within one, the processor would wait for the gates before it can begin with the state.
template <typename Cell>
void new_states(const Step<Cell> step, int panel, float* y, ptrdiff_t y_row) {
  const Step<Cell> next = {step.r, step.kept, step.t + 1};
  each_register(step.r, panel, [=](int, int, int, ptrdiff_t at) __attribute__((always_inline)) {
    Vector sum[Cell::kSums], carry = {};
    for (int s = 0; s < Cell::kSums; ++s) sum[s] = load(step.sum(s, panel) + at);
    if (Cell::kCarries && step.t) carry = load(step.before().carry(panel) + at);
    Cell::open(sum, carry);
    for (int s = 0; s < Cell::kSums; ++s) store(step.sum(s, panel) + at, sum[s]);
    if (Cell::kCarries) store(step.carry(panel) + at, carry);
  });
  each_register(step.r, panel, [=](int lanes, int b, int unit, ptrdiff_t at) __attribute__((always_inline)) {
    Vector sum[Cell::kSums], carry = {};
    for (int s = 0; s < Cell::kSums; ++s) sum[s] = load(step.sum(s, panel) + at);
    if (Cell::kCarries) carry = load(step.carry(panel) + at);
    const Vector state = Cell::state(sum, carry, step.t ? load_first(step.state(b) + unit, lanes) : Vector{});
    if (!Cell::kCarries) for (int s = 0; s < Cell::kSums; ++s) store(step.sum(s, panel) + at, sum[s]);
    if (next.t < step.r.steps) store_first(next.state(b) + unit, state, lanes);
    if (y) store_first(y + b * y_row + unit, state, lanes);
  });
}

// Weights [sums][panels][F + U, kPanel], and behind them the biases [sums][panels][kPanel].
template <typename Cell>
float* pack_weights(const Recurrent& r, const float* weights, const float* bias, float* packed) {
  const int columns = Cell::kGates * r.units;
  float* starts = packed + static_cast<ptrdiff_t>(Cell::kSums) * r.padded() * r.width();
  for (int s = 0; s < Cell::kSums; ++s) {
    for (int p = 0; p < r.panels(); ++p) {
      const int at = s * r.panels() + p, first = p * kPanel, count = columns_of(r.units, p);
      pack_columns(weights + Cell::kSum[s].gate * r.units + first, columns, r.width(), count,
                   packed + static_cast<ptrdiff_t>(at) * r.width() * kPanel);
      pack_columns(bias + s * r.units + first, 0, 1, count, starts + at * kPanel);
    }
  }
  return starts;
}

// x [B, T, F] to the states y: [B, T, U] where sequences are asked for, else [B, U].
template <typename Cell>
void recurrent_forward(const Recurrent& r, const float* x, const float* weights, const float* bias, float* y,
                       const Kept& kept) {
  float* packed = scratch<1>(static_cast<size_t>(Cell::kSums) * r.padded() * (r.width() + 1));
  const float* starts = pack_weights<Cell>(r, weights, bias, packed);
  for (int t = 0; t < r.steps; ++t) {
    const Step<Cell> step = {r, kept, t};
    for (int b = 0; b < r.batch; ++b) {
      std::memcpy(step.beside() + static_cast<ptrdiff_t>(b) * r.width(), x + r.input(b, t), r.inputs * sizeof(float));
    }
    const bool asked = r.sequences || t == r.steps - 1;
    float* states = asked ? y + (r.sequences ? static_cast<ptrdiff_t>(t) * r.units : 0) : nullptr;
    for (int p = 0; p < r.panels(); ++p) {
      for (int s = 0; s < Cell::kSums; ++s) {
        const auto [first, last] = step.rows(s);
        const int at = s * r.panels() + p;
        multiply({step.beside() + first, r.width(), 0, 1,
                  packed + (static_cast<ptrdiff_t>(at) * r.width() + first) * kPanel, 0, 1, last - first,
                  starts + at * kPanel, 0, step.sum(s, p), kPanel, columns_of(r.units, p) > kLanes ? kPanel : kLanes},
                 r.batch);
      }
      new_states(step, p, states, static_cast<ptrdiff_t>(r.sequences ? r.steps : 1) * r.units);
    }
  }
}

// The gradients of a step's sums, a panel of units, and their totals over the batch. `states` [panels][B][kPanel] and
// `carries` hold the gradients of the step's state and carry by the steps after it; they get those of the ones before,
// of the state what reaches it without a product.
template <typename Cell>
void cell_gradients(const Step<Cell>& step, int panel, const float* dy, ptrdiff_t dy_row, float* states, float* carries,
                    float* gradients, float* totals) {
  const Recurrent& r = step.r;
  each_register(r, panel, [&](int lanes, int b, int unit, ptrdiff_t at) {
    Vector sum[Cell::kSums], carry = {}, carry_before = {}, before = {}, carry_gradient = {};
    for (int s = 0; s < Cell::kSums; ++s) sum[s] = load(step.sum(s, panel) + at);
    if (Cell::kCarries) {
      carry = load(step.carry(panel) + at);
      carry_gradient = load(carries + panel * r.block() + at);
    }
    if (step.t) {
      before = load_first(step.state(b) + unit, lanes);
      if (Cell::kCarries) carry_before = load(step.before().carry(panel) + at);
    }
    Vector gradient = load(states + panel * r.block() + at);
    if (dy) gradient += load_first(dy + b * dy_row + unit, lanes);
    store(states + panel * r.block() + at, Cell::backward(sum, carry, carry_before, before, gradient, carry_gradient));
    if (Cell::kCarries) store(carries + panel * r.block() + at, carry_gradient);
    for (int s = 0; s < Cell::kSums; ++s) {
      float* total = totals + s * r.padded() + unit;
      store(total, load(total) + sum[s]);
      store(gradients + s * r.sums() + panel * r.block() + at, sum[s]);
    }
  });
}

// The transposed weights of rows [first, first + count), a panel of these rows at a time, of the sums that have them:
// [panels of rows][sums][padded units][kPanel].
template <typename Cell>
void pack_transposed(const Recurrent& r, const float* weights, int first, int count, bool Sum::*has, float* packed) {
  const int columns = Cell::kGates * r.units;
  for (int p = 0; p < num_panels(count); ++p) {
    for (const Sum& sum : Cell::kSum) {
      if (!(sum.*has)) continue;
      const float* rows = weights + static_cast<ptrdiff_t>(first + p * kPanel) * columns + sum.gate * r.units;
      pack_rows(rows, columns, r.units, columns_of(count, p), packed);
      std::fill_n(packed + static_cast<ptrdiff_t>(r.units) * kPanel, (r.padded() - r.units) * kPanel, 0.0f);
      packed += static_cast<ptrdiff_t>(r.padded()) * kPanel;
    }
  }
}

// What a step's gradients are multiplied to: a state's go on top of what is there.
struct Target {
  int count;
  bool Sum::*has;
  float* out;
  ptrdiff_t row, panel;
};

template <typename Cell>
void multiply_gradients(const Recurrent& r, const float* gradients, const float* packed, const Target& target) {
  const int inner = std::min(r.units, kPanel);
  for (int p = 0; p < num_panels(target.count); ++p) {
    float* out = target.out + p * target.panel;
    const float* start = target.has == &Sum::of_state ? out : nullptr;
    for (int s = 0; s < Cell::kSums;) {
      int next = s;
      while (next < Cell::kSums && Cell::kSum[next].*target.has) ++next;  // neighbours are one product
      if (const int outer = (next - s) * r.panels()) {
        multiply({gradients + s * r.sums(), kPanel, r.block(), 1, packed, kPanel * kPanel, outer, inner, start,
                  target.row, out, target.row, columns_of(target.count, p)},
                 r.batch);
        start = out;
        packed += static_cast<ptrdiff_t>(outer) * kPanel * kPanel;
      }
      s = std::max(next, s + 1);
    }
  }
}

template <typename Cell>
void unpack_gradients(const Recurrent& r, const float* sums, const float* totals, float* weights, float* bias) {
  const int columns = Cell::kGates * r.units;
  for (int s = 0; s < Cell::kSums; ++s) {
    const int first = Cell::kSum[s].of_input ? 0 : r.inputs, last = Cell::kSum[s].of_state ? r.width() : r.inputs;
    for (int p = 0; p < r.panels(); ++p) {
      const float* from = sums + (static_cast<ptrdiff_t>(s * r.panels() + p) * r.width() + first) * kPanel;
      float* to = weights + static_cast<ptrdiff_t>(first) * columns + Cell::kSum[s].gate * r.units + p * kPanel;
      unpack_columns(from, last - first, columns_of(r.units, p), to, columns);
    }
    std::memcpy(bias + s * r.units, totals + s * r.padded(), r.units * sizeof(float));
  }
}

// dy: [B, T, U], or [B, U] of the last state; dx: [B, T, F], or null where nothing learns before this layer.
template <typename Cell>
void recurrent_backward(const Recurrent& r, const float* weights, const float* dy, const Kept& kept,
                        float* weight_gradient, float* bias_gradient, float* dx) {
  const ptrdiff_t size = static_cast<ptrdiff_t>(r.width()) * kPanel, all = static_cast<ptrdiff_t>(Cell::kSums) * r.sums();
  const ptrdiff_t packed = static_cast<ptrdiff_t>(Cell::kSums) * r.padded() * kPanel;
  float* for_state = scratch<1>(packed * (r.panels() + num_panels(r.inputs)));
  float* for_input = for_state + packed * r.panels();
  float* gradients = scratch<2>(all + 2 * r.sums());
  float *states = gradients + all, *carries = states + r.sums();
  float* sums = scratch<3>(Cell::kSums * r.panels() * (size + kPanel));
  float* totals = sums + Cell::kSums * r.panels() * size;
  pack_transposed<Cell>(r, weights, r.inputs, r.units, &Sum::of_state, for_state);
  if (dx) pack_transposed<Cell>(r, weights, 0, r.inputs, &Sum::of_input, for_input);
  std::fill_n(gradients, all + 2 * r.sums(), 0.0f);
  std::fill_n(sums, Cell::kSums * r.panels() * (size + kPanel), 0.0f);
  for (int t = r.steps - 1; t >= 0; --t) {
    const Step<Cell> step = {r, kept, t};
    const float* of_step = r.sequences ? dy + static_cast<ptrdiff_t>(t) * r.units : t == r.steps - 1 ? dy : nullptr;
    for (int p = 0; p < r.panels(); ++p) {
      cell_gradients(step, p, of_step, static_cast<ptrdiff_t>(r.sequences ? r.steps : 1) * r.units, states, carries,
                     gradients, totals);
      for (int s = 0; s < Cell::kSums; ++s) {
        const auto [first, last] = step.rows(s);
        float* sum = sums + (s * r.panels() + p) * size + static_cast<ptrdiff_t>(first) * kPanel;
        multiply({step.beside() + first, 1, 0, r.width(), gradients + s * r.sums() + p * r.block(), 0, 1, r.batch, sum,
                  kPanel, sum, kPanel, columns_of(r.units, p)},
                 last - first);
      }
    }
    if (t) multiply_gradients<Cell>(r, gradients, for_state, {r.units, &Sum::of_state, states, kPanel, r.block()});
    if (dx) {
      multiply_gradients<Cell>(
          r, gradients, for_input,
          {r.inputs, &Sum::of_input, dx + r.input(0, t), static_cast<ptrdiff_t>(r.steps) * r.inputs, kPanel});
    }
  }
  unpack_gradients<Cell>(r, sums, totals, weight_gradient, bias_gradient);
}

}  // namespace netgain
