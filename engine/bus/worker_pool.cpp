#include "engine/bus/worker_pool.h"

#include <cassert>
#include <utility>

namespace hftsim {

WorkerPool::WorkerPool(unsigned workers) {
  assert(workers >= 1);
  helpers_.reserve(workers - 1);
  try {
    for (unsigned worker = 1; worker < workers; ++worker) {
      helpers_.emplace_back([this, worker] { help(worker); });
    }
  } catch (...) {
    stop();  // those that have begun
    throw;
  }
}

WorkerPool::~WorkerPool() {
  stop();
}

void WorkerPool::stop() {
  stop_.store(true, std::memory_order_relaxed);
  runs_.fetch_add(1, std::memory_order_release);  // pairs with the helpers' acquire: they see stop_
  runs_.notify_all();
  for (std::thread& helper : helpers_) helper.join();
}

void WorkerPool::run(std::size_t pieces, PieceFunction work) {
  if (pieces == 0) return;
  work_ = work;
  undone_.store(pieces, std::memory_order_relaxed);
  untaken_.store(pieces, std::memory_order_release);  // pairs with the acquire of whoever takes a piece
  if (pieces > 1 && !helpers_.empty()) {
    runs_.fetch_add(1, std::memory_order_release);
    runs_.notify_all();
  }
  do_pieces(0);
  // Acquire pairs with the release that ends each piece: what it wrote is here.
  for (std::size_t left = undone_.load(std::memory_order_acquire); left > 0;
       left = undone_.load(std::memory_order_acquire)) {
    undone_.wait(left, std::memory_order_acquire);
  }
  if (!failed_.exchange(false, std::memory_order_acquire)) return;
  std::rethrow_exception(std::exchange(failure_, nullptr));
}

void WorkerPool::help(unsigned worker) {
  std::uint32_t seen = 0;
  for (;;) {
    runs_.wait(seen, std::memory_order_acquire);
    seen = runs_.load(std::memory_order_acquire);
    if (stop_.load(std::memory_order_relaxed)) return;
    do_pieces(worker);
  }
}

void WorkerPool::do_pieces(unsigned worker) {
  std::size_t left = untaken_.load(std::memory_order_acquire);
  while (left > 0) {
    if (!untaken_.compare_exchange_weak(left, left - 1, std::memory_order_acquire)) continue;
    do_piece(left - 1, worker);
    left = untaken_.load(std::memory_order_acquire);
  }
}

void WorkerPool::do_piece(std::size_t piece, unsigned worker) {
  try {
    (*work_)(piece, worker);
  } catch (...) {
    bool first = false;
    if (failed_.compare_exchange_strong(first, true, std::memory_order_relaxed)) {
      failure_ = std::current_exception();
    }
  }
  if (undone_.fetch_sub(1, std::memory_order_acq_rel) == 1) undone_.notify_one();
}

}  // namespace hftsim
