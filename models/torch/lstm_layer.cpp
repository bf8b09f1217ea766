#include "models/torch/lstm_layer.h"

#include <ATen/ops/addmm.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/empty_like.h>
#include <ATen/ops/mm.h>
#include <ATen/ops/tanh.h>
#include <ATen/ops/zeros.h>
#include <torch/csrc/autograd/custom_function.h>

#include <cstdint>

// Says that the columns of a loop do not overlap: with a dozen of them the compiler gives up proving it.
#ifdef __clang__
#define HFTSIM_INDEPENDENT _Pragma("clang loop vectorize(assume_safety)")
#else
#define HFTSIM_INDEPENDENT _Pragma("GCC ivdep")
#endif

namespace hftsim::models {

namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

struct Size {
  std::int64_t batch, hidden;
};

// gates: (batch, 4 hidden), activated.
void step_cells(Size size, const float* gates, const float* before, float* cells) {
  for (std::int64_t b = 0; b < size.batch; ++b) {
    const float* i = gates + 4 * b * size.hidden;
    const float *f = i + size.hidden, *g = f + size.hidden;
    HFTSIM_INDEPENDENT
    for (std::int64_t k = 0; k < size.hidden; ++k) {
      const std::int64_t at = b * size.hidden + k;
      cells[at] = f[k] * before[at] + i[k] * g[k];
    }
  }
}

void step_output(Size size, const float* gates, const float* tanh_cells, float* out) {
  for (std::int64_t b = 0; b < size.batch; ++b) {
    const float* o = gates + (4 * b + 3) * size.hidden;
    HFTSIM_INDEPENDENT
    for (std::int64_t k = 0; k < size.hidden; ++k) {
      const std::int64_t at = b * size.hidden + k;
      out[at] = o[k] * tanh_cells[at];
    }
  }
}

struct BackwardStep {
  const float *gates, *cells_before, *tanh_cells, *output_gradient, *next_output_gradient;
  float *cell_gradient, *gate_gradients;  // the first: of this step's cells in, of those before out
};

void step_gradients(Size size, const BackwardStep& step) {
  const std::int64_t hidden = size.hidden;
  for (std::int64_t b = 0; b < size.batch; ++b) {
    const float *i = step.gates + 4 * b * hidden, *f = i + hidden, *g = f + hidden, *o = g + hidden;
    float *di = step.gate_gradients + 4 * b * hidden, *df = di + hidden, *dg = df + hidden,
          *d_o = dg + hidden;
    HFTSIM_INDEPENDENT
    for (std::int64_t k = 0; k < hidden; ++k) {
      const std::int64_t at = b * hidden + k;
      const float tanh_cell = step.tanh_cells[at];
      const float d_out = step.output_gradient[at] + step.next_output_gradient[at];
      const float d_cell = step.cell_gradient[at] + d_out * o[k] * (1 - tanh_cell * tanh_cell);
      di[k] = d_cell * g[k] * i[k] * (1 - i[k]);
      df[k] = d_cell * step.cells_before[at] * f[k] * (1 - f[k]);
      dg[k] = d_cell * i[k] * (1 - g[k] * g[k]);
      d_o[k] = d_out * tanh_cell * o[k] * (1 - o[k]);
      step.cell_gradient[at] = d_cell * f[k];
    }
  }
}

// All (steps, batch, n); what came before the first step is one more step of zeros in front.
struct Trace {
  at::Tensor gates, cells, tanh_cells, outputs;

  float* gates_at(std::int64_t t) const { return gates.data_ptr<float>() + t * gates.stride(0); }
  float* cells_before(std::int64_t t) const { return cells.data_ptr<float>() + t * cells.stride(0); }
  float* tanh_at(std::int64_t t) const { return tanh_cells.data_ptr<float>() + t * tanh_cells.stride(0); }
  float* output_before(std::int64_t t) const { return outputs.data_ptr<float>() + t * outputs.stride(0); }
};

void run_step(const Trace& trace, Size size, const at::Tensor& hidden_weights, std::int64_t t) {
  at::Tensor gates = trace.gates.select(0, t);
  if (t > 0) gates.addmm_(trace.outputs.select(0, t), hidden_weights.t());
  gates.narrow(1, 0, 2 * size.hidden).sigmoid_();
  gates.narrow(1, 2 * size.hidden, size.hidden).tanh_();
  gates.narrow(1, 3 * size.hidden, size.hidden).sigmoid_();
  step_cells(size, trace.gates_at(t), trace.cells_before(t), trace.cells_before(t + 1));
  at::Tensor tanh_cells = trace.tanh_cells.select(0, t);
  at::tanh_out(tanh_cells, trace.cells.select(0, t + 1));
  step_output(size, trace.gates_at(t), trace.tanh_at(t), trace.output_before(t + 1));
}

class LstmLayer : public torch::autograd::Function<LstmLayer> {
 public:
  static at::Tensor forward(AutogradContext* context, const at::Tensor& x, const at::Tensor& input_weights,
                            const at::Tensor& hidden_weights, const at::Tensor& input_bias,
                            const at::Tensor& hidden_bias) {
    const std::int64_t steps = x.size(0), hidden = hidden_weights.size(1);
    const Size size{x.size(1), hidden};
    const at::Tensor inputs = x.view({steps * size.batch, x.size(2)});
    Trace trace{at::addmm(input_bias.add(hidden_bias), inputs, input_weights.t())
                    .view({steps, size.batch, 4 * hidden}),
                at::empty({steps + 1, size.batch, hidden}, x.options()),
                at::empty({steps, size.batch, hidden}, x.options()),
                at::empty({steps + 1, size.batch, hidden}, x.options())};
    trace.cells.select(0, 0).zero_();
    trace.outputs.select(0, 0).zero_();
    for (std::int64_t t = 0; t < steps; ++t) run_step(trace, size, hidden_weights, t);
    context->save_for_backward({x, input_weights, hidden_weights});
    context->saved_data["trace"] =
        c10::List<at::Tensor>({trace.gates, trace.cells, trace.tanh_cells, trace.outputs});
    context->saved_data["wants x"] = x.requires_grad();
    return trace.outputs.narrow(0, 1, steps);
  }

  static variable_list backward(AutogradContext* context, variable_list gradients) {
    const variable_list saved = context->get_saved_variables();
    const auto kept = context->saved_data["trace"].toTensorList();
    const Trace trace{kept[0], kept[1], kept[2], kept[3]};
    const at::Tensor &x = saved[0], &input_weights = saved[1], &hidden_weights = saved[2];
    const std::int64_t steps = x.size(0), batch = x.size(1), hidden = hidden_weights.size(1);
    const at::Tensor gates = gate_gradients(trace, {batch, hidden}, hidden_weights, gradients[0].contiguous())
                                 .view({steps * batch, -1});
    const at::Tensor bias = gates.sum(0);
    const bool wants_x = context->saved_data["wants x"].toBool();
    return {wants_x ? at::mm(gates, input_weights).view_as(x) : at::Tensor(),
            at::mm(gates.t(), x.view({steps * batch, -1})),
            at::mm(gates.t(), trace.outputs.narrow(0, 0, steps).reshape({steps * batch, hidden})), bias,
            bias};
  }

 private:
  static at::Tensor gate_gradients(const Trace& trace, Size size, const at::Tensor& hidden_weights,
                                   const at::Tensor& output_gradients) {
    const at::Tensor gates = at::empty_like(trace.gates);
    at::Tensor next = at::zeros({size.batch, size.hidden}, gates.options());
    const at::Tensor cells = at::zeros({size.batch, size.hidden}, gates.options());
    const float* output_gradient = output_gradients.data_ptr<float>();
    for (std::int64_t t = gates.size(0) - 1; t >= 0; --t) {
      step_gradients(size, {trace.gates_at(t), trace.cells_before(t), trace.tanh_at(t),
                            output_gradient + t * size.batch * size.hidden, next.data_ptr<float>(),
                            cells.data_ptr<float>(), gates.data_ptr<float>() + t * gates.stride(0)});
      if (t > 0) at::mm_out(next, gates.select(0, t), hidden_weights);
    }
    return gates;
  }
};

}  // namespace

at::Tensor lstm_layer(const at::Tensor& x, const LstmWeights& weights) {
  return LstmLayer::apply(x, weights.input, weights.hidden, weights.input_bias, weights.hidden_bias);
}

}  // namespace hftsim::models
