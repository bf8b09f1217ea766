// JSON from files that anyone may have written: what is not exactly as it has to be is refused with its place.
#pragma once

#include <cstdint>
#include <limits>
#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hftsim::models {

// An object (RFC 8259). Throws BadInput: not JSON, more than 8 levels deep, a key twice in one object.
nlohmann::json parse_json_object(std::string_view text, const std::string& place);

// A value in a message: short, without control characters.
std::string shown(const nlohmann::json& value);

// One value and where it stands: file "model.pt: hftsim.json", path "scaler.scale[3]". Every reader throws
// BadInput where the value is of another type or out of range. Refers to the JSON and the file's name.
class JsonField {
 public:
  JsonField(const nlohmann::json& value, const std::string& file, std::string path = "")
      : value_(&value), file_(&file), path_(std::move(path)) {}

  bool is_null() const { return value_->is_null(); }
  std::string place() const { return path_.empty() ? *file_ : *file_ + ": " + path_; }

  bool flag() const;
  double number() const;  // finite
  std::string text() const;
  std::uint64_t count(std::uint64_t min = 0,
                      std::uint64_t max = std::numeric_limits<std::uint64_t>::max()) const;

  // Entries of a list of at most `max`.
  std::vector<JsonField> entries(std::size_t max) const;

  // Fields of an object. has() and operator[] are for objects alone.
  void expect_object() const;
  void expect_only(std::span<const std::string> known) const;
  std::vector<std::string> keys() const;  // refuses what is no object
  bool has(const std::string& key) const { return value_->contains(key); }
  JsonField operator[](const std::string& key) const;

  [[noreturn]] void refuse(const std::string& expectation) const;

 private:
  const nlohmann::json* value_;
  const std::string* file_;
  std::string path_;
};

}  // namespace hftsim::models
