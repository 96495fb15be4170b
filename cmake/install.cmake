# Headers, fob.pc and the CMake package.
install(DIRECTORY include/fob DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
