#include "models/torch/script_file.h"

#include <caffe2/serialize/read_adapter_interface.h>
#include <torch/csrc/jit/serialization/import.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <memory>

#include "models/torch/torch_errors.h"

namespace hftsim::models {

namespace {

// Not of error itself: c10::Error::what() has the stack, and its first line is not always the reason.
std::string message_of(const std::exception& error) {
  if (const auto* torch_error = dynamic_cast<const c10::Error*>(&error)) {
    return torch_error->what_without_backtrace();
  }
  return error.what();
}

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

std::string_view first_line(std::string_view text) {
  return trimmed(text.substr(0, text.find('\n')));
}

std::string_view last_line(std::string_view text) {
  const std::size_t newline = text.rfind('\n');
  return newline == std::string_view::npos ? text : trimmed(text.substr(newline + 1));
}

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

// Bytes as LibTorch reads a file; they have to outlive it.
class Bytes final : public caffe2::serialize::ReadAdapterInterface {
 public:
  explicit Bytes(const std::string& bytes) : bytes_(bytes) {}

  std::size_t size() const override { return bytes_.size(); }
  std::size_t read(std::uint64_t at, void* to, std::size_t count, const char*) const override {
    if (at >= bytes_.size()) return 0;
    return bytes_.copy(static_cast<char*>(to), count, static_cast<std::size_t>(at));
  }

 private:
  const std::string& bytes_;
};

}  // namespace

std::string short_reason(std::string_view message) {
  constexpr std::size_t kLongest = 300;
  const std::string_view text = trimmed(message);
  const std::string_view line =
      contains(text, "Traceback of TorchScript") ? last_line(text) : first_line(text);
  return std::string(line.substr(0, kLongest));
}

std::string short_reason(const std::exception& error) {
  return short_reason(message_of(error));
}

bool is_out_of_memory(const std::exception& error) {
  if (dynamic_cast<const std::bad_alloc*>(&error) != nullptr) return true;
  if (dynamic_cast<const c10::OutOfMemoryError*>(&error) != nullptr) return true;
  const std::string message = message_of(error);
  return contains(message, "out of memory") || contains(message, "can't allocate memory");
}

torch::jit::Module load_script(const std::string& bytes, const std::string& name) {
  try {
    return torch::jit::load(std::make_shared<Bytes>(bytes), c10::kCPU);
  } catch (const std::exception& error) {
    if (is_out_of_memory(error)) throw std::bad_alloc();
    throw BadInput(name, "'" + short_reason(error) + "' from torch::jit::load",
                   "TorchScript, as torch.jit.save writes it");
  }
}

void save_script(const torch::jit::Module& module, const std::string& path, const ExtraFiles& extra_files) {
  const std::string partial = path + ".partial";
  std::ofstream out(partial, std::ios::binary | std::ios::trunc);
  if (!out) throw BadInput(partial, std::strerror(errno), "a place that can be written");
  try {
    // Through a stream, so that the names inside the zip do not depend on that of the file.
    module.save(out, torch::jit::ExtraFilesMap(extra_files.begin(), extra_files.end()));
    out.close();
    if (!out) throw IoFailure(partial + ": " + std::strerror(errno));
    if (std::rename(partial.c_str(), path.c_str()) != 0) throw IoFailure(path + ": " + std::strerror(errno));
  } catch (...) {
    std::remove(partial.c_str());
    throw;
  }
}

}  // namespace hftsim::models
