#include "engine/inference/inference_stage.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "engine/core/allocation_counter.h"
#include "engine/core/rng.h"
#include "engine/inference/window_batcher.h"
#include "tests/inference/plain_model.h"

namespace hftsim::inference {
namespace {

using test::PlainModel;

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

// Bars of several instruments with made-up features; NaN in feature 0 for the first rows of each.
struct Stream {
  std::vector<std::uint32_t> instrument;  // per bar
  std::vector<std::vector<double>> row;   // per bar
  std::size_t instruments = 1;
};

Stream random_stream(std::size_t bars, std::size_t instruments, std::size_t features, std::size_t cold) {
  RandomStream random(11, "stage");
  Stream stream;
  stream.instruments = instruments;
  std::vector<std::size_t> seen(instruments);
  for (std::size_t i = 0; i < bars; ++i) {
    const auto which = static_cast<std::uint32_t>(random.below(instruments));
    std::vector<double> row(features);
    for (double& value : row) value = 3 + 2 * random.normal();
    if (seen[which]++ < cold) row[0] = kNaN;
    stream.instrument.push_back(which);
    stream.row.push_back(row);
  }
  return stream;
}

// Lays the stream into blocks as the feature stage does: an instrument's rows together.
std::vector<double> run(InferenceStage& stage, const Stream& stream, std::uint32_t block_events) {
  const auto features = static_cast<std::uint32_t>(stream.row.front().size());
  Arena arena(BlockPool::bytes_needed(1, block_events, features));
  BlockPool pool(arena, 1, block_events, features);
  Block& block = pool[0];
  std::vector<double> predictions;
  for (std::size_t begin = 0; begin < stream.row.size(); begin += block_events) {
    block.size = static_cast<std::uint32_t>(std::min<std::size_t>(block_events, stream.row.size() - begin));
    std::uint32_t next_row = 0;
    for (std::size_t k = 0; k < stream.instruments; ++k) {
      for (std::uint32_t i = 0; i < block.size; ++i) {
        if (stream.instrument[begin + i] != k) continue;
        block.row_of[i] = next_row;
        for (std::uint32_t f = 0; f < features; ++f) {
          block.features[std::size_t{f} * block.stride + next_row] = stream.row[begin + i][f];
        }
        ++next_row;
      }
    }
    for (std::uint32_t i = 0; i < block.size; ++i) {
      block.room[i].kind = EventKind::bar;
      block.room[i].ts_ns = static_cast<std::int64_t>(begin + i);  // a bar's time is its position
      block.room[i].instrument = static_cast<InstrumentId>(stream.instrument[begin + i]);
    }
    block.events = block.room.first(block.size);
    stage.process(block);
    for (std::uint32_t i = 0; i < block.size; ++i) predictions.push_back(block.predictions[block.row_of[i]]);
  }
  return predictions;
}

// One window at a time from all rows of the bar's instrument, those before its first known row left out.
std::vector<double> naive(const PlainModel& model, const StageMember& member, const Stream& stream) {
  std::vector<std::vector<float>> rows(stream.instruments);
  std::vector<bool> warm(stream.instruments);
  std::vector<double> predictions;
  for (std::size_t i = 0; i < stream.row.size(); ++i) {
    const std::uint32_t k = stream.instrument[i];
    bool known = true;
    for (const std::uint32_t slot : member.slots) known = known && !std::isnan(stream.row[i][slot]);
    warm[k] = warm[k] || known;
    double prediction = kNaN;
    if (warm[k]) {
      for (std::size_t f = 0; f < member.slots.size(); ++f) {
        const double scaled =
            (stream.row[i][member.slots[f]] - member.scaler.mean[f]) / member.scaler.scale[f];
        rows[k].push_back(std::isfinite(scaled) ? static_cast<float>(scaled) : member.scaler.non_finite);
      }
      const std::size_t wanted = std::size_t{model.lookback()} * model.features();
      if (rows[k].size() >= wanted) {
        prediction = model.value(rows[k].data() + rows[k].size() - wanted);
      }
    }
    predictions.push_back(prediction);
  }
  return predictions;
}

void expect_same(const std::vector<double>& got, const std::vector<double>& expected) {
  ASSERT_EQ(got.size(), expected.size());
  for (std::size_t i = 0; i < got.size(); ++i) {
    if (std::isnan(expected[i])) {
      ASSERT_TRUE(std::isnan(got[i])) << i;
    } else {
      ASSERT_EQ(got[i], expected[i]) << i;
    }
  }
}

class Stage : public testing::Test {
 protected:
  StageMember member(const std::shared_ptr<PlainModel>& model, std::vector<std::uint32_t> slots,
                     std::size_t instruments, double weight = 1) {
    StageMember made;
    for (const std::uint32_t slot : slots) {
      made.scaler.mean.push_back(slot + 1.0);
      made.scaler.scale.push_back(slot + 0.5);
    }
    made.scaler.non_finite = 0.25F;
    made.slots = std::move(slots);
    made.lookback = model->lookback();
    made.weight = weight;
    for (std::size_t i = 0; i < instruments; ++i) {
      made.predictors.push_back(std::make_unique<WindowBatcher>(model, executor_, 64));
    }
    return made;
  }

  std::vector<StageMember> one(StageMember made) {
    std::vector<StageMember> members;
    members.push_back(std::move(made));
    return members;
  }

  Executor executor_;
};

TEST_F(Stage, PutsBesideEveryRowWhatItsOwnWindowGivesHoweverBlocksAreCut) {
  const auto model = std::make_shared<PlainModel>(20, 3);
  for (const std::size_t instruments : {1U, 3U}) {
    const Stream stream = random_stream(600, instruments, 5, 13);
    const std::vector<double> expected = naive(*model, member(model, {4, 0, 2}, instruments), stream);
    for (const std::uint32_t block : {1U, 7U, 64U, 256U, 600U}) {
      InferenceStage stage(one(member(model, {4, 0, 2}, instruments)), instruments, block);
      expect_same(run(stage, stream, block), expected);
    }
  }
}

TEST_F(Stage, StartsWhenItsOwnInputsAreKnownWhateverElseTheRunComputes) {
  const auto model = std::make_shared<PlainModel>(4, 2);
  const Stream stream = random_stream(30, 1, 3, 13);  // feature 0 is late, and not an input
  InferenceStage stage(one(member(model, {1, 2}, 1)), 1, 8);
  const std::vector<double> got = run(stage, stream, 8);
  EXPECT_TRUE(std::isnan(got[2]));
  EXPECT_FALSE(std::isnan(got[3]));
  EXPECT_EQ(stage.predictions(), 27U);
}

TEST_F(Stage, ReplacesInputsThatStopBeingFiniteAndCountsThem) {
  const auto model = std::make_shared<PlainModel>(4, 2);
  Stream stream = random_stream(50, 1, 2, 0);
  stream.row[20][1] = kNaN;
  stream.row[21][0] = std::numeric_limits<double>::infinity();
  InferenceStage stage(one(member(model, {0, 1}, 1)), 1, 16);
  expect_same(run(stage, stream, 16), naive(*model, member(model, {0, 1}, 1), stream));
  EXPECT_EQ(stage.replaced_inputs(), 2U);
}

TEST_F(Stage, SeveralModelsGiveTheirWeightedMeanOnceAllOfThemHaveOne) {
  const auto fast = std::make_shared<PlainModel>(5, 2), slow = std::make_shared<PlainModel>(40, 3);
  const Stream stream = random_stream(200, 2, 4, 6);
  const std::vector<double> a = naive(*fast, member(fast, {0, 3}, 2), stream);
  const std::vector<double> b = naive(*slow, member(slow, {3, 2, 1}, 2), stream);
  std::vector<double> expected(a.size());
  for (std::size_t i = 0; i < a.size(); ++i) expected[i] = (1.0 * a[i] + 3.0 * b[i]) / 4.0;
  for (const std::uint32_t block : {1U, 32U}) {
    std::vector<StageMember> members;
    members.push_back(member(fast, {0, 3}, 2, 1));
    members.push_back(member(slow, {3, 2, 1}, 2, 3));
    InferenceStage stage(std::move(members), 2, block);
    expect_same(run(stage, stream, block), expected);
  }
}

// As models are that get trained anew: each has its span, and has seen the rows before it.
TEST_F(Stage, AsksAModelForItsSpanOfTimeAlone) {
  const auto first = std::make_shared<PlainModel>(10, 2), second = std::make_shared<PlainModel>(30, 2);
  for (const std::size_t instruments : {1U, 3U}) {
    // The second one's window is not full at first where it begins in the middle of three instruments' warm-up.
    for (const std::size_t cold : {0U, 25U}) {
      const Stream stream = random_stream(400, instruments, 2, cold);
      const std::vector<double> a = naive(*first, member(first, {0, 1}, instruments), stream);
      const std::vector<double> b = naive(*second, member(second, {1, 0}, instruments), stream);
      std::vector<double> expected(400, kNaN);
      std::copy(a.begin() + 50, a.begin() + 101, expected.begin() + 50);
      std::copy(b.begin() + 101, b.begin() + 380, expected.begin() + 101);
      for (const std::uint32_t block : {1U, 7U, 64U, 256U}) {
        std::vector<StageMember> members;
        members.push_back(member(first, {0, 1}, instruments));
        members.back().from_ns = 50;
        members.back().until_ns = 101;
        members.push_back(member(second, {1, 0}, instruments));
        members.back().from_ns = 101;
        members.back().until_ns = 380;
        InferenceStage stage(std::move(members), instruments, block);
        expect_same(run(stage, stream, block), expected);
      }
    }
  }
}

// Says how many rows it has had, and counts them for the test.
class CountingPredictor final : public Predictor {
 public:
  struct Counts {
    std::size_t observed = 0, predicted = 0;
  };
  explicit CountingPredictor(Counts& counts) : counts_(counts) {}

  void predict(const float*, std::size_t count, float* out) override {
    counts_.predicted += count;
    for (std::size_t i = 0; i < count; ++i) out[i] = static_cast<float>(++rows_);
  }
  void observe(const float*, std::size_t count) override {
    counts_.observed += count;
    rows_ += count;
  }

 private:
  Counts& counts_;
  std::size_t rows_ = 0;
};

TEST_F(Stage, ShowsAModelBeforeItsSpanWhatItsFirstWindowNeedsAndNothingBehindIt) {
  constexpr std::uint32_t kLookback = 10;
  const Stream stream = random_stream(1000, 1, 2, 0);
  for (const std::size_t spans : {1U, 4U, 20U}) {
    for (const std::uint32_t block : {1U, 7U, 256U}) {
      std::vector<CountingPredictor::Counts> counts(spans);
      std::vector<StageMember> members(spans);
      for (std::size_t m = 0; m < spans; ++m) {
        members[m].slots = {0, 1};
        members[m].scaler = {{0, 0}, {1, 1}, 0};
        members[m].lookback = kLookback;
        members[m].from_ns = static_cast<std::int64_t>(200 + 600 / spans * m);
        members[m].until_ns = members[m].from_ns + static_cast<std::int64_t>(600 / spans);
        members[m].predictors.push_back(std::make_unique<CountingPredictor>(counts[m]));
      }
      InferenceStage stage(std::move(members), 1, block);
      const std::vector<double> said = run(stage, stream, block);
      EXPECT_EQ(said[200], kLookback) << "the first window is full";
      for (const CountingPredictor::Counts& count : counts) {
        EXPECT_EQ(count.observed, kLookback - 1) << spans << " spans, block " << block;
        EXPECT_EQ(count.predicted, 600 / spans);
      }
    }
  }
}

TEST_F(Stage, ShowsAModelThatCarriesItsStateAllRowsBeforeItsSpan) {
  const Stream stream = random_stream(300, 1, 2, 13);
  for (const std::uint32_t block : {1U, 7U, 256U}) {
    CountingPredictor::Counts counts;
    StageMember made;
    made.slots = {1, 0};
    made.scaler = {{0, 0}, {1, 1}, 0};
    made.from_ns = 200;
    made.until_ns = 250;
    made.predictors.push_back(std::make_unique<CountingPredictor>(counts));
    InferenceStage stage(one(std::move(made)), 1, block);
    const std::vector<double> said = run(stage, stream, block);
    EXPECT_EQ(said[200], 200 - 13 + 1);
    EXPECT_EQ(counts.observed, 200U - 13);
    EXPECT_EQ(counts.predicted, 50U);
  }
}

TEST_F(Stage, CountsWhatItSaysOfBarsItsModelLearntFrom) {
  const auto model = std::make_shared<PlainModel>(10, 1);
  const Stream stream = random_stream(100, 1, 1, 0);
  std::vector<StageMember> members = one(member(model, {0}, 1));
  members[0].trained_until_ns = 59;
  members[0].validated_until_ns = 79;
  InferenceStage stage(std::move(members), 1, 16);
  run(stage, stream, 16);
  EXPECT_EQ(stage.predictions(), 91U);
  EXPECT_EQ(stage.replaced_inputs(), 0U);
  EXPECT_EQ(stage.predictions_in_training(), 51U);
  EXPECT_EQ(stage.predictions_in_validation(), 20U);
  const std::vector<double> all = naive(*model, member(model, {0}, 1), stream);
  EXPECT_EQ(stage.lowest(), *std::min_element(all.begin() + 9, all.end()));
  EXPECT_EQ(stage.highest(), *std::max_element(all.begin() + 9, all.end()));
}

TEST_F(Stage, ForgetsThePredictionsOfTheBlockBefore) {
  const auto model = std::make_shared<PlainModel>(4, 1);
  InferenceStage stage(one(member(model, {0}, 2)), 2, 8);
  Stream stream = random_stream(16, 1, 1, 0);
  stream.instruments = 2;
  for (std::size_t i = 8; i < 16; ++i) stream.instrument[i] = 1;  // whose window is empty still
  const std::vector<double> got = run(stage, stream, 8);
  EXPECT_FALSE(std::isnan(got[7]));
  EXPECT_TRUE(std::isnan(got[8]));
}

TEST_F(Stage, AllocatesNothingOnceItIsBuilt) {
  const auto model = std::make_shared<PlainModel>(20, 2);
  InferenceStage stage(one(member(model, {0, 1}, 1)), 1, 64);
  const Stream stream = random_stream(64, 1, 2, 0);
  Arena arena(BlockPool::bytes_needed(1, 64, 2));
  BlockPool pool(arena, 1, 64, 2);
  Block& block = pool[0];
  block.size = 64;
  block.events = block.room;
  for (std::uint32_t i = 0; i < 64; ++i) block.row_of[i] = i;
  const std::uint64_t before = thread_allocation_count;
  for (int i = 0; i < 10; ++i) stage.process(block);
  EXPECT_EQ(thread_allocation_count - before, 0U);
}

}  // namespace
}  // namespace hftsim::inference
