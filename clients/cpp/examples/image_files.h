/// @file
/// From a file's name to an image that can be sent.
#pragma once

#include <string>

#include "ymasknet/image.h"

/// The pixels of a PGM or PPM file (`.pgm`, `.ppm`, `.pnm`), or the bytes of any other file, for the server to decode.
/// @throws ymasknet::Error The file can't be read. std::runtime_error It is a damaged PGM or PPM file.
ymasknet::Image ReadImage(const std::string& path);

/// The bare pixels of a file.
/// @param form Size and pixel format, for example `2448x2048:Mono8`.
/// @throws ymasknet::Error The file can't be read, or has not as many bytes. std::runtime_error The form is none.
ymasknet::Image ReadRawImage(const std::string& path, const std::string& form);
