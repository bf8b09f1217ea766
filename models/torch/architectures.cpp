#include "models/torch/architectures.h"

#include <ATen/ops/empty.h>
#include <ATen/ops/full.h>

#include <cmath>
#include <cstdint>
#include <regex>
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

// LINEAR(x, prefix) in these texts is the linear layer with prefix + "weight" and prefix + "bias".
constexpr const char* kHead = R"(
def head(self, last):
    hidden = torch.dropout(torch.relu(LINEAR(last, self.fc1.)), 0.2, self.training)
    return torch.squeeze(LINEAR(hidden, self.fc2.), 1)
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

// The same with int8 weights, step by step. Outputs lie in -1..1, so that their scale is fixed.
constexpr const char* kInt8LstmLogits = R"(
def layer(self, x, weight_ih, scale_ih, bias_ih, weight_hh, scale_hh, bias_hh):
    inputs = self.int8_linear(torch.transpose(x, 0, 1), weight_ih, scale_ih, bias_ih + bias_hh)
    weight, scale = weight_hh.to(x.dtype), scale_hh / 127.0
    h = torch.zeros([x.size(0), 64], dtype=x.dtype, device=x.device)
    c = h
    outputs : List[Tensor] = []
    for t in range(x.size(1)):
        sums = torch.linear(torch.round(h * 127.0), weight)
        gates = torch.addcmul(torch.select(inputs, 0, t), sums, scale)
        i, f = torch.chunk(torch.sigmoid(torch.slice(gates, 1, 0, 128)), 2, 1)
        g = torch.tanh(torch.slice(gates, 1, 128, 192))
        c = torch.addcmul(f * c, i, g)
        h = torch.sigmoid(torch.slice(gates, 1, 192, 256)) * torch.tanh(c)
        outputs.append(h)
    return torch.stack(outputs, 1)

def logits(self, x):
    lstm = self.lstm
    first = self.layer(x, lstm.weight_ih_l0, lstm.weight_ih_l0_scale, lstm.bias_ih_l0,
                       lstm.weight_hh_l0, lstm.weight_hh_l0_scale, lstm.bias_hh_l0)
    second = self.layer(first, lstm.weight_ih_l1, lstm.weight_ih_l1_scale, lstm.bias_ih_l1,
                        lstm.weight_hh_l1, lstm.weight_hh_l1_scale, lstm.bias_hh_l1)
    return self.head(torch.select(second, 1, -1))
)";

// A row's largest value becomes 127. Sums of products of such integers are exact in float32 up to 1040 inputs, so
// that neither the other rows nor the order of the additions change a value.
constexpr const char* kInt8Linear = R"(
def int8_linear(self, x, weight, scale, bias):
    step = torch.clamp_min(torch.amax(torch.abs(x), [-1], True), 1e-30) / 127.0
    sums = torch.linear(torch.round_(x / step), weight.to(x.dtype))
    return torch.addcmul(bias, torch.mul_(sums, step), scale)
)";

constexpr const char* kTransformerHelpers = R"(
def attend(self, qkv, steps: int):
    batch, lookback = qkv.size(0), qkv.size(1)
    heads = torch.permute(torch.reshape(qkv, [batch, lookback, 3, 4, 16]), [2, 0, 3, 1, 4])
    q = torch.slice(torch.select(heads, 0, 0), 2, lookback - steps)
    weights = torch.softmax(torch.matmul(q * 0.25, torch.transpose(torch.select(heads, 0, 1), 2, 3)), -1)
    weights = torch.dropout(weights, 0.2, self.training)
    sums = torch.transpose(torch.matmul(weights, torch.select(heads, 0, 2)), 1, 2)
    return torch.reshape(sums, [batch, steps, 64])

def add_norm(self, x, y, weight, bias):
    return torch.layer_norm(x + torch.dropout(y, 0.2, self.training), [64], weight, bias, 1e-05)
)";

// STEPS: for how many steps, the last ones, the layer answers. A name of digits alone is read by getattr.
constexpr const char* kTransformerLayer = R"(
    layer = getattr(self.encoder.layers, "INDEX")
    a = self.attend(LINEAR(h, layer.self_attn.in_proj_), STEPS)
    h = self.add_norm(torch.slice(h, 1, h.size(1) - STEPS), LINEAR(a, layer.self_attn.out_proj.),
                      layer.norm1.weight, layer.norm1.bias)
    f = torch.dropout(torch.relu(LINEAR(h, layer.linear1.)), 0.2, self.training)
    h = self.add_norm(h, LINEAR(f, layer.linear2.), layer.norm2.weight, layer.norm2.bias)
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

// Only the last step of the last layer is read, so that layer answers for that step alone.
std::string transformer_source() {
  std::string source = "def logits(self, x):\n    h = LINEAR(x, self.input.) + self.positions\n";
  for (int i = 0; i < kLayers; ++i) {
    std::string layer = kTransformerLayer;
    replace_all(layer, "INDEX", std::to_string(i));
    replace_all(layer, "STEPS", i + 1 < kLayers ? "h.size(1)" : "1");
    source += layer;
  }
  return kTransformerHelpers + source + "    return self.head(torch.select(h, 1, -1))\n";
}

std::string with_linear_layers(const std::string& source, WeightKind kind) {
  static const std::regex call(R"(LINEAR\((\w+), ([\w.]+)\))");
  return std::regex_replace(source, call,
                            kind == WeightKind::float32
                                ? "torch.linear($1, $2weight, $2bias)"
                                : "self.int8_linear($1, $2weight, $2weight_scale, $2bias)");
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
}

Module make_price_lstm(const NetworkSpec& spec, const Initialiser& from) {
  Module network = make_module("PriceLSTM");
  network.register_module("lstm", make_lstm(spec.features, from));
  add_head(network, from);
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
  return network;
}

bool is_lstm(const std::string& architecture) {
  if (architecture == "PriceLSTM") return true;
  if (architecture == "PriceTransformer") return false;
  throw BadInput("architecture", "'" + architecture + "'", "PriceLSTM or PriceTransformer");
}

}  // namespace

torch::jit::Module make_script_network(const NetworkSpec& spec) {
  const Initialiser from(spec.seed);
  Module network =
      is_lstm(spec.architecture) ? make_price_lstm(spec, from) : make_price_transformer(spec, from);
  define_methods(network, spec.architecture, WeightKind::float32);
  return network;
}

void define_methods(torch::jit::Module& network, const std::string& architecture, WeightKind kind) {
  const bool lstm = is_lstm(architecture), int8 = kind == WeightKind::int8;
  if (int8) network.define(kInt8Linear);
  network.define(with_linear_layers(kHead, kind));
  network.define(lstm ? (int8 ? kInt8LstmLogits : kLstmLogits)
                      : with_linear_layers(transformer_source(), kind));
  network.define(kForward);
}

}  // namespace hftsim::models
