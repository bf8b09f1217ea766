#include "engine/runtime/pipeline.h"

#include <algorithm>
#include <cassert>

#include "engine/bus/agent.h"
#include "engine/bus/block_queue.h"

namespace hftsim {
namespace {

std::uint32_t blocks_needed(const PipelineOptions& options) {
  return options.threads == ThreadMode::run_inline ? 1 : std::max(2U, options.block_count);
}

}  // namespace

std::string_view name_of(ThreadMode mode) {
  return mode == ThreadMode::run_inline ? "inline" : "pipelined";
}

unsigned thread_count(const PipelineOptions& options, bool infers) {
  return infers ? 3 + options.inference_threads : 3;
}

Pipeline::Pipeline(EventSource& source, features::FeatureStage& features,
                   inference::InferenceStage* inference, TradingCore& trading, std::uint32_t feature_count,
                   PipelineOptions options)
    : source_(source),
      features_(features),
      inference_(inference),
      trading_(trading),
      options_(std::move(options)),
      arena_(BlockPool::bytes_needed(blocks_needed(options_), options_.block_events, feature_count)),
      blocks_(arena_, blocks_needed(options_), options_.block_events, feature_count) {}

void Pipeline::run() {
  const std::int64_t start_ns = monotonic_ns();
  if (options_.threads == ThreadMode::run_inline) {
    run_inline();
  } else {
    run_pipelined();
  }
  stats_.wall_ns = monotonic_ns() - start_ns;
  // The inference's first: the source may have failed ahead of it.
  for (const std::exception_ptr& failure : {inference_failure_, source_failure_}) {
    if (failure) std::rethrow_exception(failure);
  }
}

// A failing source ends the stream like its end does, so that what it gave before is handled first.
std::span<const Event> Pipeline::read_events(std::span<Event> room) {
  try {
    return stats_.read.measure([&] { return source_.next(room); });
  } catch (...) {
    source_failure_ = std::current_exception();
    return {};
  }
}

// False at the end: the block is then empty and marked as the last.
bool Pipeline::read_into(Block& block) {
  const bool cancelled = options_.cancel != nullptr && options_.cancel->load(std::memory_order_relaxed);
  stats_.cancelled = stats_.cancelled || cancelled;
  const bool ends = cancelled || ended_.load(std::memory_order_relaxed);
  block.events = ends ? std::span<const Event>() : read_events(block.room);
  assert(block.events.size() <= block.capacity);
  block.size = static_cast<std::uint32_t>(block.events.size());
  block.number = blocks_read_++;
  block.last = block.size == 0;
  return block.size > 0;
}

void Pipeline::compute(Block& block) {
  stats_.features.measure([&] { features_.process(block); });
}

// A failing model ends the stream with the block before: this one becomes the empty last one. Stages behind see
// the end as ever, the one in front hears of it by `ended_`.
void Pipeline::infer(Block& block) {
  try {
    stats_.inference.measure([&] { inference_->process(block); });
  } catch (...) {
    inference_failure_ = std::current_exception();
    ended_.store(true, std::memory_order_relaxed);
    block.events = {};
    block.size = 0;
    block.last = true;
  }
}

void Pipeline::trade(const Block& block) {
  stats_.trading.measure([&] { trading_.process(block); });
  stats_.events += block.size;
  if (options_.on_progress) options_.on_progress(stats_.events);
}

void Pipeline::run_inline() {
  Block& block = blocks_[0];
  while (read_into(block)) {
    compute(block);
    if (inference_ != nullptr) infer(block);
    if (block.last) return;
    trade(block);
  }
}

void Pipeline::run_pipelined() {
  BlockQueue free(blocks_.size()), read(blocks_.size()), computed(blocks_.size()), predicted(blocks_.size());
  for (BlockHandle handle = 0; handle < blocks_.size(); ++handle) free.try_push(handle);

  // Passes a block on once `work` is done on it; the last one ends the stage. A push cannot fail: a queue has
  // room for every block there is.
  const auto stage = [this](BlockQueue& from, BlockQueue& to, auto work) {
    return [this, &from, &to, work] {
      BlockHandle handle;
      if (!from.try_pop(handle)) return Work::found_none;
      Block& block = blocks_[handle];
      work(block);
      const bool last = block.last;
      to.try_push(handle);
      return last ? Work::finished : Work::done_some;
    };
  };
  const auto when_filled = [](Block& block, auto work) {
    if (!block.last) work(block);
  };

  const bool infers = inference_ != nullptr;
  const IdleStrategy idle = options_.idle.value_or(default_idle_strategy(thread_count(options_, infers)));
  const auto agent_options = [&](const char* name, int position) {
    return AgentOptions{name, options_.pin ? position % core_count() : -1, idle};
  };
  std::atomic<bool> stop{false};
  Agent reader(agent_options("read", 0), stop, stage(free, read, [this](Block& block) { read_into(block); }));
  Agent computer(agent_options("features", 1), stop, stage(read, computed, [&](Block& block) {
                   when_filled(block, [this](Block& b) { compute(b); });
                 }));
  std::optional<Agent> predictor;
  if (infers) {
    predictor.emplace(agent_options("inference", 2), stop, stage(computed, predicted, [&](Block& block) {
                        when_filled(block, [this](Block& b) { infer(b); });
                      }));
  }
  Agent trader(agent_options("trading", infers ? 3 : 2), stop,
               stage(infers ? predicted : computed, free,
                     [&](Block& block) { when_filled(block, [this](Block& b) { trade(b); }); }));
  std::exception_ptr failure;
  for (Agent* agent : {&reader, &computer, predictor ? &*predictor : nullptr, &trader}) {
    if (agent == nullptr) continue;
    try {
      agent->join();
    } catch (...) {
      if (!failure) failure = std::current_exception();
    }
    stats_.waits += agent->waits();
  }
  if (failure) std::rethrow_exception(failure);
}

}  // namespace hftsim
