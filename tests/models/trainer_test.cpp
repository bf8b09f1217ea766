#include "models/training/trainer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "engine/core/errors.h"
#include "tests/models/logistic_network.h"
#include "tests/models/training_rows.h"
#include "tests/replay/temporary_folder.h"

namespace hftsim::models {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

constexpr std::uint32_t kLookback = 4;

TrainingSet make_set(double foresight = 3, std::size_t rows = 400) {
  return make_training_set(make_rows(rows, 3, foresight).view(), {.lookback = kLookback});
}

std::string message_of(const std::function<void()>& action) {
  try {
    action();
  } catch (const BadInput& error) {
    return error.what();
  }
  return "no BadInput";
}

std::vector<float> weights_of(const TrainableNetwork& network) {
  return network.weights().front().values;
}

class TrainerTest : public ::testing::Test {
 protected:
  static LogisticNetwork make_network(double rate = 0.1) { return {3, kLookback, rate}; }

  TemporaryFolder folder_;
  std::filesystem::path checkpoint_ = folder_.path() / "checkpoint";
  TrainingSet set_ = make_set();
};

TEST_F(TrainerTest, LearnsWhatThereIsToLearn) {
  LogisticNetwork network = make_network();
  const TrainingResult result = train(network, set_, {.epochs = 20});
  EXPECT_GT(result.history.back().validation_accuracy, 0.75)
      << "feature 0 foretells, through noise of its size";
  EXPECT_LT(result.history.back().training_loss, result.history.front().training_loss);
}

TEST_F(TrainerTest, SeesEveryTrainingWindowOncePerEpochInAnOrderOfItsOwn) {
  LogisticNetwork network = make_network();
  train(network, set_, {.epochs = 2, .batch = 32});
  const std::size_t per_epoch = (set_.training.size() + 31) / 32;
  ASSERT_EQ(network.batches.size(), 2 * per_epoch);
  std::vector<std::uint32_t> epochs[2];
  for (std::size_t i = 0; i < network.batches.size(); ++i) {
    auto& epoch = epochs[i / per_epoch];
    epoch.insert(epoch.end(), network.batches[i].begin(), network.batches[i].end());
  }
  EXPECT_NE(epochs[0], epochs[1]);
  EXPECT_NE(epochs[0], set_.training.first_rows);
  for (auto& epoch : epochs) {
    std::sort(epoch.begin(), epoch.end());
    EXPECT_EQ(epoch, set_.training.first_rows);
  }
}

TEST_F(TrainerTest, GivesTheSameWeightsForTheSameSeedAndOthersForAnother) {
  LogisticNetwork first = make_network(), second = make_network(), other = make_network();
  train(first, set_, {.epochs = 3, .seed = 5});
  train(second, set_, {.epochs = 3, .seed = 5});
  train(other, set_, {.epochs = 3, .seed = 6});
  EXPECT_EQ(weights_of(first), weights_of(second));
  EXPECT_NE(weights_of(first), weights_of(other));
}

TEST_F(TrainerTest, StopsAfterItsPatienceAndKeepsTheBestEpoch) {
  const TrainingSet noise = make_set(0);
  LogisticNetwork network = make_network(1.5);  // too fast: wanders
  std::vector<std::vector<float>> after_epoch;
  TrainingObserver observer;
  observer.on_epoch = [&](const EpochRecord&) {
    after_epoch.push_back(weights_of(network));
  };
  const TrainingResult result = train(network, noise, {.epochs = 200, .patience = 4}, observer);
  EXPECT_EQ(result.end, TrainingEnd::no_improvement);
  EXPECT_EQ(result.history.size(), result.best_epoch + 4u);
  const auto best =
      std::min_element(result.history.begin(), result.history.end(),
                       [](const auto& a, const auto& b) { return a.validation_loss < b.validation_loss; });
  EXPECT_EQ(best->epoch, result.best_epoch);
  EXPECT_TRUE(best->best);
  EXPECT_EQ(weights_of(network), after_epoch[result.best_epoch - 1]);
  EXPECT_NE(weights_of(network), after_epoch.back());
  EXPECT_THAT(result.message, HasSubstr("no lower validation loss for 4 epochs; kept epoch"));
}

TEST_F(TrainerTest, GoesOnFromACheckpointAsIfNeverStopped) {
  LogisticNetwork whole = make_network();
  const TrainingResult wanted = train(whole, set_, {.epochs = 7});
  LogisticNetwork first = make_network();
  train(first, set_, {.epochs = 3, .checkpoint = checkpoint_});
  LogisticNetwork second = make_network();
  const TrainingResult result = train(second, set_, {.epochs = 7, .checkpoint = checkpoint_, .resume = true});
  EXPECT_EQ(weights_of(second), weights_of(whole));
  EXPECT_EQ(history_csv(result.history), history_csv(wanted.history));
  EXPECT_EQ(result.best_epoch, wanted.best_epoch);
}

TEST_F(TrainerTest, DoesACancelledEpochAgainAndEndsAsIfNeverStopped) {
  LogisticNetwork whole = make_network();
  train(whole, set_, {.epochs = 5});
  LogisticNetwork first = make_network();
  TrainingObserver observer;
  observer.is_cancelled = [&] {
    return first.batches.size() == 24;
  };  // in epoch 3 of ten batches each
  const TrainingResult cut = train(first, set_, {.epochs = 5, .checkpoint = checkpoint_}, observer);
  EXPECT_EQ(cut.end, TrainingEnd::cancelled);
  EXPECT_EQ(cut.history.size(), 2u);
  EXPECT_THAT(cut.message, AllOf(HasSubstr("stopped in epoch 3"), HasSubstr("kept epoch ")));
  LogisticNetwork second = make_network();
  train(second, set_, {.epochs = 5, .checkpoint = checkpoint_, .resume = true});
  EXPECT_EQ(weights_of(second), weights_of(whole));
}

TEST_F(TrainerTest, KeepsTheBestOfBeforeTheResume) {
  const TrainingSet noise = make_set(0);
  LogisticNetwork whole = make_network(1.5), first = make_network(1.5), second = make_network(1.5);
  const TrainingResult wanted = train(whole, noise, {.epochs = 200, .patience = 4});
  train(first, noise, {.epochs = wanted.best_epoch + 2, .patience = 4, .checkpoint = checkpoint_});
  const TrainingResult result =
      train(second, noise, {.epochs = 200, .patience = 4, .checkpoint = checkpoint_, .resume = true});
  EXPECT_EQ(result.best_epoch, wanted.best_epoch);
  EXPECT_EQ(weights_of(second), weights_of(whole));
}

TEST_F(TrainerTest, RefusesToResumeWithOtherOptionsOrDataByName) {
  LogisticNetwork network = make_network();
  const TrainerOptions options{
      .epochs = 2, .checkpoint = checkpoint_, .resume = true, .identity = {{"horizon", "1"}}};
  train(network, set_, options);
  const auto refusal = [&](const TrainingSet& set, const TrainerOptions& changed) {
    return message_of([&] { train(network, set, changed); });
  };
  TrainerOptions changed = options;
  changed.batch = 64;
  EXPECT_THAT(refusal(set_, changed), AllOf(HasSubstr("batch"), HasSubstr("'32'"), HasSubstr("'64'")));
  changed = options;
  changed.seed = 2;
  EXPECT_THAT(refusal(set_, changed), HasSubstr("seed"));
  changed = options;
  changed.identity["horizon"] = "5";
  EXPECT_THAT(refusal(set_, changed), HasSubstr("horizon"));
  EXPECT_THAT(refusal(make_set(0.5), options), HasSubstr("data"));
  changed = options;
  changed.epochs = 3;
  changed.patience = 2;
  EXPECT_EQ(refusal(set_, changed), "no BadInput");
}

TEST_F(TrainerTest, StartsAnewWhereThereIsNoCheckpointOrItIsNotAskedFor) {
  LogisticNetwork first = make_network(), second = make_network();
  train(first, set_, {.epochs = 2, .checkpoint = checkpoint_, .resume = true});
  EXPECT_TRUE(std::filesystem::exists(checkpoint_));
  const TrainingResult result = train(second, set_, {.epochs = 2, .seed = 9, .checkpoint = checkpoint_});
  EXPECT_EQ(result.history.size(), 2u);
  EXPECT_EQ(read_checkpoint(checkpoint_).identity.at("seed"), "9");
}

TEST_F(TrainerTest, EndsWhereTheLossIsNoNumberAndKeepsTheBest) {
  LogisticNetwork whole = make_network(), broken = make_network();
  train(whole, set_, {.epochs = 2});
  broken.nan_from = 25;
  const TrainingResult result = train(broken, set_, {.epochs = 9});
  EXPECT_EQ(result.end, TrainingEnd::diverged);
  EXPECT_THAT(result.message, AllOf(HasSubstr("loss of batch 6 of epoch 3 is nan"),
                                    HasSubstr("learning rate"), HasSubstr("kept epoch 2")));
  EXPECT_EQ(weights_of(broken), weights_of(whole));
}

TEST_F(TrainerTest, LeavesTheFirstWeightsWhereNoEpochEnded) {
  LogisticNetwork network = make_network();
  TrainingObserver observer;
  observer.is_cancelled = [&] {
    return network.batches.size() == 3;
  };
  const TrainingResult result = train(network, set_, {}, observer);
  EXPECT_EQ(result.best_epoch, 0u);
  EXPECT_THAT(result.message, HasSubstr("nothing was learned"));
  EXPECT_EQ(weights_of(network), weights_of(make_network()));
}

TEST_F(TrainerTest, TellsOfEveryBatchAndEpoch) {
  LogisticNetwork network = make_network();
  std::vector<std::size_t> done;
  std::uint32_t epochs = 0;
  TrainingObserver observer;
  observer.on_batch = [&](const TrainingProgress& progress) {
    EXPECT_EQ(progress.epochs, 2u);
    EXPECT_EQ(progress.epoch, epochs + 1);
    EXPECT_EQ(progress.batches, (set_.training.size() + 99) / 100);
    done.push_back(progress.batches_done);
  };
  observer.on_epoch = [&](const EpochRecord& record) {
    EXPECT_EQ(record.epoch, ++epochs);
  };
  train(network, set_, {.epochs = 2, .batch = 100}, observer);
  EXPECT_THAT(done, ::testing::ElementsAre(1, 2, 3, 4, 1, 2, 3, 4));
  EXPECT_EQ(epochs, 2u);
}

TEST_F(TrainerTest, WritesAHistoryThatReadsBackToTheSameBits) {
  const std::vector<EpochRecord> history{{1, 0.1 + 0.2, 1.0 / 3, 0.5, true}};
  EXPECT_EQ(history_csv(history),
            "epoch,training_loss,validation_loss,validation_accuracy,best\n"
            "1,0.30000000000000004,0.3333333333333333,0.5,1\n");
}

TEST_F(TrainerTest, RefusesOptionsOfZero) {
  LogisticNetwork network = make_network();
  EXPECT_THAT(message_of([&] { train(network, set_, {.epochs = 0}); }), HasSubstr("epochs"));
  EXPECT_THAT(message_of([&] { train(network, set_, {.patience = 0}); }), HasSubstr("patience"));
  EXPECT_THAT(message_of([&] { train(network, set_, {.batch = 0}); }), HasSubstr("batch"));
}

}  // namespace
}  // namespace hftsim::models
