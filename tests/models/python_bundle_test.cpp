// The script of docs/models.md, as it stands there, makes a bundle.
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "models/bundle.h"
#include "models/native/price_lstm.h"
#include "models/native_obstacle.h"
#include "models/probe.h"
#include "replay/file_hash.h"
#include "tests/replay/temporary_folder.h"

namespace hftsim::models {
namespace {

using ::testing::DoubleNear;
using ::testing::ElementsAre;
using ::testing::Pointwise;

// What torch itself reads from the bundle, by its own way: names, then every value as four bytes.
constexpr const char* kReadBack = R"(
extra = {"hftsim.json": "", "weights.safetensors": ""}
loaded = torch.jit.load("model.pt", _extra_files=extra)
with open("names", "w") as names, open("values", "wb") as values:
    for name, tensor in loaded.state_dict().items():
        names.write(name + "\n")
        values.write(struct.pack(f"<{tensor.numel()}f", *tensor.flatten().tolist()))
with open("hash", "w") as out:
    out.write(hashlib.sha256(extra["weights.safetensors"]).hexdigest())
assert loaded(torch.zeros(5, 60, len(features))).shape == (5,)
)";

std::string read_file(const std::filesystem::path& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

// The first Python block below the heading.
std::string documented_script() {
  const std::string text = read_file(std::filesystem::path(HFTSIM_SOURCE_DIR) / "docs/models.md");
  const std::string fence = "```python\n";
  const std::size_t begin = text.find(fence, text.find("\n## Make one in Python\n"));
  const std::size_t end = text.find("\n```\n", begin);
  return end == text.npos ? "" : text.substr(begin + fence.size(), end + 1 - begin - fence.size());
}

class PythonBundle : public ::testing::Test {
 protected:
  int python(const std::string& script) const {
    std::ofstream(folder_.path() / "script.py") << script;
    const std::string command =
        "cd '" + folder_.path().string() + "' && /usr/bin/python3 script.py >out 2>&1";
    return std::system(command.c_str());
  }

  std::string file(const char* name) const { return read_file(folder_.path() / name); }

  TemporaryFolder folder_;
};

TEST_F(PythonBundle, TheDocumentedScriptMakesOne) {
  if (python("import torch") != 0) GTEST_SKIP() << "python3-torch is absent";
  const std::string script = documented_script();
  ASSERT_NE(script, "");
  ASSERT_EQ(python(script + kReadBack), 0) << file("out");

  const ModelBundle bundle = read_bundle(folder_.path() / "model.pt");
  EXPECT_EQ(bundle.metadata.architecture, "PriceLSTM");
  EXPECT_THAT(bundle.metadata.features, ElementsAre("return_1", "volatility_20", "buy_pressure"));
  EXPECT_THAT(bundle.metadata.scaler_mean, ElementsAre(2e-6, 0.0007, 0.52));
  EXPECT_THAT(bundle.metadata.scaler_scale, ElementsAre(0.0008, 0.0003, 0.24));
  EXPECT_EQ(bundle.metadata.lookback, 60u);
  EXPECT_EQ(bundle.metadata.weights_sha256, file("hash"));
  EXPECT_EQ(bundle.sha256, sha256_of_file(folder_.path() / "model.pt"));
  EXPECT_EQ(native_obstacle(bundle), "");
  const PriceLstm native(bundle.weights, bundle.metadata.lookback);
  std::vector<float> answers(kProbeWindows);
  native.predict(probe_rows(60, 3).data(), kProbeWindows, answers.data(), 0);
  const std::vector<double> widened(answers.begin(), answers.end());
  EXPECT_THAT(bundle.metadata.probe, Pointwise(DoubleNear(1e-6), widened));

  std::string names, values;
  for (const NamedTensor& tensor : bundle.weights) {
    names += tensor.name + "\n";
    values.append(reinterpret_cast<const char*>(tensor.values.data()), tensor.values.size() * sizeof(float));
  }
  EXPECT_EQ(names, file("names"));
  EXPECT_TRUE(values == file("values"));
}

}  // namespace
}  // namespace hftsim::models
