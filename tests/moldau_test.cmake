# moldau_test(NAME LABEL label SOURCES file... [LIBRARIES target...] [TIMEOUT seconds] [PROPERTIES ...])
#
# One GoogleTest executable; each of its tests becomes a ctest test of its own, named `NAME.Suite.Test`,
# so that they run in parallel. Labels: unit conformance integration robustness interop package.
function(moldau_test name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "LABEL;TIMEOUT" "SOURCES;LIBRARIES;PROPERTIES")
  if(NOT arg_TIMEOUT)
    set(arg_TIMEOUT 60)
  endif()
  add_executable(${name} ${arg_SOURCES})
  moldau_compile_options(${name})
  # Tests of one module may look at its private headers.
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR}/src ${PROJECT_SOURCE_DIR}/tests)
  target_compile_definitions(${name} PRIVATE MOLDAU_GOLDEN_DIR="${PROJECT_SOURCE_DIR}/tests/golden")
  target_link_libraries(${name} PRIVATE moldau::moldau moldau::testing GTest::gmock GTest::gtest_main
                                        ${arg_LIBRARIES})
  gtest_discover_tests(${name} TEST_PREFIX "${name}." DISCOVERY_MODE PRE_TEST NO_PRETTY_TYPES
                       PROPERTIES LABELS ${arg_LABEL} TIMEOUT ${arg_TIMEOUT} ${arg_PROPERTIES})
endfunction()
