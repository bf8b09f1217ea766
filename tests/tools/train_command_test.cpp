// hftsim train and the backtests of what it makes, as a user calls them.
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "models/bundle.h"
#include "models/loaded_model.h"
#include "replay/journal_file.h"
#include "tests/tools/cli.h"
#include "tests/tools/model_bench.h"

namespace hftsim {
namespace {

using test::CliResult;
using Json = nlohmann::json;

constexpr const char* kSmall = " --features return_1,rsi_14,volatility_20 --lookback 10 --threads 1 ";

class Train : public test::CliTest {
 protected:
  void bars(std::size_t count) const {
    ASSERT_EQ(hftsim("generate --seed 5 --out bars.csv --bars " + std::to_string(count)).exit_code, 0);
  }

  std::string train(const std::string& out, const std::string& more = "") const {
    const CliResult result = hftsim("train --data bars.csv --out " + out + kSmall + more);
    EXPECT_EQ(result.exit_code, 0) << result.err;
    return result.out;
  }

  Json backtest(const std::string& arguments, const std::string& before = "") const {
    const CliResult result = hftsim("backtest --json --no-report --data bars.csv " + arguments, before);
    EXPECT_EQ(result.exit_code, 0) << result.err;
    return result.exit_code == 0 ? Json::parse(result.out) : Json();
  }

  std::string hash_of(const std::string& arguments) const {
    return backtest("--out none --set strategy.ml_threshold=0.5 " + arguments)["journal_hash"];
  }

  // Sends SIGINT once `line` is in what `hftsim ARGUMENTS` printed; "EXIT" and its exit code come last.
  std::string interrupted_after(const std::string& line, const std::string& arguments) const {
    write("interrupt.sh", "'" HFTSIM_PROGRAM "' " + arguments + R"( >log 2>&1 &
pid=$!
until grep -q ')" + line + R"(' log; do kill -0 $pid 2>/dev/null || break; sleep 0.01; done
kill -INT $pid
wait $pid
echo "EXIT $?" >>log
)");
    EXPECT_EQ(std::system(("cd '" + folder().string() + "' && bash interrupt.sh").c_str()), 0);
    return read("log");
  }

  // model.pt, whose forward() does this with inputs above a limit.
  void make_failing_model(const std::string& statement, const std::string& limit = "50.0") const;

  std::vector<double> predictions(const std::vector<std::string>& models,
                                  const std::string& predictor) const {
    std::vector<std::string> paths;
    for (const std::string& model : models) paths.push_back((folder() / model).string());
    return test::predictions_of(test::model_config((folder() / "bars.csv").string(), paths, predictor));
  }
};

TEST_F(Train, MakesABundleThatABacktestRuns) {
  HFTSIM_NEED_TORCH();
  bars(1500);
  const std::string text = train("model.pt", "--epochs 2");
  for (const char* part : {"epoch 1/2", "epoch 2/2", "all 2 epochs done; kept epoch", "windows", "accuracy",
                           "model.pt", "history.csv", "model.pt.checkpoint"}) {
    EXPECT_MENTIONS(text, part);
  }
  EXPECT_MENTIONS(read("history.csv"), "epoch,training_loss,validation_loss,validation_accuracy,best\n1,");
  const Json json = backtest("--out none --set model.path=model.pt");
  // 20 bars until all features are known, then 9 more until a window is full.
  EXPECT_EQ(json["model"]["predictions"], 1500 - 20 - 9);
  EXPECT_EQ(json["model"]["members"][0]["architecture"], "PriceLSTM");
  EXPECT_MENTIONS(json["model"]["members"][0]["predictor"].get<std::string>(), "native fp32");
  EXPECT_LE(json["model"]["members"][0]["probe_difference"], 1e-6);
  EXPECT_EQ(json["model"]["predictions_in_training"].get<int>() +
                json["model"]["predictions_in_validation"].get<int>(),
            1500 - 20 - 9);
  const std::string summary = hftsim("backtest --data bars.csv --out none --set model.path=model.pt").out;
  EXPECT_MENTIONS(summary, "NO FORECAST");
  EXPECT_MENTIONS(summary, " bars/s (ns per bar");
}

TEST_F(Train, TheSameSeedGivesTheSameBytesAndAnotherOthers) {
  HFTSIM_NEED_TORCH();
  bars(600);
  for (const char* folder : {"a", "b", "c"}) std::filesystem::create_directory(this->folder() / folder);
  train("a/model.pt", "--epochs 1");
  train("b/model.pt", "--epochs 1");
  train("c/model.pt", "--epochs 1 --seed 2");
  EXPECT_TRUE(read("a/model.pt") == read("b/model.pt"));
  EXPECT_FALSE(read("a/model.pt") == read("c/model.pt"));
}

TEST_F(Train, GoesOnAfterAnInterruptAsIfThereHadBeenNone) {
  HFTSIM_NEED_TORCH();
  bars(3000);
  for (const char* folder : {"a", "b"}) std::filesystem::create_directory(this->folder() / folder);
  train("a/model.pt", "--epochs 4");
  const std::string log = interrupted_after(
      "^epoch 1/4", std::string("train --data bars.csv --out b/model.pt --epochs 4") + kSmall);
  EXPECT_MENTIONS(log, "stopped in epoch ");
  EXPECT_MENTIONS(log, "EXIT 1");
  EXPECT_EQ(hftsim("model info b/model.pt").exit_code, 0);  // the best so far
  EXPECT_FALSE(read("a/model.pt") == read("b/model.pt"));
  train("b/model.pt", "--epochs 4 --resume");
  EXPECT_EQ(read("a/history.csv"), read("b/history.csv"));
  EXPECT_TRUE(read("a/model.pt") == read("b/model.pt"));
}

TEST_F(Train, AnInterruptBeforeTheFirstEpochEndsLeavesNothingNew) {
  HFTSIM_NEED_TORCH();
  bars(20'000);
  const std::string arguments = std::string("train --data bars.csv --out model.pt --epochs 4") + kSmall;
  const std::string log = interrupted_after("rows of 3 features", arguments);
  EXPECT_MENTIONS(log, "nothing was learned");
  EXPECT_MENTIONS(log, "EXIT 1");
  for (const char* file : {"model.pt", "model.pt.partial", "model.pt.checkpoint", "history.csv"}) {
    EXPECT_FALSE(exists(file)) << file;
  }
  write("model.pt", "of before");
  interrupted_after("rows of 3 features", arguments + "--force");
  EXPECT_EQ(read("model.pt"), "of before");
}

TEST_F(Train, EveryPredictorOfABundleSaysTheSame) {
  HFTSIM_NEED_TORCH();
  bars(1200);
  train("model.pt", "--epochs 1");
  const std::vector<double> native = predictions({"model.pt"}, "native");
  EXPECT_EQ(test::count_of(native), 1200U - 20 - 9);
  EXPECT_EQ(test::largest_difference(predictions({"model.pt"}, "wavefront"), native), 0);
  EXPECT_LE(test::largest_difference(predictions({"model.pt"}, "torch"), native), 1e-6);
}

TEST_F(Train, TorchRunsTheBytesThatWereCheckedWhateverBecomesOfTheFile) {
  HFTSIM_NEED_TORCH();
  bars(600);
  for (const char* folder : {"a", "b"}) std::filesystem::create_directory(this->folder() / folder);
  train("a/model.pt", "--epochs 1");
  train("b/model.pt", "--epochs 1 --seed 2 --learning-rate 0.01");
  const auto read_model = [&](const char* name) {
    return models::read_bundle(folder() / name);
  };
  const auto answers_of = [](models::ModelBundle bundle) {
    const models::LoadedModel model(std::move(bundle), {.predictor = models::PredictorChoice::torch});
    const std::vector<float> rows(10 * 3, 0.5F);
    std::vector<float> out(10);
    Executor executor;
    model.make_predictor(executor, 10)->predict(rows.data(), 10, out.data());
    return out.back();
  };
  models::ModelBundle bundle = read_model("a/model.pt");
  const float a = answers_of(bundle), b = answers_of(read_model("b/model.pt"));
  EXPECT_NE(a, b);
  std::filesystem::copy_file(folder() / "b/model.pt", folder() / "a/model.pt",
                             std::filesystem::copy_options::overwrite_existing);
  EXPECT_EQ(answers_of(std::move(bundle)), a);
}

TEST_F(Train, ATransformerRunsWithTorchAndSaysWhy) {
  HFTSIM_NEED_TORCH();
  bars(600);
  train("model.pt", "--epochs 1 --model transformer");
  const Json member = backtest("--out none --set model.path=model.pt")["model"]["members"][0];
  EXPECT_MENTIONS(member["predictor"].get<std::string>(), "torch (LibTorch");
  EXPECT_MENTIONS(member["reason"].get<std::string>(), "it is a PriceTransformer");
  const CliResult refused =
      hftsim("backtest --data bars.csv --out none --set model.path=model.pt --set model.predictor=native");
  EXPECT_EQ(refused.exit_code, 2);
  EXPECT_MENTIONS(refused.err, "model.pt: got a bundle for torch alone (it is a PriceTransformer)");
}

#define HFTSIM_NEED_PYTHON_TORCH()                                              \
  if (std::system("/usr/bin/python3 -c 'import torch' 2>/dev/null") != 0) {     \
    GTEST_SKIP() << "no torch for /usr/bin/python3: apt install python3-torch"; \
  }

// Its first answers are probabilities, as those on loading; from some bar on it fails.
constexpr const char* kFailingModel = R"(import json, sys, torch
class Failing(torch.nn.Module):
    def forward(self, x):
        top = float(x.max())
        if top > LIMIT:
            FAILURE
        return torch.full([x.size(0)], 0.5)
metadata = {"format": 1, "architecture": "Failing", "features": ["sma_5"], "lookback": 10, "horizon": 1,
            "scaler": {"mean": [100.0], "scale": [1.0]}}
torch.jit.script(Failing()).save("model.pt", _extra_files={"hftsim.json": json.dumps(metadata)})
)";

void Train::make_failing_model(const std::string& statement, const std::string& limit) const {
  std::string script = kFailingModel;
  script.replace(script.find("LIMIT"), 5, limit).replace(script.find("FAILURE"), 7, statement);
  write("make.py", script);
  ASSERT_EQ(std::system(("cd '" + folder().string() + "' && /usr/bin/python3 make.py").c_str()), 0);
}

// More than any machine gives.
constexpr const char* kTooMuch = "return torch.zeros([1 << 42])[:x.size(0)]";

TEST_F(Train, ARunWhoseModelFailsNamesItAndIsKeptUntilThere) {
  HFTSIM_NEED_TORCH();
  HFTSIM_NEED_PYTHON_TORCH();
  std::vector<std::string> lines = test::good_lines(2000);
  for (std::size_t i = 1501; i < lines.size(); ++i) lines[i].replace(lines[i].find(",120,"), 5, ",999,");
  for (std::size_t i = 1501; i < lines.size(); ++i) {
    lines[i] = lines[i].substr(0, lines[i].find(",90,")) + ",90,900,5,10";
  }
  write("bars.csv", test::joined(lines));
  struct Failure {
    const char *statement, *message;
    int exit_code;
  };
  for (const auto& [statement, message, exit_code] :
       {Failure{"raise RuntimeError('too high')", "too high", 2},
        Failure{"return torch.full([x.size(0)], 2.0)", "got 2.0", 2},
        Failure{kTooMuch, "out of memory; lower model.threads or run.block", 1}}) {
    make_failing_model(statement);
    for (const char* threads : {"inline", "pipelined"}) {
      const CliResult run =
          hftsim(std::string("backtest --data bars.csv --set model.path=model.pt --block 1 --json "
                             "--set features.list=none --no-report --force --threads ") +
                 threads + " --out " + threads);
      EXPECT_EQ(run.exit_code, exit_code) << run.err;
      EXPECT_MENTIONS(run.err, "hftsim: the model failed behind bar 1500: model.pt: ");
      EXPECT_MENTIONS(run.err, message);
      EXPECT_MENTIONS(run.err, "was kept and is marked partial");
      const Json summary = Json::parse(read(std::string(threads) + "/summary.json"));
      EXPECT_EQ(summary["bars"], 1500);
      EXPECT_TRUE(summary["partial"].get<bool>());
    }
    EXPECT_EQ(hftsim("verify inline pipelined").exit_code, 0);
  }
}

TEST_F(Train, SaysWhatToLowerWhereMemoryRunsOut) {
  HFTSIM_NEED_TORCH();
  bars(6000);
  const CliResult training =
      hftsim(std::string("train --data bars.csv --out model.pt --batch 1000000 --threads 1 "
                         "--features return_1,rsi_14 --lookback 1000 --epochs 1"),
             "ulimit -v 4000000;");
  EXPECT_EQ(training.exit_code, 1);
  EXPECT_MENTIONS(
      training.err,
      "hftsim: out of memory: lower --batch (1000000), --lookback (1000) or the number of features (2)");
  EXPECT_FALSE(exists("model.pt"));
}

TEST_F(Train, SaysWhichModelMemoryIsTooSmallFor) {
  HFTSIM_NEED_TORCH();
  HFTSIM_NEED_PYTHON_TORCH();
  bars(300);
  make_failing_model(kTooMuch, "-1000.0");
  const CliResult run =
      hftsim("backtest --data bars.csv --set model.path=model.pt --set features.list=none --out run");
  EXPECT_EQ(run.exit_code, 1);
  EXPECT_MENTIONS(run.err, "hftsim: model.pt: out of memory; lower model.threads");
  EXPECT_FALSE(exists("run"));
}

TEST_F(Train, AnEnsembleIsTheWeightedMeanOfItsMembers) {
  HFTSIM_NEED_TORCH();
  bars(600);
  for (const char* folder : {"a", "b"}) std::filesystem::create_directory(this->folder() / folder);
  train("a/model.pt", "--epochs 1");
  train("b/model.pt", "--epochs 1 --seed 2 --learning-rate 0.01");
  const std::vector<double> a = predictions({"a/model.pt"}, "auto"), b = predictions({"b/model.pt"}, "auto");
  RunConfig config =
      test::model_config((folder() / "bars.csv").string(),
                         {(folder() / "a/model.pt").string(), (folder() / "b/model.pt").string()}, "auto");
  config.model.weights = {1, 3};
  const std::vector<double> both = test::predictions_of(config);
  std::vector<double> mean(a.size());
  for (std::size_t i = 0; i < a.size(); ++i) mean[i] = (a[i] + 3 * b[i]) / 4;
  EXPECT_GT(test::largest_difference(a, b), 1e-4);
  EXPECT_LE(test::largest_difference(both, mean), 1e-15);
}

TEST_F(Train, RunsOfAModelAreTheSameBytesHoweverTheyGo) {
  HFTSIM_NEED_TORCH();
  bars(1500);
  train("model.pt", "--epochs 1");
  const std::string model = "--set model.path=model.pt ", wanted = hash_of(model);
  for (const char* how :
       {"--block 1", "--block 7", "--block 4096", "--threads pipelined", "--set model.threads=2",
        "--set model.threads=2 --threads pipelined --block 7", "--set model.predictor=native",
        "--set model.predictor=wavefront", "--set model.predictor=wavefront --threads pipelined --block 7",
        "--set features.list=none"}) {
    EXPECT_EQ(hash_of(model + how), wanted) << how;
  }
  EXPECT_NE(hash_of(""), wanted);  // the model has a say
}

TEST_F(Train, AKeptRunOfAModelRerunsAlsoWithOtherWindowsAndFewFeatures) {
  HFTSIM_NEED_TORCH();
  bars(900);
  train("model.pt", "--epochs 1 --windows 7,11");
  backtest("--out a --set model.path=model.pt");
  const CliResult again = hftsim("backtest a/config.toml --out b --no-report");
  EXPECT_EQ(again.exit_code, 0) << again.err;
  EXPECT_EQ(hftsim("verify a b").exit_code, 0);
}

TEST_F(Train, MeasuredComputeLatencyIsKeptAsANumber) {
  HFTSIM_NEED_TORCH();
  bars(900);
  train("model.pt", "--epochs 1");
  backtest("--out a --set model.path=model.pt --set execution.compute_latency=measured");
  const std::string config = read("a/config.toml");
  const std::size_t at = config.find("compute_latency = ");
  ASSERT_NE(at, config.npos);
  EXPECT_GT(std::atoll(config.c_str() + at + std::string("compute_latency = ").size()), 0) << config;
  ASSERT_EQ(hftsim("backtest a/config.toml --out b --no-report").exit_code, 0);
  EXPECT_EQ(Json::parse(read("a/summary.json"))["journal_hash"],
            Json::parse(read("b/summary.json"))["journal_hash"]);
}

std::vector<JournalRecord> records_until(const std::filesystem::path& journal, std::int64_t ts_ns) {
  JournalFileReader reader(journal);
  std::vector<JournalRecord> kept;
  for (auto records = reader.next(); !records.empty(); records = reader.next()) {
    for (const JournalRecord& record : records) {
      if (record.ts_ns <= ts_ns) kept.push_back(record);
    }
  }
  return kept;
}

// The bars of a CSV behind the first `kept` get each other's prices and volumes; times stay.
std::vector<std::string> shuffled_behind(std::vector<std::string> lines, std::size_t kept) {
  std::vector<std::string> rest;
  for (std::size_t i = kept + 1; i < lines.size(); ++i) rest.push_back(lines[i].substr(lines[i].find(',')));
  for (std::size_t i = 0; i < rest.size(); ++i) {
    std::string& line = lines[kept + 1 + i];
    line = line.substr(0, line.find(',')) + rest[(i * 577 + 311) % rest.size()];
  }
  return lines;
}

TEST_F(Train, WhatComesLaterChangesNeitherSignalNorOrder) {
  HFTSIM_NEED_TORCH();
  constexpr std::size_t kBars = 1500, kKept = 900;
  bars(kBars);
  train("model.pt", "--epochs 1");
  std::istringstream text(read("bars.csv"));
  std::vector<std::string> lines;
  for (std::string line; std::getline(text, line);) lines.push_back(line);
  ASSERT_EQ(lines.size(), kBars + 1);
  write("other.csv", test::joined(shuffled_behind(lines, kKept)));
  const std::string run =
      "backtest --no-report --set model.path=model.pt --set strategy.ml_threshold=0.5 "
      "--set risk.max_drawdown=0 ";
  ASSERT_EQ(hftsim(run + "--data bars.csv --out a").exit_code, 0);
  const CliResult other = hftsim(run + "--data other.csv --out b");
  ASSERT_EQ(other.exit_code, 0) << other.err;
  RunConfig config;
  config.data.path = {(folder() / "bars.csv").string()};
  resolve(config);
  RunData data(config);
  std::vector<Event> events(kBars);
  ASSERT_EQ(data.read(events), kBars);
  const std::int64_t until_ns = events[kKept - 1].ts_ns;
  const auto a = records_until(folder() / "a/journal", until_ns),
             b = records_until(folder() / "b/journal", until_ns);
  ASSERT_EQ(a.size(), b.size());
  ASSERT_GT(a.size(), kKept / 2);
  EXPECT_EQ(std::memcmp(a.data(), b.data(), a.size() * sizeof(JournalRecord)), 0);
  EXPECT_NE(hftsim("verify a b").exit_code, 0);  // what follows differs
}

TEST_F(Train, NativeRunsNeitherNeedNorLoadTorch) {
  HFTSIM_NEED_TORCH();
  bars(600);
  train("model.pt", "--epochs 1");
  const std::string absent = "HFTSIM_TORCH_PLUGIN=/nowhere/libhftsim_torch.so";
  for (const char* predictor : {"auto", "native", "wavefront"}) {
    const Json json = backtest(
        std::string("--out none --set model.path=model.pt --set model.predictor=") + predictor, absent);
    EXPECT_EQ(json["model"]["predictions"], 600 - 20 - 9) << predictor;
  }
  // The dynamic linker says what is loaded.
  const CliResult loaded =
      hftsim("backtest --data bars.csv --out none --set model.path=model.pt", "LD_DEBUG=files");
  EXPECT_MENTIONS(loaded.err, "libstdc++");
  EXPECT_EQ(loaded.err.find("torch"), loaded.err.npos);
  const CliResult torch =
      hftsim("backtest --data bars.csv --out none --set model.path=model.pt --set model.predictor=torch",
             "LD_DEBUG=files");
  EXPECT_MENTIONS(torch.err, "libtorch");
}

}  // namespace
}  // namespace hftsim
