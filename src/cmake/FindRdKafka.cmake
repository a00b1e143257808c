# Finds librdkafka (the C library) and defines RdKafka::rdkafka.
#
# Newer releases ship a CMake package; Debian 12's 2.0.2 only a pkg-config file.
find_package(RdKafka ${RdKafka_FIND_VERSION} CONFIG QUIET)
if(TARGET RdKafka::rdkafka)
  set(RdKafka_FOUND TRUE)
  return()
endif()

find_package(PkgConfig QUIET)
if(PkgConfig_FOUND)
  pkg_check_modules(PC_RDKAFKA QUIET IMPORTED_TARGET GLOBAL rdkafka)
endif()
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(RdKafka REQUIRED_VARS PC_RDKAFKA_LINK_LIBRARIES
                                  VERSION_VAR PC_RDKAFKA_VERSION)
if(RdKafka_FOUND)
  # Not an alias: an export would then name the target behind it.
  add_library(RdKafka::rdkafka INTERFACE IMPORTED GLOBAL)
  target_link_libraries(RdKafka::rdkafka INTERFACE PkgConfig::PC_RDKAFKA)
endif()
