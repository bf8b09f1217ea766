#include "models/training/checkpoint.h"

#include <fmt/format.h>

#include <cstddef>
#include <cstring>
#include <nlohmann/json.hpp>
#include <span>
#include <system_error>

#include "engine/core/errors.h"
#include "replay/crc32c.h"
#include "replay/file.h"

namespace hftsim::models {

namespace {

using Json = nlohmann::json;

struct Header {
  char magic[8] = {'H', 'F', 'T', 'S', 'I', 'M', 'T', 'C'};
  std::uint32_t version = 1;
  std::uint32_t crc = 0;  // of all that follows the header
};
static_assert(sizeof(Header) == 16);

constexpr std::uint64_t kLongest = std::uint64_t{1} << 30;  // far above any network here

template <class Value>
void append(std::string& bytes, const Value* values, std::size_t count) {
  bytes.append(reinterpret_cast<const char*>(values), count * sizeof(Value));
}

std::string description_of(const Checkpoint& checkpoint) {
  Json json;
  json["identity"] = checkpoint.identity;
  for (const EpochRecord& record : checkpoint.history) {
    json["history"].push_back({{"epoch", record.epoch},
                               {"training_loss", record.training_loss},
                               {"validation_loss", record.validation_loss},
                               {"validation_accuracy", record.validation_accuracy},
                               {"best", record.best}});
  }
  for (const NamedTensor& tensor : checkpoint.weights) {
    json["tensors"].push_back({{"name", tensor.name}, {"shape", tensor.shape}});
  }
  return json.dump();
}

std::string body_of(const Checkpoint& checkpoint) {
  const std::string text = description_of(checkpoint);
  const std::uint64_t size = text.size();
  std::string bytes;
  append(bytes, &size, 1);
  bytes += text;
  for (const auto* tensors : {&checkpoint.weights, &checkpoint.best_weights}) {
    for (const NamedTensor& tensor : *tensors) append(bytes, tensor.values.data(), tensor.values.size());
  }
  return bytes + checkpoint.optimizer_state;
}

// The bytes after the header, from front to back.
class Reader {
 public:
  Reader(std::string_view bytes, const std::string& place) : rest_(bytes), place_(place) {}

  std::string_view take(std::uint64_t size) {
    if (size > rest_.size()) damaged("it ends early");
    const std::string_view taken = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return taken;
  }

  template <class Value>
  void fill(Value* values, std::size_t count) {
    std::memcpy(values, take(count * sizeof(Value)).data(), count * sizeof(Value));
  }

  std::string_view rest() const { return rest_; }

  [[noreturn]] void damaged(const std::string& why) const {
    throw BadInput(place_, "a damaged checkpoint (" + why + ")", "one as training wrote it");
  }

 private:
  std::string_view rest_;
  std::string place_;
};

std::size_t size_of(const std::vector<std::int64_t>& shape, const Reader& reader) {
  std::uint64_t size = 1;
  for (const std::int64_t length : shape) {
    if (length < 0 || static_cast<std::uint64_t>(length) > kLongest) reader.damaged("a tensor's shape");
    size *= static_cast<std::uint64_t>(length);
    if (size > kLongest) reader.damaged("a tensor's shape");
  }
  return size;
}

void read_tensors(const Json& json, Reader& reader, std::vector<NamedTensor>& tensors) {
  for (const Json& entry : json) {
    NamedTensor tensor{entry.at("name"), entry.at("shape"), {}};
    const std::size_t size = size_of(tensor.shape, reader);
    if (size * sizeof(float) > reader.rest().size()) reader.damaged("it ends early");
    tensor.values.resize(size);
    reader.fill(tensor.values.data(), size);
    tensors.push_back(std::move(tensor));
  }
}

void read_history(const Json& json, std::vector<EpochRecord>& history) {
  for (const Json& entry : json) {
    history.push_back({entry.at("epoch"), entry.at("training_loss"), entry.at("validation_loss"),
                       entry.at("validation_accuracy"), entry.at("best")});
  }
}

Checkpoint parse(std::string_view bytes, const std::string& place) {
  Reader reader(bytes, place);
  std::uint64_t text_size = 0;
  reader.fill(&text_size, 1);
  Checkpoint checkpoint;
  try {
    const Json json = Json::parse(reader.take(text_size));
    checkpoint.identity = json.at("identity").get<TrainingIdentity>();
    read_history(json.at("history"), checkpoint.history);
    read_tensors(json.at("tensors"), reader, checkpoint.weights);
    read_tensors(json.at("tensors"), reader, checkpoint.best_weights);
  } catch (const Json::exception& error) {
    reader.damaged(error.what());
  }
  checkpoint.optimizer_state = reader.rest();
  return checkpoint;
}

}  // namespace

void write_checkpoint(const std::filesystem::path& path, const Checkpoint& checkpoint) {
  const std::string body = body_of(checkpoint);
  Header header;
  header.crc = crc32c(std::as_bytes(std::span(body)));
  const std::filesystem::path partial = path.string() + ".partial";
  File file = File::create(partial);
  int error = file.write_all(std::as_bytes(std::span(&header, 1)));
  if (error == 0) error = file.write_all(std::as_bytes(std::span(body)));
  std::error_code renamed(error, std::generic_category());
  if (error == 0) std::filesystem::rename(partial, path, renamed);
  if (!renamed) return;
  std::error_code ignored;
  std::filesystem::remove(partial, ignored);
  throw IoFailure(
      fmt::format("{}: the checkpoint could not be written: {}", path.string(), renamed.message()));
}

Checkpoint read_checkpoint(const std::filesystem::path& path) {
  const File file = File::open(path);
  const Header expected;
  Header header{};
  const std::uint64_t size = file.size_bytes();
  const auto header_bytes = std::as_writable_bytes(std::span(&header, 1));
  if (file.read_at(0, header_bytes) < sizeof header ||
      std::memcmp(header.magic, expected.magic, sizeof header.magic) != 0) {
    throw BadInput(path.string(), "another kind of file", "a checkpoint");
  }
  if (header.version != expected.version) {
    throw BadInput(path.string(), fmt::format("checkpoint version {}", header.version),
                   fmt::format("{}", expected.version));
  }
  if (size > kLongest) throw BadInput(path.string(), fmt::format("{} bytes", size), "a checkpoint");
  std::string body(size - sizeof header, '\0');
  const std::size_t got = file.read_at(sizeof header, std::as_writable_bytes(std::span(body)));
  if (got != body.size() || crc32c(std::as_bytes(std::span(body))) != header.crc) {
    Reader({}, path.string()).damaged("its CRC32C is wrong");
  }
  return parse(body, path.string());
}

void expect_same_identity(const std::filesystem::path& path, const TrainingIdentity& found,
                          const TrainingIdentity& wanted) {
  const auto value_of = [](const TrainingIdentity& identity, const std::string& name) {
    const auto at = identity.find(name);
    return at == identity.end() ? std::string("nothing") : "'" + at->second + "'";
  };
  const auto compare = [&](const std::string& name) {
    const std::string in_file = value_of(found, name), here = value_of(wanted, name);
    if (in_file == here) return;
    throw BadInput(path.string() + ": " + name, in_file, here + ", or to start anew without --resume");
  };
  TrainingIdentity names = found;
  names.insert(wanted.begin(), wanted.end());
  // The hash of the data last: it differs with lookback or features too, which say more.
  const auto data = names.extract("data");
  for (const auto& [name, value] : names) compare(name);
  if (data) compare(data.key());
}

}  // namespace hftsim::models
