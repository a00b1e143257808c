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

# moldau::schema_registry: its header of Protobuf serdes needs Protobuf, whatever is linked how.
if(MOLDAU_BUILD_SCHEMA_REGISTRY)
  set_target_properties(moldau_schema_registry PROPERTIES EXPORT_NAME schema_registry INSTALL_RPATH $ORIGIN)
  install(TARGETS moldau_schema_registry EXPORT moldauSchemaRegistryTargets)
  install(EXPORT moldauSchemaRegistryTargets NAMESPACE moldau:: DESTINATION ${config_dir})
  set(MOLDAU_SCHEMA_REGISTRY_PACKAGES Protobuf)
  set(schema_registry_modules protobuf)
  if(NOT BUILD_SHARED_LIBS)
    string(APPEND MOLDAU_SCHEMA_REGISTRY_PACKAGES " Httplib")
    string(APPEND schema_registry_modules ", cpp-httplib")
    install(FILES src/cmake/FindHttplib.cmake DESTINATION ${config_dir})
  endif()
endif()

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
if(MOLDAU_BUILD_SCHEMA_REGISTRY)
  moldau_pkg_config(moldau-schema-registry moldau_schema_registry
                    "Avro and Protobuf serdes of moldau, with a schema registry"
                    "moldau = ${PROJECT_VERSION}, ${schema_registry_modules}")
endif()
