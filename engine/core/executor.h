// Who does work that falls into independent pieces: the calling thread alone, or threads that help it
// (engine/bus/worker_pool.h). Rooms below the bus take one of these and need not know of threads.
#pragma once

#include <cstddef>
#include <memory>
#include <type_traits>

namespace hftsim {

// Borrows a callable `void(std::size_t piece, unsigned worker)`: no allocation, valid during the call only.
class PieceFunction {
 public:
  template <class Callable>
  requires(!std::is_same_v<std::remove_cvref_t<Callable>, PieceFunction>)
      PieceFunction(Callable&& callable)  // NOLINT: meant to convert
      : object_(const_cast<void*>(static_cast<const void*>(std::addressof(callable)))),
        call_([](void* object, std::size_t piece, unsigned worker) {
          (*static_cast<std::remove_reference_t<Callable>*>(object))(piece, worker);
        }) {}

  void operator()(std::size_t piece, unsigned worker) const { call_(object_, piece, worker); }

 private:
  void* object_;
  void (*call_)(void*, std::size_t, unsigned);
};

class Executor {
 public:
  virtual ~Executor() = default;

  // How many pieces may be worked on at once. A piece is told which worker does it: below this number, the
  // calling thread is 0; for scratch memory of its own.
  virtual unsigned workers() const { return 1; }

  // Every piece once, in any order; returns when all are done. Throws what a piece threw.
  virtual void run(std::size_t pieces, PieceFunction work) {
    for (std::size_t piece = 0; piece < pieces; ++piece) work(piece, 0);
  }
};

}  // namespace hftsim
