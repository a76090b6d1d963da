#include "json.h"

#include <google/protobuf/util/json_util.h>

#include <fstream>
#include <iterator>
#include <stdexcept>

namespace ymasknet::conformance {
namespace {

using google::protobuf::Struct;
using google::protobuf::Value;

std::string ToText(const Struct& object) {
    std::string text;
    if (!google::protobuf::util::MessageToJsonString(object, &text).ok())
        throw std::runtime_error("An outcome can't be written as JSON.");
    return text;
}

}  // namespace

std::string ReadFile(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file)
        throw std::runtime_error(path + " can't be read.");
    return {std::istreambuf_iterator<char>(file), {}};
}

Value Json::Read(const std::string& path) {
    Value value;
    const auto status = google::protobuf::util::JsonStringToMessage(ReadFile(path), &value);
    if (!status.ok())
        throw std::runtime_error(path + " is no JSON: " + status.ToString());
    return value;
}

Json Json::operator[](const std::string& key) const {
    static const Value null;
    const auto& fields = value_->struct_value().fields();
    const auto place = fields.find(key);
    return Json(place == fields.end() ? null : place->second);
}

std::vector<Json> Json::Elements() const {
    std::vector<Json> elements;
    for (const Value& value : value_->list_value().values())
        elements.emplace_back(value);
    return elements;
}

std::vector<std::pair<std::string, Json>> Json::Fields() const {
    std::vector<std::pair<std::string, Json>> fields;
    for (const auto& [key, value] : value_->struct_value().fields())
        fields.emplace_back(key, Json(value));
    return fields;
}

std::uint64_t Json::Whole(std::uint64_t otherwise) const {
    if (!IsThere())
        return otherwise;
    return value_->kind_case() == Value::kStringValue ? std::stoull(value_->string_value())
                                                      : static_cast<std::uint64_t>(value_->number_value());
}

std::string Outcome(const std::string& name, const std::vector<std::string>& lines) {
    Struct object;
    (*object.mutable_fields())["name"].set_string_value(name);
    auto& list = *(*object.mutable_fields())["lines"].mutable_list_value();
    for (const std::string& line : lines)
        list.add_values()->set_string_value(line);
    return ToText(object);
}

std::string Crash(const std::string& name, const std::string& what) {
    Struct object;
    (*object.mutable_fields())["name"].set_string_value(name);
    (*object.mutable_fields())["crashed"].set_string_value(what);
    return ToText(object);
}

}  // namespace ymasknet::conformance
