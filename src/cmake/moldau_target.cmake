# What every target of this project is compiled with. Users of the library see none of it.
function(moldau_compile_options target)
  target_compile_features(${target} PUBLIC cxx_std_20)
  set_target_properties(${target} PROPERTIES CXX_EXTENSIONS OFF CXX_VISIBILITY_PRESET hidden
                                             VISIBILITY_INLINES_HIDDEN ON)
  target_compile_options(${target} PRIVATE -Wall -Wextra -Wpedantic -Wshadow -Wconversion
                                           $<$<BOOL:${MOLDAU_WERROR}>:-Werror>)
  if(CMAKE_CXX_COMPILER_ID STREQUAL GNU AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
    # They misfire: on `"text" + std::string` (GCC bug 105651), and on moving a struct with an empty
    # std::optional in it (GCC bug 80635).
    target_compile_options(${target} PRIVATE -Wno-restrict -Wno-maybe-uninitialized)
  endif()
  if(MOLDAU_SANITIZE)
    target_compile_options(${target} PRIVATE -fsanitize=${MOLDAU_SANITIZE} -fno-omit-frame-pointer
                                             -fno-sanitize-recover=all ${MOLDAU_SANITIZE_NOT})
    if(CMAKE_CXX_COMPILER_ID STREQUAL GNU)
      # Instrumented code hides from it what is initialized; the ordinary build is the one to warn.
      target_compile_options(${target} PRIVATE -Wno-maybe-uninitialized)
    endif()
    target_link_options(${target} PUBLIC -fsanitize=${MOLDAU_SANITIZE})
  endif()
endfunction()
