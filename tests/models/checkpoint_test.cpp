#include "models/training/checkpoint.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <functional>

#include "engine/core/errors.h"
#include "engine/core/rng.h"
#include "tests/replay/temporary_folder.h"

namespace hftsim::models {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

std::string message_of(const std::function<void()>& action) {
  try {
    action();
  } catch (const BadInput& error) {
    return error.what();
  }
  return "no BadInput";
}

Checkpoint example() {
  Checkpoint checkpoint;
  checkpoint.identity = {{"seed", "7"}, {"features", "rsi_14, \"quoted\""}};
  checkpoint.history = {{1, 0.7, 1.0 / 3, 0.5, true}, {2, 0.1 + 0.2, 0.69, 0.51, false}};
  checkpoint.weights = {{"a.weight", {2, 3}, {1, 2, 3, 4, 5, 6.5F}}, {"a.bias", {}, {-1e-30F}}};
  checkpoint.best_weights = {{"a.weight", {2, 3}, {6, 5, 4, 3, 2, 1}}, {"a.bias", {}, {3}}};
  checkpoint.optimizer_state = std::string("\0\1binary\xff", 9);
  return checkpoint;
}

class CheckpointFile : public ::testing::Test {
 protected:
  std::string bytes() const {
    std::ifstream in(path_, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  void overwrite(const std::string& bytes) const { std::ofstream(path_, std::ios::binary) << bytes; }
  std::string refusal() const {
    return message_of([&] { read_checkpoint(path_); });
  }

  TemporaryFolder folder_;
  std::filesystem::path path_ = folder_.path() / "checkpoint";
};

TEST_F(CheckpointFile, GivesBackWhatWasWritten) {
  write_checkpoint(path_, example());
  const Checkpoint wanted = example(), read = read_checkpoint(path_);
  EXPECT_EQ(read.identity, wanted.identity);
  EXPECT_EQ(read.optimizer_state, wanted.optimizer_state);
  ASSERT_EQ(read.history.size(), 2u);
  EXPECT_EQ(read.history[0].validation_loss, wanted.history[0].validation_loss);
  EXPECT_EQ(read.history[1].training_loss, wanted.history[1].training_loss);
  EXPECT_TRUE(read.history[0].best && !read.history[1].best);
  for (std::size_t i = 0; i < 2; ++i) {
    EXPECT_EQ(read.weights[i].name, wanted.weights[i].name);
    EXPECT_EQ(read.weights[i].shape, wanted.weights[i].shape);
    EXPECT_EQ(read.weights[i].values, wanted.weights[i].values);
    EXPECT_EQ(read.best_weights[i].values, wanted.best_weights[i].values);
  }
  EXPECT_FALSE(std::filesystem::exists(path_.string() + ".partial"));
}

TEST_F(CheckpointFile, RefusesAFlippedBitWhereverItIsAndACutAnywhere) {
  write_checkpoint(path_, example());
  const std::string whole = bytes();
  for (std::size_t i = 0; i < whole.size(); ++i) {
    std::string damaged = whole;
    damaged[i] = static_cast<char>(damaged[i] ^ (1 << (i % 8)));
    overwrite(damaged);
    ASSERT_NE(refusal(), "no BadInput") << "byte " << i;
    overwrite(whole.substr(0, i));
    ASSERT_NE(refusal(), "no BadInput") << "cut at " << i;
  }
  overwrite(whole);
  EXPECT_EQ(refusal(), "no BadInput");
}

TEST_F(CheckpointFile, RefusesWhatIsNoCheckpoint) {
  EXPECT_THAT(refusal(), HasSubstr("No such file"));
  overwrite("a text that is longer than the header of a checkpoint");
  EXPECT_THAT(refusal(), HasSubstr("another kind of file"));
}

TEST_F(CheckpointFile, KeepsTheOldOneWhereTheNewOneCannotBeWritten) {
  write_checkpoint(path_, example());
  const std::string before = bytes();
  std::filesystem::create_directory(path_.string() + ".partial");
  EXPECT_THROW(write_checkpoint(path_, example()), std::exception);
  EXPECT_EQ(bytes(), before);
}

TEST_F(CheckpointFile, NamesTheOptionThatDiffers) {
  EXPECT_EQ(message_of([&] { expect_same_identity(path_, {{"a", "1"}}, {{"a", "1"}}); }), "no BadInput");
  EXPECT_THAT(message_of([&] {
                expect_same_identity(path_, {{"batch", "32"}}, {{"batch", "64"}});
              }),
              AllOf(HasSubstr("checkpoint: batch"), HasSubstr("'32'"), HasSubstr("'64'")));
  EXPECT_THAT(message_of([&] {
                expect_same_identity(path_, {}, {{"seed", "1"}});
              }),
              AllOf(HasSubstr("seed"), HasSubstr("nothing")));
}

}  // namespace
}  // namespace hftsim::models
