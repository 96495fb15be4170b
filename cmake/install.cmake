# Headers, fob.pc and the CMake package.
include(CMakePackageConfigHelpers)
install(DIRECTORY include/fob DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(TARGETS fob EXPORT fob LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(EXPORT fob NAMESPACE fob:: FILE fob-targets.cmake DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/fob)

configure_package_config_file(cmake/fob-config.cmake.in fob-config.cmake
                              INSTALL_DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/fob)
write_basic_package_version_file(fob-config-version.cmake VERSION ${PROJECT_VERSION} COMPATIBILITY SameMajorVersion)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/fob-config.cmake ${CMAKE_CURRENT_BINARY_DIR}/fob-config-version.cmake
        DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/fob)

# pcfiledir: the installation may be moved.
file(RELATIVE_PATH fob_prefix_from_pc ${CMAKE_INSTALL_FULL_LIBDIR}/pkgconfig ${CMAKE_INSTALL_PREFIX})
configure_file(cmake/fob.pc.in fob.pc @ONLY)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/fob.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
