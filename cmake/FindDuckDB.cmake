# DuckDB's C API: duckdb.h and libduckdb. Looked for in -DDUCKDB_ROOT, then where tools/setup.sh puts it, then
# on the system. Defines DuckDB::DuckDB; programs of the build tree find the library by their rpath.

set(_duckdb_places ${DUCKDB_ROOT} $ENV{DUCKDB_ROOT} ${PROJECT_SOURCE_DIR}/third_party/duckdb)

find_path(DUCKDB_INCLUDE_DIR duckdb.h HINTS ${_duckdb_places} PATH_SUFFIXES include .)
find_library(DUCKDB_LIBRARY duckdb HINTS ${_duckdb_places} PATH_SUFFIXES lib .)

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(
  DuckDB
  REQUIRED_VARS DUCKDB_LIBRARY DUCKDB_INCLUDE_DIR
  REASON_FAILURE_MESSAGE
    "run tools/setup.sh, which puts it into third_party/duckdb, or give -DDUCKDB_ROOT=<folder>, or build the engine alone with -DHFTSIM_TOOLS=OFF")

if(DuckDB_FOUND AND NOT TARGET DuckDB::DuckDB)
  add_library(DuckDB::DuckDB SHARED IMPORTED)
  set_target_properties(DuckDB::DuckDB PROPERTIES IMPORTED_LOCATION ${DUCKDB_LIBRARY}
                                                  INTERFACE_INCLUDE_DIRECTORIES ${DUCKDB_INCLUDE_DIR})
endif()
mark_as_advanced(DUCKDB_INCLUDE_DIR DUCKDB_LIBRARY)
