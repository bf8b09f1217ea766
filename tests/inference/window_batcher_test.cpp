#include "engine/inference/window_batcher.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>

#include "engine/bus/worker_pool.h"
#include "engine/core/rng.h"
#include "tests/inference/plain_model.h"

namespace hftsim::inference {
namespace {

using test::PlainModel;

constexpr std::uint32_t kFeatures = 3;

std::vector<float> random_rows(std::size_t count) {
  RandomStream random(5, "rows");
  std::vector<float> rows(count * kFeatures);
  for (float& value : rows) value = static_cast<float>(random.normal());
  return rows;
}

std::vector<std::uint32_t> bits(const std::vector<float>& values) {
  std::vector<std::uint32_t> all(values.size());
  std::ranges::transform(values, all.begin(), [](float v) { return std::bit_cast<std::uint32_t>(v); });
  return all;
}

// One window at a time, each copied out of all rows.
std::vector<float> one_by_one(const PlainModel& model, const std::vector<float>& rows) {
  const std::size_t count = rows.size() / kFeatures;
  std::vector<float> out(count, std::numeric_limits<float>::quiet_NaN());
  for (std::size_t i = model.lookback() - 1; i < count; ++i) {
    out[i] = model.value(rows.data() + (i + 1 - model.lookback()) * kFeatures);
  }
  return out;
}

TEST(WindowBatcher, GivesTheSameBitsHoweverTheRowsAreCutAndWhoeverHelps) {
  const std::vector<float> rows = random_rows(500);
  WorkerPool pool(3);
  Executor alone;
  for (const std::uint32_t lookback : {1U, 2U, 60U}) {
    const auto model = std::make_shared<PlainModel>(lookback, kFeatures);
    const std::vector<std::uint32_t> expected = bits(one_by_one(*model, rows));
    for (Executor* executor : {&alone, static_cast<Executor*>(&pool)}) {
      for (const std::size_t cut : {1U, 7U, 59U, 60U, 61U, 256U, 500U}) {
        for (const std::size_t room : {std::size_t{1}, std::size_t{33}, cut}) {
          WindowBatcher batcher(model, *executor, room);
          std::vector<float> out(500);
          for (std::size_t i = 0; i < 500; i += cut) {
            batcher.predict(rows.data() + i * kFeatures, std::min<std::size_t>(cut, 500 - i), out.data() + i);
          }
          ASSERT_EQ(bits(out), expected) << "lookback " << lookback << " cut " << cut << " room " << room;
        }
      }
    }
  }
}

TEST(WindowBatcher, KeepsWhatItOnlyObservedForTheWindowsAfter) {
  const std::vector<float> rows = random_rows(300);
  Executor alone;
  for (const std::uint32_t lookback : {1U, 2U, 60U}) {
    const auto model = std::make_shared<PlainModel>(lookback, kFeatures);
    const std::vector<float> expected = one_by_one(*model, rows);
    for (const std::size_t observed : {0U, 1U, 30U, 59U, 60U, 200U, 299U}) {
      WindowBatcher batcher(model, alone, 7);
      batcher.observe(rows.data(), observed / 2);
      batcher.observe(rows.data() + observed / 2 * kFeatures, observed - observed / 2);
      std::vector<float> out(300 - observed);
      batcher.predict(rows.data() + observed * kFeatures, out.size(), out.data());
      const std::vector<float> wanted(expected.begin() + static_cast<std::ptrdiff_t>(observed),
                                      expected.end());
      ASSERT_EQ(bits(out), bits(wanted)) << "lookback " << lookback << " observed " << observed;
    }
  }
}

TEST(WindowBatcher, PredictsNothingBeforeTheFirstWindowIsFull) {
  Executor alone;
  WindowBatcher batcher(std::make_shared<PlainModel>(60, kFeatures), alone, 256);
  const std::vector<float> rows = random_rows(60);
  std::vector<float> out(60);
  batcher.predict(rows.data(), 60, out.data());
  EXPECT_EQ(std::ranges::count_if(out, [](float p) { return std::isnan(p); }), 59);
  EXPECT_FALSE(std::isnan(out.back()));
}

TEST(WindowBatcher, SpreadsWindowsOverAllWorkersOfTheModel) {
  // Every worker has to meet the others before it goes on: that takes all of them at once.
  class Meeting final : public WindowModel {
   public:
    explicit Meeting(std::ptrdiff_t workers) : workers_(workers) {}
    std::uint32_t lookback() const override { return 1; }
    std::uint32_t features() const override { return kFeatures; }
    std::size_t batch() const override { return 100; }
    void predict(const float*, std::size_t windows, float* out, unsigned) const override {
      ++here_;
      while (here_ < workers_) std::this_thread::yield();
      std::fill_n(out, windows, static_cast<float>(windows));
    }

   private:
    std::ptrdiff_t workers_;
    mutable std::atomic<std::ptrdiff_t> here_{0};
  };
  WorkerPool pool(4);
  WindowBatcher batcher(std::make_shared<Meeting>(4), pool, 256);
  const std::vector<float> rows = random_rows(256);
  std::vector<float> out(256);
  batcher.predict(rows.data(), 256, out.data());
  EXPECT_EQ(out, std::vector<float>(256, 64)) << "equal shares";
}

}  // namespace
}  // namespace hftsim::inference
