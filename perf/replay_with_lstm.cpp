// Claim: a replay with a PriceLSTM on every bar does 15,000 bars per second and core at least, and 1.7 times that
// on two.
//
//   one thread    source ──▶ features ──▶ LSTM ──▶ trading core      all on one thread
//   two workers   the same; the windows of a block are shared by the calling thread and a helper
//
// Workload: 20,000 seeded bars (the argument) through 85 features, a PriceLSTM (60 rows of the 84 default inputs)
// and momentum, with fills and the hashed journal.
// Contenders: no model; one thread; two workers.
// Checked first: the hashes with the model agree, and differ from the one without; every warm window has its
// prediction. The kernel against the definition: lstm_native.cpp.
#include <cmath>
#include <cstdio>
#include <memory>

#include "engine/bus/worker_pool.h"
#include "engine/features/catalog.h"
#include "engine/inference/window_batcher.h"
#include "models/native/price_lstm.h"
#include "perf/replay_bench.h"
#include "tests/models/naive_lstm.h"

namespace hftsim::perf {
namespace {

constexpr std::uint32_t kLookback = 60, kInputs = 84, kBlock = 256;

// The default features but `trades`, which comes first; on scales that keep the gates open.
inference::StageMember member_of(const Bars& bars, const std::vector<std::string>& names) {
  features::FeatureSet set(names);
  std::vector<double> columns(names.size() * bars.events.size());
  const std::size_t cold = set.update(bars.events, columns.data(), bars.events.size());
  inference::StageMember member;
  for (std::uint32_t slot = 1; slot <= kInputs; ++slot) {
    double sum = 0, squares = 0;
    const double* column = &columns[slot * bars.events.size()];
    const auto count = static_cast<double>(bars.events.size() - cold);
    for (std::size_t i = cold; i < bars.events.size(); ++i) sum += column[i];
    for (std::size_t i = cold; i < bars.events.size(); ++i) squares += std::pow(column[i] - sum / count, 2);
    member.slots.push_back(slot);
    member.scaler.mean.push_back(sum / count);
    member.scaler.scale.push_back(squares > 0 ? std::sqrt(squares / count) : 1);
  }
  return member;
}

// Opinionated, as an untrained network is not: its head says more than 0.55 and less than 0.45.
std::vector<models::NamedTensor> weights() {
  std::vector<models::NamedTensor> all = models::random_price_lstm(kInputs, 1);
  for (models::NamedTensor& tensor : all) {
    if (tensor.name != "fc2.weight") continue;
    for (float& value : tensor.values) value *= 20;
  }
  return all;
}

class LstmReplay {
 public:
  LstmReplay(const Bars& bars, unsigned workers)
      : bars_(bars), pool_(workers), member_(member_of(bars, feature_names())) {
    models::PriceLstmOptions options;
    options.workers = workers;
    model_ = std::make_shared<models::PriceLstm>(weights(), kLookback, options);
  }

  Outcome run() {
    inference::StageMember member;
    member.slots = member_.slots;
    member.scaler = member_.scaler;
    member.predictors.push_back(std::make_unique<inference::WindowBatcher>(model_, pool_, kBlock));
    std::vector<inference::StageMember> members;
    members.push_back(std::move(member));
    inference::InferenceStage stage(std::move(members), 1, kBlock);
    PipelineOptions options;
    options.block_events = kBlock;
    Outcome outcome = replay(bars_, options, &stage);
    predictions_ = stage.predictions();
    return outcome;
  }

  std::uint64_t predictions() const { return predictions_; }

 private:
  const Bars& bars_;
  WorkerPool pool_;
  inference::StageMember member_;
  std::shared_ptr<const models::PriceLstm> model_;
  std::uint64_t predictions_ = 0;
};

void check(const Bars& bars, LstmReplay& one, LstmReplay& two) {
  const std::string hash = one.run().hash;
  require(two.run().hash == hash, "two workers decide otherwise than one");
  require(replay(bars).hash != hash, "the model changes nothing");
  constexpr std::uint64_t kCold = 20;  // bars until every default feature is known
  require(one.predictions() == bars.events.size() - kCold - (kLookback - 1),
          "a warm window has no prediction");
}

void print_rate(const char* name, const Samples& samples) {
  const Spread ns = ns_of(samples);
  double allocations = 0;
  for (const Sample& sample : samples) allocations = std::max(allocations, sample.allocations_per_event);
  std::printf("%-12s %9.0f bars/s (%.0f..%.0f)  %.2f us/bar  allocs/event %.3g  runs %zu\n", name,
              1e9 / ns.median, 1e9 / ns.high, 1e9 / ns.low, ns.median / 1e3, allocations, samples.size());
}

int run(std::uint64_t count) {
  const Bars bars = generated_bars(count);
  LstmReplay one(bars, 1), two(bars, 2);
  check(bars, one, two);
  const auto samples = take_turns({[&] { return replay(bars).sample; }, [&] { return one.run().sample; },
                                   [&] {
                                     return two.run().sample;
                                   }});
  print_rate("no model", samples[0]);
  print_rate("one thread", samples[1]);
  print_rate("two workers", samples[2]);
  const Spread gain = ratio_of(samples[1], samples[2]);
  std::printf("two workers against one: x%.2f (%.2f..%.2f)\n", gain.median, gain.low, gain.high);
  claim(">= 15,000 bars/s on one core", ns_of(samples[1]).median <= 1e9 / 15'000);
  claim(">= 1.7 times that on two", gain.median >= 1.7);
  return 0;
}

}  // namespace
}  // namespace hftsim::perf

int main(int argc, char** argv) {
  return hftsim::perf::run(hftsim::perf::count_argument(argc, argv, 20'000));
}
