# ymasknet_generate_protos(TARGET [SERVICES] DIRECTORY folder PROTOS path...)
#
# An object library of the messages of proto files, whose paths are relative to the folder, and with SERVICES of gRPC's
# service classes too. The code is generated for protobuf's lite runtime: smaller, and without the process-wide table of
# descriptors, in which the messages of an application that compiles the same files would collide with these.
function(ymasknet_generate_protos target)
    cmake_parse_arguments(PARSE_ARGV 1 arg "SERVICES" "DIRECTORY" "PROTOS")
    set(output "${CMAKE_CURRENT_BINARY_DIR}/generated/${target}")
    file(MAKE_DIRECTORY "${output}")

    set(inputs "")
    set(sources "")
    set(headers "")
    foreach(proto IN LISTS arg_PROTOS)
        list(APPEND inputs "${arg_DIRECTORY}/${proto}")
        string(REGEX REPLACE "\\.proto$" "" stem "${output}/${proto}")
        if(arg_SERVICES)
            list(APPEND sources "${stem}.grpc.pb.cc")
            list(APPEND headers "${stem}.grpc.pb.h")
        else()
            list(APPEND sources "${stem}.pb.cc")
            list(APPEND headers "${stem}.pb.h")
        endif()
    endforeach()

    if(arg_SERVICES)
        find_program(YMASKNET_GRPC_CPP_PLUGIN grpc_cpp_plugin REQUIRED)
        set(generators "--plugin=protoc-gen-grpc=${YMASKNET_GRPC_CPP_PLUGIN}" "--grpc_out=${output}")
    else()
        set(generators "--cpp_out=lite:${output}")
    endif()
    add_custom_command(
        OUTPUT ${sources} ${headers}
        COMMAND protobuf::protoc ${generators} -I "${arg_DIRECTORY}" ${arg_PROTOS}
        DEPENDS ${inputs}
        COMMENT "Generating ${target}"
        VERBATIM)
    add_library(${target} OBJECT ${sources} ${headers})
    target_include_directories(${target} SYSTEM PUBLIC "${output}")
    target_link_libraries(${target} PUBLIC protobuf::libprotobuf)
endfunction()
