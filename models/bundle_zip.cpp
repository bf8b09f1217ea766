#include "models/bundle_zip.h"

#include <fmt/format.h>
#include <zip.h>

#include <algorithm>
#include <memory>
#include <string_view>
#include <vector>

#include "engine/core/errors.h"
#include "models/bundle.h"
#include "models/strict_json.h"

namespace hftsim::models {
namespace {

constexpr std::string_view kLocalHeader = "PK\3\4", kCentralHeader = "PK\1\2";
constexpr const char* kTorchScript = "a model bundle: TorchScript with extra files (docs/models.md)";
constexpr std::size_t kPieceBytes = 64 * 1024;

struct Foreign {
  std::string_view magic;
  const char* what;
};
constexpr Foreign kForeign[] = {
    {"\x89PNG", "a PNG image"},
    {"\x80", "a pickle: a state dict saved with torch.save?"},
    {"\x89HDF", "an HDF5 file"},
    {"PAR1", "a Parquet file"},
    {"\x1f\x8b", "a gzip file"},
    {"PK\5\6", "an empty zip"},
    {"{", "a text"},
};

std::string hex_of(std::string_view bytes) {
  std::string text;
  for (const char byte : bytes) text += fmt::format(" {:02x}", static_cast<unsigned char>(byte));
  return text;
}

class Zip {
 public:
  Zip(const std::string& bytes, const std::string& place)
      : place_(place), size_(bytes.size()), zip_(nullptr, zip_discard) {
    expect_few_entries(bytes);
    zip_error_t error;
    zip_error_init(&error);
    zip_source_t* source = zip_source_buffer_create(bytes.data(), bytes.size(), 0, &error);
    if (source != nullptr) zip_.reset(zip_open_from_source(source, ZIP_RDONLY, &error));
    if (zip_ != nullptr) return;
    zip_source_free(source);
    const std::string words = zip_error_strerror(&error);
    zip_error_fini(&error);
    throw BadInput(place + ": is no whole zip (" + words + "): cut off at " + std::to_string(bytes.size()) +
                   " bytes?");
  }

  std::uint64_t entries() const { return static_cast<std::uint64_t>(zip_get_num_entries(zip_.get(), 0)); }

  // The name's bytes as they are in the file.
  std::string_view name(std::uint64_t index) const {
    const char* name = zip_get_name(zip_.get(), index, ZIP_FL_ENC_RAW);
    return name == nullptr ? std::string_view() : std::string_view(name);
  }

  // What torch would unpack, and may be made to by somebody else's file.
  void expect_bounded() const {
    std::uint64_t total = 0;
    for (std::uint64_t i = 0; i < entries(); ++i) {
      total += checked_size(i, kBundleBytesMax, fmt::format("{}: {}", place_, file_name(i)));
      if (total > kBundleBytesMax)
        throw BadInput(place_, fmt::format("{} bytes and more once unpacked", total),
                       fmt::format("at most {}", kBundleBytesMax));
    }
  }

  std::string read(std::uint64_t index, std::uint64_t max_bytes) const {
    const std::string place = fmt::format("{}: {}", place_, file_name(index));
    const std::uint64_t size = checked_size(index, max_bytes, place);
    const std::unique_ptr<zip_file_t, int (*)(zip_file_t*)> file(zip_fopen_index(zip_.get(), index, 0),
                                                                 zip_fclose);
    if (file == nullptr) throw BadInput(place + ": cannot be read: " + zip_strerror(zip_.get()));
    return read_all(*file, size, place);
  }

 private:
  // The library takes memory for every entry before it says how many there are.
  void expect_few_entries(const std::string& bytes) const {
    std::uint64_t entries = 0;
    for (std::size_t at = bytes.find(kCentralHeader); at != std::string::npos;
         at = bytes.find(kCentralHeader, at + kCentralHeader.size())) {
      if (++entries > kEntriesMax)
        throw BadInput(place_, "more files in the zip", fmt::format("at most {}", kEntriesMax));
    }
  }

  std::string_view file_name(std::uint64_t index) const {
    const std::string_view path = name(index);
    return path.substr(path.rfind('/') + 1);
  }

  // Bytes that the entry says it has, after what can be held against it.
  std::uint64_t checked_size(std::uint64_t index, std::uint64_t max_bytes, const std::string& place) const {
    constexpr zip_uint64_t kNeeded = ZIP_STAT_SIZE | ZIP_STAT_COMP_SIZE | ZIP_STAT_COMP_METHOD;
    zip_stat_t stat;
    zip_stat_init(&stat);
    if (zip_stat_index(zip_.get(), index, 0, &stat) != 0 || (stat.valid & kNeeded) != kNeeded)
      throw BadInput(place + ": cannot be read: " + zip_strerror(zip_.get()));
    if ((stat.valid & ZIP_STAT_ENCRYPTION_METHOD) != 0 && stat.encryption_method != ZIP_EM_NONE)
      throw BadInput(place, "an encrypted file", "one that is not");
    if (stat.comp_method != ZIP_CM_STORE && stat.comp_method != ZIP_CM_DEFLATE)
      throw BadInput(place, fmt::format("compression method {}", stat.comp_method), "stored or deflate");
    if (stat.comp_size > size_)
      throw BadInput(place, fmt::format("{} bytes in the zip", stat.comp_size),
                     fmt::format("less than the {} of the file", size_));
    if (stat.size > max_bytes)
      throw BadInput(place, fmt::format("{} bytes", stat.size), fmt::format("at most {}", max_bytes));
    if (stat.size > stat.comp_size * kCompressionMax)
      throw BadInput(place, fmt::format("{} bytes compressed to {}", stat.size, stat.comp_size),
                     fmt::format("at most {} to 1", kCompressionMax));
    return stat.size;
  }

  // To its end: the library checks size and CRC there.
  static std::string read_all(zip_file_t& file, std::uint64_t size, const std::string& place) {
    std::string bytes;
    std::vector<char> piece(kPieceBytes);
    for (;;) {
      const zip_int64_t got = zip_fread(&file, piece.data(), piece.size());
      if (got < 0) throw BadInput(place + ": is damaged: " + zip_file_strerror(&file));
      if (got == 0) break;
      if (static_cast<std::uint64_t>(got) > size - bytes.size())
        throw BadInput(place, "more bytes than the zip says", std::to_string(size));
      bytes.append(piece.data(), static_cast<std::size_t>(got));
    }
    if (bytes.size() != size)
      throw BadInput(place, fmt::format("{} bytes", bytes.size()), fmt::format("the {} the zip says", size));
    return bytes;
  }

  std::string place_;
  std::uint64_t size_;
  std::unique_ptr<zip_t, void (*)(zip_t*)> zip_;
};

// "<archive>" of "<archive>/<rest>": one folder, and not one that points elsewhere.
std::optional<std::string_view> archive_of(std::string_view name, std::string_view rest) {
  if (name.size() <= rest.size() || !name.ends_with(rest)) return std::nullopt;
  const std::string_view archive = name.substr(0, name.size() - rest.size());
  if (archive.find_first_of("/\\") != archive.npos || archive == "." || archive == "..") return std::nullopt;
  return archive;
}

// Why there are no metadata in a zip that can be read.
[[noreturn]] void refuse_without_metadata(const Zip& zip, const std::string& place) {
  bool data = false, code = false, backslashes = false;
  for (std::uint64_t i = 0; i < zip.entries(); ++i) {
    const std::string_view name = zip.name(i);
    data = data || archive_of(name, "/data.pkl");
    code = code || archive_of(name, "/constants.pkl");
    backslashes = backslashes || name.find("\\extra\\") != name.npos;
  }
  if (backslashes)
    throw BadInput(place, "names with '\\' in the zip", "'/' between folders, as torch writes");
  if (code)
    throw BadInput(place +
                   ": TorchScript without extra/hftsim.json, so nothing says which features it takes: save"
                   " it with _extra_files (docs/models.md, Make one in Python)");
  if (data) throw BadInput(place, "a state dict saved with torch.save?", kTorchScript);
  throw BadInput(place, "a zip without extra/hftsim.json", kTorchScript);
}

std::uint64_t find_metadata(const Zip& zip, const std::string& place) {
  std::optional<std::uint64_t> found;
  for (std::uint64_t i = 0; i < zip.entries(); ++i) {
    if (!archive_of(zip.name(i), "/extra/hftsim.json")) continue;
    if (found) throw BadInput(place, "extra/hftsim.json twice in the zip", "it once");
    found = i;
  }
  if (!found) refuse_without_metadata(zip, place);
  return *found;
}

// torch takes the first file's folder for the archive: with two of them it and we could read different files.
void expect_one_folder(const Zip& zip, std::string_view archive, const std::string& place) {
  for (std::uint64_t i = 0; i < zip.entries(); ++i) {
    const std::string_view name = zip.name(i);
    if (name.starts_with(archive) && name.substr(archive.size()).starts_with('/')) continue;
    throw BadInput(
        place, "files outside of " + shown(std::string(archive)) + " in the zip: " + shown(std::string(name)),
        "one folder");
  }
}

std::optional<std::uint64_t> find_entry(const Zip& zip, const std::string& path, const std::string& place) {
  std::optional<std::uint64_t> found;
  for (std::uint64_t i = 0; i < zip.entries(); ++i) {
    if (zip.name(i) != path) continue;
    if (found) throw BadInput(place, path + " twice in the zip", "it once");
    found = i;
  }
  return found;
}

}  // namespace

void expect_zip(const std::string& first_bytes, const std::string& place) {
  if (first_bytes.starts_with(kLocalHeader)) return;
  if (first_bytes.empty()) throw BadInput(place, "an empty file", kTorchScript);
  for (const Foreign& foreign : kForeign) {
    if (first_bytes.starts_with(foreign.magic)) throw BadInput(place, foreign.what, kTorchScript);
  }
  throw BadInput(place, "a file that begins with" + hex_of(first_bytes.substr(0, 4)), kTorchScript);
}

BundleFiles read_bundle_files(const std::string& bytes, const std::string& place) {
  expect_zip(bytes.substr(0, kLocalHeader.size()), place);
  const Zip zip(bytes, place);
  const std::uint64_t metadata = find_metadata(zip, place);
  const std::string_view archive = *archive_of(zip.name(metadata), "/extra/hftsim.json");
  expect_one_folder(zip, archive, place);
  zip.expect_bounded();
  BundleFiles files;
  files.metadata = zip.read(metadata, kMetadataBytesMax);
  const std::string weights_path = std::string(archive) + "/extra/" + kWeightsFile;
  if (const auto weights = find_entry(zip, weights_path, place)) {
    files.weights = zip.read(*weights, kBundleBytesMax);
  }
  return files;
}

}  // namespace hftsim::models
