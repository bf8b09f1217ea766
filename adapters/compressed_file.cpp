#include "adapters/compressed_file.h"

#include <isa-l/igzip_lib.h>
#include <zstd.h>

#include <algorithm>
#include <array>

#include "engine/core/errors.h"

namespace hftsim {
namespace {

constexpr std::size_t kPieceBytes = 128 * 1024;

struct Damaged {
  std::string reason;
};

template <std::size_t n>
bool starts_with(std::span<const std::byte> bytes, const std::array<std::uint8_t, n>& magic) {
  return std::equal(magic.begin(), magic.end(), bytes.begin(), bytes.begin() + n,
                    [](std::uint8_t a, std::byte b) { return std::byte{a} == b; });
}

Compression compression_of(const File& file) {
  std::array<std::byte, 4> start{};
  file.read_at(0, start);
  if (starts_with<2>(start, {0x1f, 0x8b})) return Compression::gzip;
  if (starts_with<4>(start, {0x28, 0xb5, 0x2f, 0xfd})) return Compression::zstd;
  return Compression::none;
}

std::string_view ending_of(Compression compression) {
  return compression == Compression::gzip ? ".gz" : ".zst";
}

}  // namespace

// Unpacks a stream of gzip members or zstd frames piece by piece.
class CompressedFile::Unpacker {
 public:
  // taken: of the packed bytes; below 0 where bytes of an earlier piece belong to the next member.
  struct Step {
    std::ptrdiff_t taken = 0;
    std::size_t given = 0;
  };

  virtual ~Unpacker() = default;
  // Throws Damaged.
  virtual Step step(std::span<const std::byte> packed, std::span<char> out) = 0;
  bool at_end() const { return at_end_; }  // of a member or frame: the file may end here

 protected:
  bool at_end_ = false;
};

namespace {

class GzipUnpacker final : public CompressedFile::Unpacker {
 public:
  GzipUnpacker() : state_(std::make_unique<inflate_state>()) { start(); }

  Step step(std::span<const std::byte> packed, std::span<char> out) override {
    if (at_end_) start();
    // ISA-L's signature lacks a const; it only reads.
    state_->next_in = reinterpret_cast<std::uint8_t*>(const_cast<std::byte*>(packed.data()));
    state_->avail_in = static_cast<std::uint32_t>(packed.size());
    state_->next_out = reinterpret_cast<std::uint8_t*>(out.data());
    state_->avail_out = static_cast<std::uint32_t>(out.size());
    const int result = isal_inflate(state_.get());
    if (result < 0 || result == ISAL_NEED_DICT) throw Damaged{reason_of(result)};
    at_end_ = state_->block_state == ISAL_BLOCK_FINISH;
    Step step{static_cast<std::ptrdiff_t>(packed.size() - state_->avail_in), out.size() - state_->avail_out};
    // Whole bytes that it took ahead belong to what follows.
    if (at_end_) step.taken -= state_->read_in_length / 8;
    return step;
  }

 private:
  void start() {
    isal_inflate_init(state_.get());
    state_->crc_flag = ISAL_GZIP;
    at_end_ = false;
  }
  static std::string reason_of(int result) {
    switch (result) {
      case ISAL_INCORRECT_CHECKSUM:
        return "incorrect data check";
      case ISAL_INVALID_WRAPPER:
        return "no gzip header";
      default:
        return "ISA-L " + std::to_string(result);
    }
  }

  std::unique_ptr<inflate_state> state_;
};

class ZstdUnpacker final : public CompressedFile::Unpacker {
 public:
  ZstdUnpacker() : context_(ZSTD_createDCtx()) {
    if (!context_) throw IoFailure("zstd cannot be started");
  }

  Step step(std::span<const std::byte> packed, std::span<char> out) override {
    ZSTD_inBuffer in{packed.data(), packed.size(), 0};
    ZSTD_outBuffer to{out.data(), out.size(), 0};
    const std::size_t result = ZSTD_decompressStream(context_.get(), &to, &in);
    if (ZSTD_isError(result)) throw Damaged{ZSTD_getErrorName(result)};
    at_end_ = result == 0;
    return {static_cast<std::ptrdiff_t>(in.pos), to.pos};
  }

 private:
  struct Free {
    void operator()(ZSTD_DCtx* context) const { ZSTD_freeDCtx(context); }
  };
  std::unique_ptr<ZSTD_DCtx, Free> context_;
};

std::unique_ptr<CompressedFile::Unpacker> unpacker_for(Compression compression) {
  if (compression == Compression::gzip) return std::make_unique<GzipUnpacker>();
  if (compression == Compression::zstd) return std::make_unique<ZstdUnpacker>();
  return nullptr;
}

}  // namespace

CompressedFile::CompressedFile(const std::filesystem::path& path)
    : file_(File::open(path)),
      size_bytes_(file_.size_bytes()),
      compression_(compression_of(file_)),
      unpacker_(unpacker_for(compression_)) {
  if (unpacker_) packed_.resize(kPieceBytes);
}

CompressedFile::CompressedFile(const std::filesystem::path& path, Compression compression)
    : file_(File::open(path)),
      size_bytes_(file_.size_bytes()),
      packed_(kPieceBytes),
      compression_(compression),
      unpacker_(unpacker_for(compression)) {}

CompressedFile::~CompressedFile() = default;

std::size_t CompressedFile::read(std::span<char> out) {
  std::size_t count = 0;
  while (count < out.size()) {
    const std::size_t more = unpacker_
                                 ? read_some(out.subspan(count))
                                 : file_.read_at(next_byte_, std::as_writable_bytes(out.subspan(count)));
    if (more == 0) break;
    if (!unpacker_) next_byte_ += more;
    count += more;
  }
  given_bytes_ += count;
  return count;
}

// At least one byte, or 0 at the end of the file.
std::size_t CompressedFile::read_some(std::span<char> out) {
  for (;;) {
    if (left_.empty()) refill();
    if (left_.empty() && unpacker_->at_end()) return 0;
    Unpacker::Step step;
    try {
      step = unpacker_->step(left_, out);
    } catch (const Damaged& damage) {
      refuse("damaged compressed data (" + damage.reason + ")");
    }
    if (step.taken >= 0) {
      left_ = left_.subspan(static_cast<std::size_t>(step.taken));
    } else {  // of an earlier piece: read it again
      next_byte_ = position() - static_cast<std::uint64_t>(-step.taken);
      left_ = {};
    }
    if (step.given > 0) return step.given;
    if (step.taken == 0 && left_.empty() && next_byte_ >= size_bytes_ && !unpacker_->at_end())
      refuse("compressed data that end early: the file was cut off");
  }
}

void CompressedFile::refill() {
  left_ = std::span(packed_).first(file_.read_at(next_byte_, packed_));
  next_byte_ += left_.size();
}

void CompressedFile::refuse(const std::string& found) const {
  const std::string whole = "a whole " + std::string(ending_of(compression_)) + " file";
  throw BadInput(name(), found, whole + "; " + std::to_string(given_bytes_) + " bytes could be unpacked");
}

}  // namespace hftsim
