# Headers, libraries, and how CMake and pkg-config find them.
include(CMakePackageConfigHelpers)

set(config_dir ${CMAKE_INSTALL_LIBDIR}/cmake/moldau)
set_target_properties(moldau_testing PROPERTIES EXPORT_NAME testing INSTALL_RPATH $ORIGIN)
install(TARGETS moldau moldau_testing EXPORT moldauTargets)
install(DIRECTORY include/moldau ${PROJECT_BINARY_DIR}/include/moldau
        DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} FILES_MATCHING PATTERN "*.h")
install(EXPORT moldauTargets NAMESPACE moldau:: DESTINATION ${config_dir})

# What a user needs to link. A shared library has its own dependencies inside, but for the headers of
# moldau/serde/json.h.
set(modules nlohmann_json)
set(MOLDAU_PACKAGES Threads nlohmann_json)
if(NOT BUILD_SHARED_LIBS)
  get_target_property(libraries moldau LINK_LIBRARIES)
  list(FILTER libraries EXCLUDE REGEX "^::@|^Threads::|^nlohmann_json::")  # ::@ marks a scope
  foreach(library ${libraries})
    string(REGEX MATCH "^[^:]+" package ${library})
    list(APPEND MOLDAU_PACKAGES ${package})
    if(package STREQUAL absl)
      string(REPLACE :: _ module ${library})
    else()
      string(TOLOWER ${package} module)
    endif()
    list(APPEND modules ${module})
  endforeach()
  list(REMOVE_DUPLICATES MOLDAU_PACKAGES)
  list(REMOVE_DUPLICATES modules)
endif()
list(JOIN MOLDAU_PACKAGES " " MOLDAU_PACKAGES)
list(JOIN modules ", " modules)

configure_package_config_file(src/cmake/moldauConfig.cmake.in moldauConfig.cmake
                              INSTALL_DESTINATION ${config_dir})
# Before 1.0, every minor version may break users of the one before.
write_basic_package_version_file(moldauConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/moldauConfig.cmake ${PROJECT_BINARY_DIR}/moldauConfigVersion.cmake
              src/cmake/FindRdKafka.cmake
        DESTINATION ${config_dir})

function(moldau_pkg_config name library description requires)
  set(MOLDAU_PC_NAME ${name})
  set(MOLDAU_PC_LIBRARY ${library})
  set(MOLDAU_PC_DESCRIPTION ${description})
  set(MOLDAU_PC_REQUIRES ${requires})
  if(BUILD_SHARED_LIBS)
    set(MOLDAU_PC_CFLAGS " -DMOLDAU_SHARED")
  endif()
  # The way back from the file's folder, so that the installed tree may be moved.
  file(RELATIVE_PATH MOLDAU_PC_PREFIX /${CMAKE_INSTALL_LIBDIR}/pkgconfig /)
  string(REGEX REPLACE "/$" "" MOLDAU_PC_PREFIX ${MOLDAU_PC_PREFIX})
  configure_file(src/cmake/moldau.pc.in ${PROJECT_BINARY_DIR}/${name}.pc @ONLY)
  install(FILES ${PROJECT_BINARY_DIR}/${name}.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
endfunction()
moldau_pkg_config(moldau moldau "${PROJECT_DESCRIPTION}" "${modules}")
moldau_pkg_config(moldau-testing moldau_testing "Test driver and embedded broker of moldau"
                  "moldau = ${PROJECT_VERSION}")
