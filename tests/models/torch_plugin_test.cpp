#ifdef __SSE2__
#include <xmmintrin.h>
#endif

#include "tests/models/torch_fixture.h"

namespace hftsim::models {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::StartsWith;

class TorchPluginTest : public TorchTest {};

TEST_F(TorchPluginTest, SaysWhichLibTorchItIs) {
  EXPECT_THAT(plugin().version(), StartsWith("LibTorch "));
  EXPECT_TRUE(torch_plugin_is_installed());
}

#ifdef __SSE2__
TEST_F(TorchPluginTest, LeavesTheFloatingPointModeAsItWas) {
  const unsigned before = _mm_getcsr() & ~0x3fU;  // without the flags of what has happened
  const auto network = plugin().make_network({.features = 5, .lookback = 4});
  const auto rows = random_rows(40, 5);
  network->set_rows(rows.data(), 40);
  network->train(counted(0, 8), alternating(8));
  std::vector<float> out(8);
  network->predict(counted(0, 8), out);
  EXPECT_EQ(_mm_getcsr() & ~0x3fU, before) << "denormals or rounding changed";
}
#endif

TEST_F(TorchPluginTest, RefusesAnArchitectureThatIsNotThere) {
  EXPECT_THAT(message_of([] { plugin().make_network({.architecture = "PriceGRU"}); }),
              AllOf(HasSubstr("PriceGRU"), HasSubstr("PriceLSTM")));
}

TEST_F(TorchPluginTest, RefusesDevicesThatAreNotThere) {
  EXPECT_THAT(message_of([] { plugin().make_network({.device = "tpu"}); }), HasSubstr("tpu"));
  const std::string chosen =
      plugin().make_network({.features = 3, .lookback = 2, .device = "auto"})->device();
  if (chosen != "cpu") GTEST_SKIP() << "there is a CUDA device";
  EXPECT_THAT(message_of([] { plugin().make_network({.device = "cuda"}); }),
              AllOf(HasSubstr("cuda"), HasSubstr("cpu or auto")));
}

// The loader keeps what it loaded, so a missing plugin is looked for in a process that starts anew.
class TorchLoader : public ::testing::Test {
 protected:
  TorchLoader() { GTEST_FLAG_SET(death_test_style, "threadsafe"); }
};

TEST_F(TorchLoader, SaysWhatToInstallWhereThePluginIsMissing) {
  EXPECT_EXIT(
      {
        ::setenv("HFTSIM_TORCH_PLUGIN", "/nowhere/libhftsim_torch.so", 1);
        const std::string message = message_of([] { torch_plugin(); });
        const bool told = message.find("/nowhere/libhftsim_torch.so") != std::string::npos &&
                          message.find("apt install libtorch-dev") != std::string::npos &&
                          !torch_plugin_is_installed();
        ::_exit(told ? 0 : 1);
      },
      ::testing::ExitedWithCode(0), "");
}

TEST_F(TorchLoader, RefusesALibraryThatIsNotThePlugin) {
  EXPECT_EXIT(
      {
        ::setenv("HFTSIM_TORCH_PLUGIN", "libm.so.6", 1);
        ::_exit(message_of([] { torch_plugin(); }).find("another version") != std::string::npos ? 0 : 1);
      },
      ::testing::ExitedWithCode(0), "");
}

}  // namespace
}  // namespace hftsim::models
