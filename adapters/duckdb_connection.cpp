#include "adapters/duckdb_connection.h"

#include <algorithm>
#include <utility>

#include "adapters/readable_text.h"

namespace hftsim {
namespace {

class Config {
 public:
  Config() { duckdb_create_config(&config_); }
  ~Config() { duckdb_destroy_config(&config_); }
  Config(const Config&) = delete;
  Config& operator=(const Config&) = delete;

  void set(const char* name, const std::string& value) {
    if (duckdb_set_config(config_, name, value.c_str()) == DuckDBError) {
      throw DuckDbFailure(std::string("DuckDB does not take ") + name + " = " + value,
                          DUCKDB_INVALID_CONFIGURATION);
    }
  }
  duckdb_config get() { return config_; }

 private:
  duckdb_config config_ = nullptr;
};

std::string doubled(std::string_view text, char quote) {
  std::string quoted(1, quote);
  for (const char c : text) {
    if (c == quote) quoted += quote;
    quoted += c;
  }
  return quoted + quote;
}

// DuckDB says what happened in its first lines; behind them come advice about its own options, their list, and
// pointers into a statement that no user wrote.
std::string readable(const char* message) {
  constexpr std::size_t kLineMax = 160;
  std::string_view rest = message == nullptr ? "unknown error" : message;
  std::string text;
  while (!rest.empty()) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(line.size() + 1, rest.size()));
    if (line.starts_with("Possible") || line.starts_with("LINE ") || line.starts_with("  file =")) break;
    if (line.empty()) continue;
    text += (text.empty() ? "" : "; ") + readable_text(line, kLineMax);
  }
  return text;
}

class Database {
 public:
  Database() {
    Config config;
    config.set("threads", "1");
    config.set("memory_limit", kDuckDbMemoryLimit);
    config.set("temp_directory", "");
    config.set("preserve_insertion_order", "true");
    config.set("autoload_known_extensions", "false");
    config.set("autoinstall_known_extensions", "false");
    config.set("allow_community_extensions", "false");
    // It tells versions of a file apart by whole seconds: one that was replaced would be read in parts of both.
    config.set("enable_external_file_cache", "false");
    char* error = nullptr;
    if (duckdb_open_ext(nullptr, &database_, config.get(), &error) == DuckDBError) {
      const std::string message = readable(error);
      duckdb_free(error);
      throw DuckDbFailure("cannot start DuckDB: " + message, DUCKDB_ERROR_INTERNAL);
    }
  }
  ~Database() { duckdb_close(&database_); }
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  duckdb_database get() { return database_; }

 private:
  duckdb_database database_ = nullptr;
};

}  // namespace

DuckDbResult::DuckDbResult(duckdb_connection connection, const std::string& sql) {
  if (duckdb_prepare(connection, sql.c_str(), &statement_) == DuckDBError) {
    const std::string message = readable(duckdb_prepare_error(statement_));
    release();
    throw DuckDbFailure(message, DUCKDB_ERROR_INVALID);
  }
  has_result_ = true;
  if (duckdb_execute_prepared_streaming(statement_, &result_) == DuckDBError) {
    const DuckDbFailure failure(readable(duckdb_result_error(&result_)), duckdb_result_error_type(&result_));
    release();
    throw failure;
  }
}

DuckDbResult::~DuckDbResult() {
  release();
}

DuckDbResult::DuckDbResult(DuckDbResult&& other) noexcept {
  *this = std::move(other);
}

DuckDbResult& DuckDbResult::operator=(DuckDbResult&& other) noexcept {
  if (this == &other) return *this;
  release();
  statement_ = std::exchange(other.statement_, nullptr);
  result_ = std::exchange(other.result_, duckdb_result{});
  has_result_ = std::exchange(other.has_result_, false);
  chunk_ = std::exchange(other.chunk_, nullptr);
  rows_ = std::exchange(other.rows_, 0);
  return *this;
}

void DuckDbResult::release() {
  duckdb_destroy_data_chunk(&chunk_);
  if (has_result_) duckdb_destroy_result(&result_);
  duckdb_destroy_prepare(&statement_);
  has_result_ = false;
  rows_ = 0;
}

bool DuckDbResult::next() {
  duckdb_destroy_data_chunk(&chunk_);
  rows_ = 0;
  if (!has_result_) return false;
  chunk_ = duckdb_fetch_chunk(result_);
  if (chunk_ != nullptr) rows_ = duckdb_data_chunk_get_size(chunk_);
  if (rows_ > 0) return true;
  const char* error = duckdb_result_error(&result_);
  if (error != nullptr && *error != '\0') {
    throw DuckDbFailure(readable(error), duckdb_result_error_type(&result_));
  }
  return false;
}

const void* DuckDbResult::data(std::size_t column) const {
  return duckdb_vector_get_data(duckdb_data_chunk_get_vector(chunk_, column));
}

const std::uint64_t* DuckDbResult::validity(std::size_t column) const {
  return duckdb_vector_get_validity(duckdb_data_chunk_get_vector(chunk_, column));
}

DuckDbConnection::DuckDbConnection() {
  static Database database;
  if (duckdb_connect(database.get(), &connection_) == DuckDBError) {
    throw DuckDbFailure("cannot connect to DuckDB", DUCKDB_ERROR_CONNECTION);
  }
}

DuckDbConnection::~DuckDbConnection() {
  duckdb_disconnect(&connection_);
}

void DuckDbConnection::execute(const std::string& sql) {
  DuckDbResult result = stream(sql);
  while (result.next()) {
  }
}

std::vector<DuckDbColumn> DuckDbConnection::describe(const std::string& sql) {
  duckdb_prepared_statement statement = nullptr;
  if (duckdb_prepare(connection_, sql.c_str(), &statement) == DuckDBError) {
    const std::string message = readable(duckdb_prepare_error(statement));
    duckdb_destroy_prepare(&statement);
    throw DuckDbFailure(message, DUCKDB_ERROR_INVALID);
  }
  std::vector<DuckDbColumn> columns;
  for (idx_t i = 0; i < duckdb_prepared_statement_column_count(statement); ++i) {
    const char* name = duckdb_prepared_statement_column_name(statement, i);
    columns.push_back({name, duckdb_prepared_statement_column_type(statement, i)});
    duckdb_free(const_cast<char*>(name));
  }
  duckdb_destroy_prepare(&statement);
  return columns;
}

std::string quote_literal(std::string_view text) {
  return doubled(text, '\'');
}

std::string quote_identifier(std::string_view name) {
  return doubled(name, '"');
}

std::string quote_path(std::string_view path) {
  std::string escaped;
  for (const char c : path) {
    if (c == '*' || c == '?' || c == '[') {
      escaped += std::string("[") + c + "]";
    } else {
      escaped += c;
    }
  }
  return quote_literal(escaped);
}

}  // namespace hftsim
