// hftsim features --rank, as a user calls it.
#include <nlohmann/json.hpp>

#include <sstream>

#include "tests/tools/cli.h"

namespace hftsim {
namespace {

using Json = nlohmann::json;
using test::CliResult;

class FeatureRank : public test::CliTest {
 protected:
  FeatureRank() { EXPECT_EQ(hftsim("generate --bars 2000 --out bars.csv").exit_code, 0); }

  std::string rank(const std::string& more = "") const {
    const CliResult result = hftsim("features --data bars.csv --rank " + more);
    EXPECT_EQ(result.exit_code, 0) << result.err;
    EXPECT_EQ(result.err, "");
    return result.out;
  }

  void expect_refused(const std::string& arguments, const std::string& part) const {
    const CliResult result = hftsim("features " + arguments);
    EXPECT_EQ(result.exit_code, 2) << arguments;
    EXPECT_EQ(result.out, "");
    EXPECT_MENTIONS(result.err, part);
  }

  std::vector<std::string> lines_of(const std::string& text) const {
    std::vector<std::string> lines;
    std::istringstream stream(text);
    for (std::string line; std::getline(stream, line);) lines.push_back(line);
    return lines;
  }
};

TEST_F(FeatureRank, SaysWhatItLookedAtAndFitsTheTerminal) {
  const std::string text = rank();
  for (const char* part : {"bars.csv: 2000 bars, 1980 rows of 84 features", "1583 rows that would train",
                           "not looked at", "396 rows that would validate", "luck alone would give about 4",
                           "Benjamini", "Bonferroni", "keep", "redundant", "\n--features "}) {
    EXPECT_MENTIONS(text, part);
  }
  for (const std::string& line : lines_of(text)) EXPECT_LE(line.size(), 110u) << line;
  EXPECT_EQ(text.find("nan"), text.npos);
}

TEST_F(FeatureRank, EndsWithAnOptionThatCanBePasted) {
  const std::string text = rank();
  const std::string option = text.substr(text.find("\n--features ") + 1);
  write("paste.sh", "'" HFTSIM_PROGRAM "' features --data bars.csv --out kept.csv " + option);
  const int status = std::system(("cd '" + folder().string() + "' && bash paste.sh >.said 2>&1").c_str());
  EXPECT_EQ(status, 0) << read(".said");
  const Json json = Json::parse(rank("--json"));
  std::string header = "timestamp";
  for (const std::string name : json["kept"]) header += "," + name;
  EXPECT_EQ(lines_of(read("kept.csv"))[0], header);
  const std::string kept = json["features_option"];
  for (const Json& feature : Json::parse(rank("--json --features " + kept))["ranking"])
    EXPECT_EQ(feature["choice"], "keep") << feature;
}

TEST_F(FeatureRank, JsonIsAllThereIsOnStdout) {
  const Json json =
      Json::parse(rank("--json --horizon 2 --redundant 0.9 --features return_1,return_5,momentum_pct_5"));
  EXPECT_EQ(json["horizon"], 2);
  EXPECT_EQ(json["redundant"], 0.9);
  EXPECT_EQ(json["validation_split"], 0.2);
  EXPECT_EQ(json["significant"]["tests"], 3);
  EXPECT_EQ(json["ranking"].size(), 3u);
  EXPECT_TRUE(json["ranking"][0]["most_like"].is_null());
  for (const Json& feature : json["ranking"]) {
    if (feature["feature"] != "momentum_pct_5") continue;
    EXPECT_EQ(feature["choice"], "redundant");
    EXPECT_EQ(feature["most_like_kept"]["feature"], "return_5");
    EXPECT_EQ(feature["most_like_kept"]["rank_correlation"], 1.0);
  }
}

TEST_F(FeatureRank, WritesATableOfTheSame) {
  const Json json = Json::parse(rank("--json --out ranking.csv"));
  const auto lines = lines_of(read("ranking.csv"));
  ASSERT_EQ(lines.size(), 85u);
  EXPECT_EQ(lines[0],
            "rank,feature,choice,rank_correlation,correlation,p,p_adjusted,p_bonferroni,rows,non_finite,"
            "most_like,most_like_correlation,most_like_kept,most_like_kept_correlation");
  for (std::size_t i = 0; i < 84; ++i) {
    const std::string feature = json["ranking"][i]["feature"], choice = json["ranking"][i]["choice"];
    EXPECT_EQ(lines[i + 1].find(std::to_string(i + 1) + "," + feature + "," + choice + ","), 0u)
        << lines[i + 1];
  }
  expect_refused("--data bars.csv --rank --out ranking.csv", "--force");
  EXPECT_MENTIONS(rank("--out ranking.csv --force"), "ranking.csv: 84 features");
  rank("--out ranking.parquet");
  EXPECT_TRUE(exists("ranking.parquet"));
}

TEST_F(FeatureRank, WhatValidatesDoesNotChangeOneByte) {
  const std::string before = rank(), json = rank("--json");
  auto lines = lines_of(read("bars.csv"));
  // 20 bars until all features are known, 1,584 rows that train.
  for (std::size_t i = 1 + 20 + 1584; i < lines.size(); ++i) {
    const std::string time = lines[i].substr(0, lines[i].find(','));
    lines[i] = time + ",5,9,4," + (i % 2 == 0 ? "8" : "6") + ",70,3";
  }
  write("bars.csv", test::joined(lines));
  EXPECT_EQ(rank(), before);
  EXPECT_EQ(rank("--json"), json);
  std::string& last = lines[20 + 1584];  // that trains
  const std::string time = last.substr(0, last.find(','));
  last = time + ",5,9,4,8,70,3";
  write("bars.csv", test::joined(lines));
  const std::string falls = rank();
  last = time + ",5000000,9000000,4000000,8000000,70,3";
  write("bars.csv", test::joined(lines));
  EXPECT_NE(rank(), falls);
}

TEST_F(FeatureRank, AConstantFeatureHasNoNumbers) {
  const std::string text = rank("--features return_1,is_weekend");  // 2,000 minutes of one Monday and Tuesday
  EXPECT_MENTIONS(text, "is_weekend       n/a      n/a     n/a      n/a  constant\n");
  EXPECT_MENTIONS(text, "kept           1 of 2");
  EXPECT_TRUE(Json::parse(rank("--json --features is_weekend"))["ranking"][0]["p"].is_null());
}

TEST_F(FeatureRank, OverlappingLabelsCountOnce) {
  EXPECT_MENTIONS(rank("--horizon 10"),
                  "p counts 157 independent labels: neighbouring ones share 9 of 10 bars");
  EXPECT_EQ(rank().find("independent"), std::string::npos);
}

TEST_F(FeatureRank, RefusesOptionsWithoutEffectAndValuesOutOfRange) {
  const std::string features = "--data bars.csv --out f.csv ", rank = "--data bars.csv --rank ";
  for (const char* option : {"--horizon 5", "--validation-split 0.3", "--redundant 0.9", "--json"}) {
    const std::string name = std::string(option).substr(0, std::string(option).find(' '));
    expect_refused(features + option, name + ": got it without --rank, expected --rank beside it");
  }
  EXPECT_FALSE(exists("f.csv"));
  expect_refused(rank + "--dtype float32", "--dtype: got it with --rank");
  expect_refused(rank + "--list", "--list: got it with --rank");
  expect_refused(rank + "--force", "--force: got it without --out");
  expect_refused("--rank", "needs --data");
  expect_refused(rank + "--horizon 0", "horizon: got 0, expected 1 or more");
  expect_refused(rank + "--validation-split 1", "validation_split: got 1");
  expect_refused(rank + "--redundant 1.5", "redundant: got 1.5, expected above 0, at most 1");
  expect_refused(rank + "--horizon 60", "1980 rows, 1584 of them to rank on, expected at least 1860");
  expect_refused(rank + "--features retrun_1", "return_1");
  expect_refused(rank + "--out bars.csv --force", "the file that is read");
  std::vector<std::string> lines = test::good_lines(200);
  for (std::size_t i = 1; i < lines.size(); ++i) lines[i] = lines[i].substr(0, 10) + ",100,120,90,100,5,10";
  write("flat.csv", test::joined(lines));
  expect_refused("--data flat.csv --rank",
                 "143 labels of which 0 rise, expected some that rise and some that do not");
}

}  // namespace
}  // namespace hftsim
