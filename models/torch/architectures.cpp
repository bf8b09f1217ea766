#include "models/torch/architectures.h"

#include <ATen/ops/empty.h>
#include <ATen/ops/full.h>

#include <cmath>
#include <cstdint>
#include <vector>

#include "engine/core/errors.h"
#include "engine/core/rng.h"

namespace hftsim::models {

namespace {

using torch::jit::Module;

constexpr std::int64_t kHidden = 64;
constexpr std::int64_t kHeadHidden = 32;
constexpr std::int64_t kFeedForward = 128;
constexpr int kLayers = 2;

constexpr const char* kHead = R"(
def head(self, last):
    hidden = torch.relu(torch.linear(last, self.fc1.weight, self.fc1.bias))
    hidden = torch.dropout(hidden, 0.2, self.training)
    return torch.squeeze(torch.linear(hidden, self.fc2.weight, self.fc2.bias), 1)
)";

constexpr const char* kLstmLogits = R"(
def logits(self, x):
    start = torch.zeros([2, x.size(0), 64], dtype=x.dtype, device=x.device)
    lstm = self.lstm
    weights = [lstm.weight_ih_l0, lstm.weight_hh_l0, lstm.bias_ih_l0, lstm.bias_hh_l0,
               lstm.weight_ih_l1, lstm.weight_hh_l1, lstm.bias_ih_l1, lstm.bias_hh_l1]
    outputs, h, c = torch.lstm(x, [start, start], weights, True, 2, 0.2, self.training, False, True)
    return self.head(torch.select(outputs, 1, -1))
)";

// Only the last step of the last layer is read, so that layer answers for that step alone.
constexpr const char* kTransformerLogits = R"(
def attend(self, x, queries, in_weight, in_bias, out_weight, out_bias):
    batch, steps, width = x.size(0), queries.size(1), 64
    q = torch.linear(queries, torch.slice(in_weight, 0, 0, 64), torch.slice(in_bias, 0, 0, 64))
    kv = torch.linear(x, torch.slice(in_weight, 0, 64, 192), torch.slice(in_bias, 0, 64, 192))
    q = torch.transpose(torch.reshape(q, [batch, steps, 4, 16]), 1, 2) * 0.25
    kv = torch.permute(torch.reshape(kv, [batch, x.size(1), 2, 4, 16]), [2, 0, 3, 1, 4])
    weights = torch.softmax(torch.matmul(q, torch.transpose(torch.select(kv, 0, 0), 2, 3)), -1)
    weights = torch.dropout(weights, 0.2, self.training)
    heads = torch.transpose(torch.matmul(weights, torch.select(kv, 0, 1)), 1, 2)
    return torch.linear(torch.reshape(heads, [batch, steps, width]), out_weight, out_bias)

def feed_forward(self, x, weight1, bias1, weight2, bias2):
    hidden = torch.dropout(torch.relu(torch.linear(x, weight1, bias1)), 0.2, self.training)
    return torch.linear(hidden, weight2, bias2)

def logits(self, x):
    h = torch.linear(x, self.input.weight, self.input.bias) + self.positions
    for_layer_0 = h
    LAYER(0)
    for_layer_1 = torch.slice(h, 1, -1)
    LAYER(1)
    return self.head(torch.select(h, 1, -1))
)";

// `layer` and what it answers for; a name of digits alone is read by getattr.
constexpr const char* kTransformerLayer = R"(
    layer = getattr(self.encoder.layers, "INDEX")
    attention = layer.self_attn
    a = self.attend(h, for_layer_INDEX, attention.in_proj_weight, attention.in_proj_bias,
                    attention.out_proj.weight, attention.out_proj.bias)
    a = for_layer_INDEX + torch.dropout(a, 0.2, self.training)
    a = torch.layer_norm(a, [64], layer.norm1.weight, layer.norm1.bias, 1e-05)
    f = self.feed_forward(a, layer.linear1.weight, layer.linear1.bias, layer.linear2.weight, layer.linear2.bias)
    f = a + torch.dropout(f, 0.2, self.training)
    h = torch.layer_norm(f, [64], layer.norm2.weight, layer.norm2.bias, 1e-05)
)";

constexpr const char* kForward = R"(
def forward(self, x):
    return torch.sigmoid(self.logits(x))
)";

void replace_all(std::string& text, const std::string& what, const std::string& by) {
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + by.size())) {
    text.replace(at, what.size(), by);
  }
}

std::string transformer_source() {
  std::string source = kTransformerLogits;
  for (int i = 0; i < kLayers; ++i) {
    const std::string index = std::to_string(i);
    std::string layer = kTransformerLayer;
    replace_all(layer, "INDEX", index);
    replace_all(source, "    LAYER(" + index + ")\n", layer);
  }
  return source;
}

Module make_module(const std::string& type) {
  Module module("__torch__.hftsim." + type);
  module.register_attribute("training", c10::BoolType::get(), true);
  return module;
}

// Fills parameters from streams named after them.
class Initialiser {
 public:
  explicit Initialiser(std::uint64_t seed) : seed_(seed) {}

  at::Tensor uniform(const std::string& name, std::vector<std::int64_t> shape, double bound) const {
    RandomStream random(seed_, "parameter " + name);
    const at::Tensor values = at::empty(shape, c10::kFloat);
    float* data = values.data_ptr<float>();
    for (std::int64_t i = 0; i < values.numel(); ++i) {
      data[i] = static_cast<float>((2 * random.uniform() - 1) * bound);
    }
    return values;
  }

 private:
  std::uint64_t seed_;
};

void add_parameter(Module& module, const std::string& name, at::Tensor values) {
  module.register_parameter(name, values.set_requires_grad(true), false);
}

// torch.nn.Linear: weight and bias uniform in +-1/sqrt(inputs).
Module make_linear(const std::string& name, std::int64_t inputs, std::int64_t outputs,
                   const Initialiser& from) {
  Module linear = make_module("Linear");
  const double bound = 1 / std::sqrt(static_cast<double>(inputs));
  add_parameter(linear, "weight", from.uniform(name + ".weight", {outputs, inputs}, bound));
  add_parameter(linear, "bias", from.uniform(name + ".bias", {outputs}, bound));
  return linear;
}

Module make_norm() {
  Module norm = make_module("LayerNorm");
  add_parameter(norm, "weight", at::full({kHidden}, 1.0F, c10::kFloat));
  add_parameter(norm, "bias", at::full({kHidden}, 0.0F, c10::kFloat));
  return norm;
}

// torch.nn.LSTM: all uniform in +-1/sqrt(hidden).
Module make_lstm(std::int64_t features, const Initialiser& from) {
  Module lstm = make_module("LSTM");
  const double bound = 1 / std::sqrt(static_cast<double>(kHidden));
  for (int layer = 0; layer < kLayers; ++layer) {
    const std::string end = "_l" + std::to_string(layer);
    const auto add = [&](const std::string& name, std::vector<std::int64_t> shape) {
      add_parameter(lstm, name + end, from.uniform("lstm." + name + end, std::move(shape), bound));
    };
    add("weight_ih", {4 * kHidden, layer == 0 ? features : kHidden});
    add("weight_hh", {4 * kHidden, kHidden});
    add("bias_ih", {4 * kHidden});
    add("bias_hh", {4 * kHidden});
  }
  return lstm;
}

// torch.nn.MultiheadAttention: the projections in by Glorot's bound, biases zero.
Module make_attention(const std::string& name, const Initialiser& from) {
  Module attention = make_module("MultiheadAttention");
  const double bound = std::sqrt(6 / static_cast<double>(kHidden + 3 * kHidden));
  add_parameter(attention, "in_proj_weight",
                from.uniform(name + ".in_proj_weight", {3 * kHidden, kHidden}, bound));
  add_parameter(attention, "in_proj_bias", at::full({3 * kHidden}, 0.0F, c10::kFloat));
  Module out = make_linear(name + ".out_proj", kHidden, kHidden, from);
  out.attr("bias").toTensor().data().zero_();
  attention.register_module("out_proj", out);
  return attention;
}

Module make_encoder_layer(const std::string& name, const Initialiser& from) {
  Module layer = make_module("TransformerEncoderLayer");
  layer.register_module("self_attn", make_attention(name + ".self_attn", from));
  layer.register_module("linear1", make_linear(name + ".linear1", kHidden, kFeedForward, from));
  layer.register_module("linear2", make_linear(name + ".linear2", kFeedForward, kHidden, from));
  layer.register_module("norm1", make_norm());
  layer.register_module("norm2", make_norm());
  return layer;
}

// sin and cos of step / 10000^(2k / 64), in turn.
at::Tensor sinusoidal_positions(std::int64_t lookback) {
  const at::Tensor positions = at::empty({lookback, kHidden}, c10::kFloat);
  float* out = positions.data_ptr<float>();
  for (std::int64_t step = 0; step < lookback; ++step) {
    for (std::int64_t k = 0; k < kHidden; k += 2) {
      const double angle = static_cast<double>(step) * std::exp(-std::log(10000.0) * static_cast<double>(k) /
                                                                static_cast<double>(kHidden));
      *out++ = static_cast<float>(std::sin(angle));
      *out++ = static_cast<float>(std::cos(angle));
    }
  }
  return positions;
}

void add_head(Module& network, const Initialiser& from) {
  network.register_module("fc1", make_linear("fc1", kHidden, kHeadHidden, from));
  network.register_module("fc2", make_linear("fc2", kHeadHidden, 1, from));
  network.define(kHead);
}

Module make_price_lstm(const NetworkSpec& spec, const Initialiser& from) {
  Module network = make_module("PriceLSTM");
  network.register_module("lstm", make_lstm(spec.features, from));
  add_head(network, from);
  network.define(kLstmLogits);
  network.define(kForward);
  return network;
}

Module make_price_transformer(const NetworkSpec& spec, const Initialiser& from) {
  Module network = make_module("PriceTransformer");
  network.register_module("input", make_linear("input", spec.features, kHidden, from));
  network.register_buffer("positions", sinusoidal_positions(spec.lookback));
  Module layers = make_module("ModuleList");
  for (int i = 0; i < kLayers; ++i) {
    const std::string index = std::to_string(i);
    layers.register_module(index, make_encoder_layer("encoder.layers." + index, from));
  }
  Module encoder = make_module("TransformerEncoder");
  encoder.register_module("layers", layers);
  network.register_module("encoder", encoder);
  add_head(network, from);
  network.define(transformer_source());
  network.define(kForward);
  return network;
}

}  // namespace

torch::jit::Module make_script_network(const NetworkSpec& spec) {
  const Initialiser from(spec.seed);
  if (spec.architecture == "PriceLSTM") return make_price_lstm(spec, from);
  if (spec.architecture == "PriceTransformer") return make_price_transformer(spec, from);
  throw BadInput("architecture", "'" + spec.architecture + "'", "PriceLSTM or PriceTransformer");
}

}  // namespace hftsim::models
