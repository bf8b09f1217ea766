// Jobs done by several threads, their results taken by the caller in the order of the jobs: what is saved is whole from
// the beginning on, wherever it ends.
#pragma once

#include <algorithm>
#include <condition_variable>
#include <cstddef>
#include <exception>
#include <map>
#include <mutex>
#include <thread>
#include <vector>

#include "adapters/net/stop_signal.h"

namespace hftsim::fetch {

template <class Result>
class OrderedWorkers {
 public:
  // work(worker, job) gives the result of a job, on one of `workers` threads; take(job, result) gets it on this thread.
  // The first exception of either ends all: `stop` is requested, what lies before the failed job is taken still, and
  // the exception is thrown. Where `stop` is requested by others, net::Interrupted.
  template <class Work, class Take>
  static void run(std::size_t jobs, std::size_t workers, net::StopSignal& stop, const Work& work,
                  const Take& take) {
    OrderedWorkers all(jobs, workers, stop);
    std::vector<std::jthread> threads;
    for (std::size_t worker = 0; worker < std::min(workers, jobs); ++worker) {
      threads.emplace_back([&all, &work, worker] { all.keep_working(worker, work); });
    }
    try {
      while (all.take_next(take)) {
      }
      threads.clear();  // ended, or about to: the failed job was not the next to be taken
      while (all.take_next(take)) {
      }
    } catch (...) {
      all.fail(std::current_exception());
      threads.clear();
    }
    if (all.failure_) std::rethrow_exception(all.failure_);
  }

 private:
  static constexpr std::size_t kJobsAhead = 4;  // of take(), per worker

  OrderedWorkers(std::size_t jobs, std::size_t workers, net::StopSignal& stop)
      : jobs_(jobs), jobs_ahead_(workers * kJobsAhead), stop_(stop) {}

  template <class Work>
  void keep_working(std::size_t worker, const Work& work) {
    std::size_t job = 0;
    while (next_job(job)) {
      try {
        stop_.check();
        Result result = work(worker, job);
        const std::lock_guard lock(mutex_);
        done_.emplace(job, std::move(result));
        changed_.notify_all();
      } catch (...) {
        fail(std::current_exception());
      }
    }
  }

  // Waits where take() is too far behind. False at the end.
  bool next_job(std::size_t& job) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return failure_ || next_ == jobs_ || next_ < taken_ + jobs_ahead_; });
    if (failure_ || next_ == jobs_) return false;
    job = next_++;
    return true;
  }

  // False where the next result will not come.
  template <class Take>
  bool take_next(const Take& take) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return failure_ || taken_ == jobs_ || done_.contains(taken_); });
    const auto found = done_.find(taken_);
    if (found == done_.end()) return false;
    auto next = done_.extract(found);
    lock.unlock();
    take(next.key(), std::move(next.mapped()));
    lock.lock();
    ++taken_;
    changed_.notify_all();
    return true;
  }

  void fail(std::exception_ptr failure) {
    const std::lock_guard lock(mutex_);
    if (!failure_) failure_ = std::move(failure);
    stop_.request();
    changed_.notify_all();
  }

  std::size_t jobs_, jobs_ahead_;
  net::StopSignal& stop_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::size_t next_ = 0, taken_ = 0;
  std::map<std::size_t, Result> done_;
  std::exception_ptr failure_;  // the first
};

}  // namespace hftsim::fetch
