// Threads that help the calling one with work in independent pieces: fork and join. They sleep between runs, so
// it pays for pieces of many microseconds (windows of a model), not for less.
#pragma once

#include <atomic>
#include <cstdint>
#include <exception>
#include <optional>
#include <thread>
#include <vector>

#include "engine/core/executor.h"

namespace hftsim {

class WorkerPool final : public Executor {
 public:
  // `workers` with the calling thread: one less is started. Throws std::system_error where that fails.
  explicit WorkerPool(unsigned workers);
  ~WorkerPool() override;
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  unsigned workers() const override { return static_cast<unsigned>(helpers_.size()) + 1; }

  // From one thread at a time. Throws the first of what the pieces threw, after all have ended.
  void run(std::size_t pieces, PieceFunction work) override;

 private:
  void stop();
  void help(unsigned worker);
  void do_pieces(unsigned worker);
  void do_piece(std::size_t piece, unsigned worker);

  // A helper that comes late may find the next run's pieces here: it does those then. Whoever has taken a piece
  // keeps run() from returning, so `work_` is the one the piece belongs to.
  alignas(64) std::atomic<std::size_t> untaken_{0};
  alignas(64) std::atomic<std::size_t> undone_{0};
  alignas(64) std::atomic<std::uint32_t> runs_{0};  // helpers sleep until it changes
  std::atomic<bool> stop_{false};
  std::atomic<bool> failed_{false};
  std::exception_ptr failure_;
  std::optional<PieceFunction> work_;
  std::vector<std::thread> helpers_;
};

}  // namespace hftsim
