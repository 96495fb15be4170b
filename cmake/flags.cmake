# Warnings, hardening and sanitizers, for every target of the project: link fob_flags.
include(CheckCCompilerFlag)
add_library(fob_flags INTERFACE)

set(warnings
    -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes -Wcast-qual
    -Wwrite-strings -Wvla -Wformat=2 -Wimplicit-fallthrough -Wundef -Wpointer-arith -Wnull-dereference
    -Wdouble-promotion -Wduplicated-cond -Wlogical-op -Wjump-misses-init)
foreach(flag IN LISTS warnings)
  string(MAKE_C_IDENTIFIER "has${flag}" has)
  check_c_compiler_flag(${flag} ${has})
  if(${has})
    target_compile_options(fob_flags INTERFACE ${flag})
  endif()
endforeach()
if(FOB_WERROR)
  target_compile_options(fob_flags INTERFACE -Werror)
endif()

target_compile_definitions(fob_flags INTERFACE _GNU_SOURCE)
target_compile_options(fob_flags INTERFACE -fvisibility=hidden -fstack-protector-strong -fno-common)
target_link_options(fob_flags INTERFACE -Wl,-z,relro,-z,now,-z,noexecstack)
if(CMAKE_BUILD_TYPE STREQUAL "Release")
  target_compile_options(fob_flags INTERFACE -fstack-clash-protection -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2)
endif()

if(FOB_SANITIZE)
  target_compile_options(fob_flags INTERFACE -fsanitize=${FOB_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(fob_flags INTERFACE -fsanitize=${FOB_SANITIZE})
endif()
