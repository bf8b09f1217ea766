# One CMake target per room of DESIGN.md, linked to exactly the rooms it may include.

find_package(Threads REQUIRED)

# What every file of ours is compiled with. No contraction: a*b+c must round twice on every machine, or the
# same input would not give the same bytes.
add_library(hftsim_options INTERFACE)
target_include_directories(hftsim_options INTERFACE ${PROJECT_SOURCE_DIR})
target_compile_options(hftsim_options INTERFACE -ffp-contract=off -Wall -Wextra -Wpedantic -Wshadow
                                                -Wconversion -Wnon-virtual-dtor -Woverloaded-virtual)
# g++ 12 warns of its own library in optimised builds (bugs 105651 and 80635).
target_compile_options(hftsim_options INTERFACE $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict -Wno-maybe-uninitialized>)
if(HFTSIM_WERROR)
  target_compile_options(hftsim_options INTERFACE -Werror)
endif()

# hftsim_room(core SOURCES a.cpp b.cpp LINKS hftsim::bus ...)
function(hftsim_room name)
  cmake_parse_arguments(ARG "" "" "SOURCES;LINKS;PRIVATE_LINKS" ${ARGN})
  add_library(hftsim_${name} STATIC ${ARG_SOURCES})
  add_library(hftsim::${name} ALIAS hftsim_${name})
  target_link_libraries(hftsim_${name} PUBLIC hftsim_options ${ARG_LINKS} PRIVATE ${ARG_PRIVATE_LINKS})
endfunction()

# hftsim_coroutines(exchange): a room whose sources are coroutines of Boost.Asio.
function(hftsim_coroutines name)
  # clang 14 has the coroutines of C++20 and does not say so, and Boost 1.74 does not look for them there.
  if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
    target_compile_definitions(hftsim_${name} PRIVATE BOOST_ASIO_HAS_CO_AWAIT=1 BOOST_ASIO_HAS_STD_COROUTINE=1)
    if(CMAKE_CXX_COMPILER_VERSION VERSION_LESS 17)
      target_compile_definitions(hftsim_${name} PRIVATE __cpp_impl_coroutine=201902L)
      # Of coroutines its sanitizer of function types makes what the assembler refuses ("difference across sections").
      target_compile_options(hftsim_${name} PRIVATE -fno-sanitize=function)
    endif()
  endif()
endfunction()

# What joins sockets and coroutines: no fuzzer reaches it, and with sanitizers each file takes minutes to compile.
function(hftsim_not_fuzzed)
  if(HFTSIM_FUZZ)
    set_source_files_properties(${ARGN} PROPERTIES COMPILE_OPTIONS -fno-sanitize=all)
  endif()
endfunction()

# hftsim_test(core SOURCES a_test.cpp LINKS hftsim::core): one program per folder of tests/.
function(hftsim_test name)
  cmake_parse_arguments(ARG "" "" "SOURCES;LINKS;LABELS" ${ARGN})
  add_executable(${name}_tests ${ARG_SOURCES})
  target_link_libraries(${name}_tests PRIVATE hftsim_options ${ARG_LINKS} GTest::gtest GTest::gmock
                                              GTest::gtest_main Threads::Threads)
  gtest_discover_tests(${name}_tests DISCOVERY_TIMEOUT 60)
  # gtest_discover_tests cannot hand on more than one label: they are set where ctest reads the tests.
  set(labels_file ${CMAKE_CURRENT_BINARY_DIR}/${name}_labels.cmake)
  set(labels ${name} ${ARG_LABELS})
  file(CONFIGURE OUTPUT ${labels_file} @ONLY CONTENT
       "foreach(test IN LISTS @name@_tests_TESTS)\n  set_tests_properties(\${test} PROPERTIES LABELS \"@labels@\")\nendforeach()\n")
  set_property(DIRECTORY APPEND PROPERTY TEST_INCLUDE_FILES ${labels_file})
endfunction()
