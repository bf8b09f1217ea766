// Where a table goes and as what: told from the name before anything is computed, so that a wrong --out costs no
// work and no file.
#pragma once

#include <filesystem>
#include <span>
#include <vector>

namespace hftsim {

enum class TableFormat { parquet, csv, csv_gzip };

struct TableTarget {
  std::filesystem::path file;  // behind links: those stay
  TableFormat format;          // .parquet, .csv, .csv.gz, in any case
};

// Throws BadInput naming the path where its ending is none of these, or where something is there that is no regular
// file.
TableTarget table_target(const std::filesystem::path& path);

// The same for a file that a user names: throws BadInput too where it exists and `force` is not given, or, given or
// not, is one of the files that are read, or where its folder is not there or cannot be written to.
void require_free_target(const std::filesystem::path& path, bool force,
                         std::span<const std::filesystem::path> inputs = {});

// The same for a file of any format.
void require_free_file(const std::filesystem::path& path, bool force,
                       std::span<const std::filesystem::path> inputs = {});

}  // namespace hftsim
