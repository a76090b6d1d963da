// JSON, read by protobuf.
#pragma once

#include <google/protobuf/struct.pb.h>

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace ymasknet::conformance {

/// A value in a document that outlives it. What is not there is null.
class Json {
  public:
    explicit Json(const google::protobuf::Value& value) : value_(&value) {}

    /// Reads a document.
    /// @throws std::runtime_error It can't be read.
    static google::protobuf::Value Read(const std::string& path);

    /// Whether there is a value.
    bool IsThere() const {
        return value_->kind_case() != google::protobuf::Value::kNullValue && value_->kind_case() != 0;
    }

    /// A field of an object.
    Json operator[](const std::string& key) const;

    /// An element of an array.
    Json operator[](int index) const { return Json(value_->list_value().values(index)); }

    /// The elements of an array.
    std::vector<Json> Elements() const;

    /// The fields of an object.
    std::vector<std::pair<std::string, Json>> Fields() const;

    /// A text, or another where there is none.
    std::string Text(const std::string& otherwise = "") const { return IsThere() ? value_->string_value() : otherwise; }

    /// A truth, or false where there is none.
    bool Truth() const { return value_->bool_value(); }

    /// A number, or another where there is none. Whole numbers are exact up to 2^53.
    double Number(double otherwise = 0) const { return IsThere() ? value_->number_value() : otherwise; }

    /// A whole number, or another where there is none; above 2^53 it is text.
    std::uint64_t Whole(std::uint64_t otherwise = 0) const;

    /// A number, if there is one.
    std::optional<double> OptionalNumber() const { return IsThere() ? std::optional(Number()) : std::nullopt; }

  private:
    const google::protobuf::Value* value_;
};

/// A line of JSON: an object of a name, and of lines or a text.
std::string Outcome(const std::string& name, const std::vector<std::string>& lines);
std::string Crash(const std::string& name, const std::string& what);

/// A whole file.
/// @throws std::runtime_error It can't be read.
std::string ReadFile(const std::string& path);

}  // namespace ymasknet::conformance
