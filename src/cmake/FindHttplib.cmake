# Finds cpp-httplib, the compiled library, and defines Httplib::httplib.
#
# Newer releases ship a CMake package; Debian 12's 0.11.4 only a pkg-config file.
find_package(httplib ${Httplib_FIND_VERSION} CONFIG QUIET)
if(TARGET httplib::httplib)
  if(NOT TARGET Httplib::httplib)
    add_library(Httplib::httplib INTERFACE IMPORTED GLOBAL)
    target_link_libraries(Httplib::httplib INTERFACE httplib::httplib)
  endif()
  set(Httplib_FOUND TRUE)
  return()
endif()

find_package(PkgConfig QUIET)
if(PkgConfig_FOUND)
  pkg_check_modules(PC_HTTPLIB QUIET IMPORTED_TARGET GLOBAL cpp-httplib)
endif()
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(Httplib REQUIRED_VARS PC_HTTPLIB_LINK_LIBRARIES
                                  VERSION_VAR PC_HTTPLIB_VERSION)
if(Httplib_FOUND AND NOT TARGET Httplib::httplib)
  # Not an alias: an export would then name the target behind it.
  add_library(Httplib::httplib INTERFACE IMPORTED GLOBAL)
  target_link_libraries(Httplib::httplib INTERFACE PkgConfig::PC_HTTPLIB)
endif()
