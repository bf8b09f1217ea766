// Claim: an epoch of training here takes no longer than the same network in Python (torch.nn, Adam, batches as
// slices of one view), with the same LibTorch, rows, batches and threads.
//
// Workload: COUNT windows of 60 rows of 84 features, batches of 32, one thread; PriceLSTM and PriceTransformer.
// Contenders: the plugin's TrainableNetwork; perf/peers/torch_train.py in a process of its own, told by pipe when
// to run its epoch, so that the two take turns. Checked: after the rounds both losses have fallen.
// Needs the plugin and /usr/bin/python3 with torch.
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <numeric>

#include "engine/core/errors.h"
#include "engine/core/rng.h"
#include "models/torch_loader.h"
#include "perf/bench.h"

namespace {

using namespace hftsim;

constexpr std::uint32_t kFeatures = 84, kLookback = 60, kBatch = 32;

// A process that answers lines with lines.
class Peer {
 public:
  explicit Peer(std::vector<std::string> command) {
    int to[2], from[2];
    perf::require(::pipe(to) == 0 && ::pipe(from) == 0, "no pipes");
    child_ = ::fork();
    if (child_ == 0) run(command, to, from);
    ::close(to[0]);
    ::close(from[1]);
    to_ = ::fdopen(to[1], "w");
    from_ = ::fdopen(from[0], "r");
  }
  ~Peer() {
    std::fclose(to_);
    std::fclose(from_);
    ::waitpid(child_, nullptr, 0);
  }
  Peer(const Peer&) = delete;
  Peer& operator=(const Peer&) = delete;

  struct Epoch {
    double ns = 0, loss = 0;
  };
  Epoch epoch() {
    std::fputs("epoch\n", to_);
    std::fflush(to_);
    Epoch epoch;
    perf::require(std::fscanf(from_, "%lf %lf", &epoch.ns, &epoch.loss) == 2, "the peer does not answer");
    return epoch;
  }

 private:
  [[noreturn]] static void run(std::vector<std::string>& command, const int (&to)[2], const int (&from)[2]) {
    ::dup2(to[0], STDIN_FILENO);
    ::dup2(from[1], STDOUT_FILENO);
    for (const int fd : {to[0], to[1], from[0], from[1]}) ::close(fd);
    std::vector<char*> arguments;
    for (std::string& word : command) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    ::execv(arguments[0], arguments.data());
    ::_exit(127);
  }

  pid_t child_ = -1;
  std::FILE *to_ = nullptr, *from_ = nullptr;
};

std::vector<float> make_rows(std::size_t count) {
  RandomStream random(1, "rows to train on");
  std::vector<float> rows(count * kFeatures);
  for (float& value : rows) value = static_cast<float>(random.normal());
  return rows;
}

double train_epoch(models::TrainableNetwork& network, const std::vector<std::uint32_t>& firsts,
                   const std::vector<float>& labels) {
  double sum = 0;
  for (std::size_t i = 0; i < firsts.size(); i += kBatch) {
    const std::size_t count = std::min<std::size_t>(kBatch, firsts.size() - i);
    sum += network.train(std::span(firsts).subspan(i, count), std::span(labels).subspan(i, count)) *
           static_cast<double>(count);
  }
  return sum / static_cast<double>(firsts.size());
}

void compare(const std::string& architecture, const std::vector<float>& rows, const std::string& rows_file) {
  const std::size_t row_count = rows.size() / kFeatures, windows = row_count - kLookback + 1;
  std::vector<std::uint32_t> firsts(windows);
  std::iota(firsts.begin(), firsts.end(), 0U);
  std::vector<float> labels(windows);
  for (std::size_t i = 0; i < windows; ++i) labels[i] = static_cast<float>(i % 2);
  const auto network = models::torch_plugin().make_network({.architecture = architecture});
  network->set_rows(rows.data(), row_count);
  Peer peer({"/usr/bin/python3", HFTSIM_TORCH_TRAIN_PEER, architecture, rows_file, std::to_string(kFeatures),
             std::to_string(kLookback), std::to_string(kBatch), "1", std::to_string(windows)});

  std::vector<double> here, there;
  const auto turns = perf::take_turns(
      {[&] {
         const Peer::Epoch epoch = peer.epoch();
         there.push_back(epoch.loss);
         return perf::Sample{epoch.ns / static_cast<double>(windows), 0};
       },
       [&] {
         return perf::timed(windows, [&] { here.push_back(train_epoch(*network, firsts, labels)); });
       }});
  perf::require(here.back() < here.front() && there.back() < there.front(), "a loss does not fall");
  const perf::Spread ratio =
      perf::print("train_epoch_python_vs_here", architecture + ", ns per window", turns[0], turns[1]);
  perf::claim("an epoch here takes no longer than in Python", ratio.median >= 1);
}

int run(int argc, char** argv) {
  const std::size_t windows = perf::count_argument(argc, argv, 1024);
  const auto rows = make_rows(windows + kLookback - 1);
  const auto file =
      std::filesystem::temp_directory_path() / ("hftsim-train-epoch-" + std::to_string(::getpid()));
  std::ofstream(file, std::ios::binary)
      .write(reinterpret_cast<const char*>(rows.data()),
             static_cast<std::streamsize>(rows.size() * sizeof(float)));
  std::printf("%s, one thread, batches of %u\n", models::torch_plugin().version().c_str(), kBatch);
  for (const char* architecture : {"PriceLSTM", "PriceTransformer"})
    compare(architecture, rows, file.string());
  std::filesystem::remove(file);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  ::setenv("HFTSIM_TORCH_PLUGIN", HFTSIM_TORCH_PLUGIN_FILE, 0);
  ::setenv("OPENBLAS_NUM_THREADS", "1", 0);  // the peer's as well
  if (std::system("/usr/bin/python3 -c 'import torch, numpy' 2>/dev/null") != 0) {
    std::printf("skipped: no torch for /usr/bin/python3 (apt install python3-torch)\n");
    return 0;
  }
  try {
    return run(argc, argv);
  } catch (const BadInput& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 2;
  }
}
