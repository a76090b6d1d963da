# Finds gRPC and protobuf, for the build and for those who use the installed package.

# Sets up the targets gRPC::grpc++, protobuf::libprotobuf and Threads::Threads. gRPC's CMake package is used where there is one,
# its pkg-config files otherwise, as with the gRPC of Debian 11. Protobuf is found by CMake's own module, since Debian's has no
# CMake package. That of Debian's gRPC asks for the programs of protobuf-compiler-grpc.
macro(ymasknet_find_dependencies)
    find_package(Threads REQUIRED)
    find_package(Protobuf REQUIRED)
    if(NOT TARGET gRPC::grpc++)
        find_package(gRPC CONFIG QUIET)
    endif()
    if(NOT TARGET gRPC::grpc++)
        find_package(PkgConfig REQUIRED)
        pkg_check_modules(ymasknet_grpc REQUIRED IMPORTED_TARGET GLOBAL grpc++)
        add_library(gRPC::grpc++ INTERFACE IMPORTED GLOBAL)
        target_link_libraries(gRPC::grpc++ INTERFACE PkgConfig::ymasknet_grpc)
    endif()
endmacro()
