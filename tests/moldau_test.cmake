# moldau_test_part(NAME EXECUTABLE|STATIC|OBJECT LABEL file...)
#
# A program that a test runs, or a part of such programs. Those of the labels unit and conformance are only read by the
# compiler, for its warnings, without MOLDAU_UNIT_TESTS.
function(moldau_test_part name type label)
  if(label MATCHES "^(unit|conformance)$" AND NOT MOLDAU_UNIT_TESTS)
    add_library(${name} OBJECT ${ARGN})
    set_target_properties(${name} PROPERTIES CXX_COMPILER_LAUNCHER ${PROJECT_SOURCE_DIR}/tests/read_only)
  elseif(type STREQUAL EXECUTABLE)
    add_executable(${name} ${ARGN})
  else()
    add_library(${name} ${type} ${ARGN})
  endif()
  moldau_compile_options(${name})
  # Tests of one module may look at its private headers.
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR}/src ${PROJECT_SOURCE_DIR}/tests)
  target_compile_definitions(${name} PRIVATE MOLDAU_GOLDEN_DIR="${PROJECT_SOURCE_DIR}/tests/golden"
                                             MOLDAU_BROKER_DIR="${PROJECT_BINARY_DIR}/broker")
  target_link_libraries(${name} PRIVATE moldau::moldau moldau::testing GTest::gmock)
  if(MOLDAU_PRECOMPILED_TESTS)
    target_precompile_headers(${name} REUSE_FROM test_headers)
  endif()
endfunction()

# moldau_test(NAME LABEL label [THREADED] SOURCES file... [LIBRARIES target...] [TIMEOUT seconds] [PROPERTIES ...])
#
# One GoogleTest executable; each of its tests becomes a ctest test of its own, named `NAME.Suite.Test`,
# so that they run in parallel. Labels: unit conformance integration robustness interop package. THREADED are the
# tests that ThreadSanitizer is for: in a build with it their label is threaded. With sanitizers the executable is one
# ctest test: to start it costs more than most of its tests do.
function(moldau_test name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "THREADED" "LABEL;TIMEOUT" "SOURCES;LIBRARIES;PROPERTIES")
  if(NOT arg_TIMEOUT)
    set(arg_TIMEOUT 60)
  endif()
  moldau_test_part(${name} EXECUTABLE ${arg_LABEL} ${arg_SOURCES})
  if(MOLDAU_SANITIZE STREQUAL thread)
    target_link_libraries(${name} PRIVATE c11_threads)
    list(APPEND arg_PROPERTIES
         ENVIRONMENT "TSAN_OPTIONS=suppressions=${PROJECT_SOURCE_DIR}/tests/sanitizer/thread_suppressions.txt")
    if(arg_THREADED)
      set(arg_LABEL threaded)
    endif()
  endif()
  # Replacements of operator new stay unseen by the code that calls it.
  set(replacements ${arg_SOURCES})
  list(FILTER replacements INCLUDE REGEX "counting_new|allocation_watch")
  set_source_files_properties(${replacements} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
  add_dependencies(tests_${arg_LABEL} ${name})
  target_link_libraries(${name} PRIVATE GTest::gtest_main ${arg_LIBRARIES})
  if(arg_LABEL MATCHES "^(unit|conformance)$" AND NOT MOLDAU_UNIT_TESTS)
    return()
  endif()
  if(MOLDAU_SANITIZE)
    add_test(NAME ${name} COMMAND ${name})
    set_tests_properties(${name} PROPERTIES LABELS ${arg_LABEL} TIMEOUT 600 ${arg_PROPERTIES}
                         FAIL_REGULAR_EXPRESSION "\\[  SKIPPED \\]|YOU HAVE [0-9]+ DISABLED TEST")
    return()
  endif()
  gtest_discover_tests(${name} TEST_PREFIX "${name}." DISCOVERY_MODE PRE_TEST NO_PRETTY_TYPES
                       PROPERTIES LABELS ${arg_LABEL} TIMEOUT ${arg_TIMEOUT} ${arg_PROPERTIES})
endfunction()

# moldau_python_test(NAME LABEL label SCRIPT file [ARGUMENTS ...] [PROGRAMS target...] [TIMEOUT seconds]
#                    [PROPERTIES ...])
#
# One script of Python's unittest, as one ctest test. PROGRAMS are what it runs.
function(moldau_python_test name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "LABEL;SCRIPT;TIMEOUT" "ARGUMENTS;PROGRAMS;PROPERTIES")
  if(NOT arg_TIMEOUT)
    set(arg_TIMEOUT 60)
  endif()
  if(arg_PROGRAMS)
    add_dependencies(tests_${arg_LABEL} ${arg_PROGRAMS})
  endif()
  add_test(NAME ${name} COMMAND Python3::Interpreter -B ${CMAKE_CURRENT_SOURCE_DIR}/${arg_SCRIPT}
                                ${arg_ARGUMENTS}
           COMMAND_EXPAND_LISTS)
  set_tests_properties(${name} PROPERTIES LABELS ${arg_LABEL} TIMEOUT ${arg_TIMEOUT} ${arg_PROPERTIES})
endfunction()
