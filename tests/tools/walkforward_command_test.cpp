// hftsim walkforward, as a user calls it. Takes the LibTorch plugin.
#include <nlohmann/json.hpp>
#include <sstream>

#include "tests/tools/cli.h"

namespace hftsim {
namespace {

using Json = nlohmann::json;

class WalkForward : public test::CliTest {
 protected:
  static constexpr const char* kOptions =
      "walkforward --train-bars 600 --test-bars 200 --epochs 1 --lookback 5 --batch 64 --threads 1 "
      "--features return_1,volume_ratio_20 --no-report ";

  void SetUp() override { ASSERT_EQ(hftsim("generate --bars 1100 --out bars.csv").exit_code, 0); }

  std::string walk(const std::string& more) const {
    const auto result = hftsim(kOptions + more);
    EXPECT_EQ(result.exit_code, 0) << result.err;
    return result.out;
  }

  // Sends SIGINT once `file` is there.
  int interrupted_at(const std::string& file, const std::string& arguments) const {
    write("interrupt.sh", "\"$@\" &\nwhile [ ! -e " + file +
                              " ] && kill -0 $!; do sleep 0.01; done\nkill -INT $!\nwait $!\n");
    return hftsim(arguments, "bash interrupt.sh").exit_code;
  }

  std::string refusal(const std::string& arguments) const {
    const auto result = hftsim(arguments);
    EXPECT_EQ(result.exit_code, 2) << arguments << result.out;
    return result.err;
  }

  Json summary(const std::string& run) const { return Json::parse(read(run + "/summary.json")); }
};

TEST_F(WalkForward, KeepsOneRunOverAllTestsThatItsConfigRepeatsWithoutTraining) {
  const std::string text = walk("--data bars.csv --out wf --set strategy.ml_threshold=0.5");
  EXPECT_MENTIONS(text, "fold 3/3");
  EXPECT_MENTIONS(text, "all folds out of sample");
  const Json run = summary("wf");
  EXPECT_EQ(run["warmup_bars"], 619);
  EXPECT_EQ(run["bars"], 481);
  EXPECT_EQ(run["model"]["members"].size(), 3U);
  EXPECT_EQ(run["model"]["predictions"], 481) << "every test bar has one, from the first on";
  EXPECT_EQ(run["model"]["predictions_in_training"], 0);
  EXPECT_EQ(run["model"]["predictions_in_validation"], 0);
  for (const char* how : {"", "--block 1", "--block 7", "--threads pipelined --block 256",
                          "--set model.predictor=wavefront", "--set model.predictor=wavefront --block 7"}) {
    const auto again = hftsim(std::string("backtest wf/config.toml --out none --json ") + how);
    ASSERT_EQ(again.exit_code, 0) << again.err;
    EXPECT_EQ(Json::parse(again.out)["journal_hash"], run["journal_hash"]) << how;
  }
}

// `bars` with ten times and more the volume from bar `first` on.
std::string other_future(const std::string& bars, std::size_t first) {
  std::istringstream in(bars);
  std::string text, line;
  for (std::size_t number = 0; std::getline(in, line); ++number) {
    if (number > first) line.insert(line.rfind(',', line.rfind(',') - 1) + 1, "9");
    text += line + "\n";
  }
  return text;
}

// Fold 2 is trained on the bars before the 820th: whatever comes from there on, models and decisions are the same.
TEST_F(WalkForward, AFoldsModelDoesNotDependOnItsTest) {
  walk("--data bars.csv --out one");
  write("other.csv", other_future(read("bars.csv"), 820));
  walk("--data other.csv --out two");
  EXPECT_EQ(read("one/folds/fold-01.pt"), read("two/folds/fold-01.pt"));
  EXPECT_EQ(read("one/folds/fold-02.pt"), read("two/folds/fold-02.pt"));
  EXPECT_NE(read("one/folds/fold-03.pt"), read("two/folds/fold-03.pt"));
}

TEST_F(WalkForward, ARunRefusesAModelThatSpeaksOfBarsItLearntFrom) {
  walk("--data bars.csv --out wf");
  std::string config = read("wf/config.toml");
  const std::string from = "from = [\"";
  const std::size_t at = config.find(from);
  ASSERT_NE(at, std::string::npos);
  config.replace(at + from.size(), 10, "2023-01-01");
  write("early.toml", config);
  const auto result = hftsim("backtest early.toml --out none");
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_MENTIONS(result.err, "model.from");
  EXPECT_MENTIONS(result.err, "fold-01.pt");
}

TEST_F(WalkForward, RefusesWhatTheRunAsksOfItsModelsBeforeMoreThanOneIsTrained) {
  const auto result = hftsim(std::string(kOptions) +
                             "--model transformer --data bars.csv --out wf --set model.precision=int8");
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_MENTIONS(result.err, "fold-01.pt: model.precision: got int8, expected fp32: torch runs this model");
  EXPECT_TRUE(exists("wf/folds/fold-01.pt"));
  EXPECT_FALSE(exists("wf/folds/fold-02.pt"));
}

TEST_F(WalkForward, GoesOnAfterAnInterruptAsIfThereHadBeenNone) {
  const std::string options =
      "--data bars.csv --train-bars 600 --test-bars 200 --lookback 5 --batch 16 "
      "--threads 1 --features return_1,volume_ratio_20 --no-report --epochs 12 "
      "--patience 12 --set strategy.ml_threshold=0.5 ";
  ASSERT_EQ(hftsim("walkforward --out whole " + options).exit_code, 0);
  for (const char* file : {"cut/config.toml", "cut/folds/fold-01.pt.checkpoint",
                           "cut/folds/fold-02.pt.checkpoint", "cut/folds/fold-03.pt.checkpoint"}) {
    ASSERT_EQ(interrupted_at(file, "walkforward --resume --out cut " + options), 1) << file;
  }
  EXPECT_FALSE(exists("cut/summary.json")) << "the last fold was cut off as well";
  const auto resumed = hftsim("walkforward --resume --out cut " + options);
  ASSERT_EQ(resumed.exit_code, 0) << resumed.err;
  EXPECT_MENTIONS(resumed.out, "  kept: 12 epochs\n  all 12 epochs done; kept epoch ");
  EXPECT_EQ(summary("cut")["journal_hash"], summary("whole")["journal_hash"]);
  for (const char* fold : {"01", "02", "03"}) {
    for (const char* file : {".pt", ".pt.checkpoint", ".history.csv"}) {
      const std::string name = std::string("/folds/fold-") + fold + file;
      EXPECT_TRUE(read("cut" + name) == read("whole" + name)) << name;
    }
  }
}

TEST_F(WalkForward, ResumingKeepsTheModelsForAnotherRunOfThem) {
  ASSERT_EQ(hftsim(std::string(kOptions) +
                   "--data bars.csv --out wf --set model.precision=int8 --model transformer")
                .exit_code,
            2);
  const std::string first = read("wf/folds/fold-01.pt");
  EXPECT_MENTIONS(walk("--data bars.csv --out wf --model transformer --resume"),
                  "  kept: 1 epoch\n  all 1 ep");
  EXPECT_TRUE(read("wf/folds/fold-01.pt") == first);
  const Json before = summary("wf");
  EXPECT_MENTIONS(refusal(std::string(kOptions) + "--data bars.csv --out wf --model transformer --resume"),
                  "--resume: got wf, whose run came to its end");
  EXPECT_EQ(summary("wf"), before);
  walk("--data bars.csv --out wf --model transformer --resume --force --strategy breakout");
  EXPECT_EQ(summary("wf")["strategy"], "breakout");
  EXPECT_TRUE(read("wf/folds/fold-01.pt") == first);
}

TEST_F(WalkForward, ResumingRefusesOtherOptionsByNameAndTouchesNothing) {
  walk("--data bars.csv --out wf");
  std::filesystem::remove(folder() / "wf/summary.json");  // as if its run had been cut off
  const std::string config = read("wf/config.toml"), journal = read("wf/journal");
  const std::string command = std::string(kOptions) + "--data bars.csv --out wf --resume ";
  const auto other = [&](const std::string& option, const std::string& value) {
    std::string changed = command;
    const std::size_t at = changed.find(option + " ");
    if (at != changed.npos) changed.erase(at, changed.find(' ', at + option.size() + 1) + 1 - at);
    return refusal(changed + option + " " + value);
  };
  EXPECT_MENTIONS(other("--lookback", "6"), "fold-01.pt.checkpoint: lookback: got '5', expected '6'");
  EXPECT_MENTIONS(other("--epochs", "2"), "fold-01.pt.checkpoint: epochs: got '1', expected '2'");
  EXPECT_MENTIONS(other("--seed", "2"), "seed: got '1', expected '2'");
  EXPECT_MENTIONS(other("--step", "100"), "step: got '200', expected '100'");
  EXPECT_MENTIONS(other("--train-bars", "500"), "train-bars: got '600', expected '500'");
  EXPECT_EQ(read("wf/config.toml"), config);
  EXPECT_EQ(read("wf/journal"), journal);
  write("other.csv", other_future(read("bars.csv"), 100));
  EXPECT_MENTIONS(refusal(std::string(kOptions) + "--data other.csv --out wf --resume"),
                  "fold-01.pt.checkpoint: data: got '");
  EXPECT_TRUE(exists("wf/folds/fold-03.pt"));
}

TEST_F(WalkForward, ResumingDoesNotTouchARunThatIsNoWalkForward) {
  ASSERT_EQ(hftsim("backtest --data bars.csv --no-report --out run").exit_code, 0);
  EXPECT_MENTIONS(refusal(std::string(kOptions) + "--data bars.csv --out run --resume"),
                  "holds a run already");
  EXPECT_TRUE(exists("run/summary.json"));
}

TEST_F(WalkForward, RefusesPlansThatMakeNoSense) {
  for (const char* plan :
       {"--train-bars 600 --test-bars 200 --step 300", "--train-bars 5000", "--test-bars 0",
        "--train-bars 600 --lookback 2000", "--train-bars 600 --horizon 0"}) {
    const auto result =
        hftsim(std::string("walkforward --data bars.csv --features return_1 --out bad ") + plan);
    EXPECT_EQ(result.exit_code, 2) << plan;
    EXPECT_MENTIONS(result.err, "expected") << plan;
  }
}

}  // namespace
}  // namespace hftsim
