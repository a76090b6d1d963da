#include "ptx.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include <algorithm>
#include <map>
#include <utility>

#include "status.h"

namespace standin {

namespace {

// The text up to its NUL. Every byte of PTX is printable ASCII or white space, so a text without NUL ends soon behind it in a
// byte that is neither.
std::string text_of(const char* image) {
  size_t length = 0;
  for (; image[length] != '\0'; length++) {
    const unsigned char byte = static_cast<unsigned char>(image[length]);
    if (byte >= 0x7f || (byte < ' ' && !isspace(byte))) {
      const bool is_ptx = std::string(image, length).find(".version") != std::string::npos;
      throw Refusal(is_ptx ? Status::InvalidPtx : Status::InvalidImage,
                    "byte " + std::to_string(length) + " of the image is " + std::to_string(byte)
                        + "; PTX is ASCII text that ends in NUL");
    }
  }

  return std::string(image, length);
}

std::string without_comments(const std::string& text) {
  std::string result;
  for (size_t at = 0; at < text.size();) {
    if (text.compare(at, 2, "//") == 0) {
      at = std::min(text.find('\n', at), text.size());
    } else if (text.compare(at, 2, "/*") == 0) {
      const size_t end = text.find("*/", at + 2);
      at = end == std::string::npos ? text.size() : end + 2;
      result += ' ';
    } else {
      result += text[at++];
    }
  }

  return result;
}

// Words (with their dots, dollars and per cents) and single punctuation marks.
std::vector<std::string> tokens_of(const std::string& text) {
  std::vector<std::string> tokens;
  for (size_t at = 0; at < text.size();) {
    if (isspace(static_cast<unsigned char>(text[at]))) {
      at++;
      continue;
    }

    size_t end = at;
    while (end < text.size() && (isalnum(static_cast<unsigned char>(text[end])) || strchr("._$%", text[end]) != nullptr))
      end++;
    end = end == at ? at + 1 : end;
    tokens.push_back(text.substr(at, end - at));
    at = end;
  }

  return tokens;
}

class Reader {
 public:
  explicit Reader(std::vector<std::string> tokens) : tokens_(std::move(tokens)) {}

  Ptx read() {
    while (!is_at_end()) {
      const std::string token = next();
      if (token == ".version")
        read_version();
      else if (token == ".target")
        read_target();
      else if (token == ".shared")
        read_shared();
      else if (token == ".entry")
        read_entry();
      else if (token == "{")
        skip_body();
    }

    if (ptx_.version == 0 || ptx_.target == 0)
      throw Refusal(Status::InvalidImage, "the image has no .version and .target: it is not PTX text");
    return ptx_;
  }

 private:
  bool is_at_end() const { return at_ == tokens_.size(); }

  const std::string& peek() const {
    if (is_at_end())
      throw Refusal(Status::InvalidPtx, "the PTX ends in the middle of " + place_);
    return tokens_[at_];
  }

  std::string next() {
    std::string token = peek();
    at_++;
    return token;
  }

  size_t next_number() {
    const std::string token = next();
    char* end = nullptr;
    const size_t value = strtoull(token.c_str(), &end, 10);
    if (end == token.c_str() || *end != '\0')
      throw Refusal(Status::InvalidPtx, "'" + token + "' stands where " + place_ + " needs a number");
    return value;
  }

  void read_version() {
    place_ = ".version";
    const std::string token = next();
    const size_t dot = token.find('.');
    if (dot == std::string::npos)
      throw Refusal(Status::InvalidPtx, "the .version '" + token + "' is not of the form major.minor");
    ptx_.version = atoi(token.c_str()) * 10 + atoi(token.c_str() + dot + 1);
  }

  void read_target() {
    place_ = ".target";
    const std::string token = next();
    if (token.compare(0, 3, "sm_") != 0)
      throw Refusal(Status::InvalidPtx, "the .target '" + token + "' is not of the form sm_NN");
    ptx_.target = atoi(token.c_str() + 3);
  }

  static size_t bytes_of_type(const std::string& type) {
    const size_t digits = type.find_first_of("0123456789");
    const size_t bits = digits == std::string::npos ? 0 : strtoull(type.c_str() + digits, nullptr, 10);
    if (bits % 8 != 0 || bits == 0)
      throw Refusal(Status::InvalidPtx, "the type '" + type + "' is none of PTX");
    return bits / 8;
  }

  // What follows .shared or .param: .align N, .type, qualifiers of pointers, the name, [count].
  struct Variable {
    std::string name;
    size_t bytes;
    size_t alignment;
  };

  Variable read_variable() {
    Variable variable = {"", 0, 0};
    size_t element = 0;
    while (peek()[0] == '.') {
      const std::string word = next();
      if (word == ".ptr") {
        // The alignment of what is pointed to, and its space, follow.
        while (peek()[0] == '.') {
          if (next() == ".align")
            next_number();
        }
      } else if (word == ".align") {
        variable.alignment = next_number();
      } else {
        element = bytes_of_type(word);
      }
    }

    variable.name = next();
    variable.bytes = element;
    if (!is_at_end() && peek() == "[") {
      next();
      // An array without a size is the dynamic shared memory.
      variable.bytes = peek() == "]" ? 0 : element * next_number();
      next();
    }

    variable.alignment = variable.alignment == 0 ? element : variable.alignment;
    return variable;
  }

  void read_shared() {
    place_ = "a .shared variable";
    const Variable variable = read_variable();
    shared_bytes_[variable.name] = variable.bytes;
  }

  void read_entry() {
    PtxKernel kernel;
    kernel.name = next();
    place_ = "the kernel '" + kernel.name + "'";
    if (peek() == "(")
      read_parameters(kernel);
    while (peek() != "{") {
      if (next() == ".maxntid")
        read_max_threads(kernel);
    }

    next();
    read_body(kernel);
    ptx_.kernels.push_back(kernel);
  }

  void read_parameters(PtxKernel& kernel) {
    next();
    while (peek() != ")") {
      const std::string token = next();
      if (token == ",")
        continue;
      if (token != ".param")
        throw Refusal(Status::InvalidPtx, "'" + token + "' stands among the parameters of " + place_);
      const Variable variable = read_variable();
      kernel.parameters.push_back({variable.bytes, variable.alignment});
    }

    next();
  }

  void read_max_threads(PtxKernel& kernel) {
    size_t threads = next_number();
    while (peek() == ",") {
      next();
      threads *= next_number();
    }

    kernel.max_threads = static_cast<unsigned>(threads);
  }

  void read_body(PtxKernel& kernel) {
    std::map<std::string, size_t> used;
    for (int depth = 1; depth > 0;) {
      const std::string token = next();
      depth += token == "{" ? 1 : token == "}" ? -1 : 0;
      if (token == ".shared" && peek()[0] == '.') {
        // Loads and stores are words of their own (ld.shared.f32), so this declares a variable.
        const Variable variable = read_variable();
        used[variable.name] = variable.bytes;
      } else if (const auto found = shared_bytes_.find(token); found != shared_bytes_.end()) {
        used[token] = found->second;
      }
    }

    for (const auto& [name, bytes] : used)
      kernel.shared_bytes += bytes;
  }

  // The body of a function that is no kernel.
  void skip_body() {
    place_ = "a function";
    for (int depth = 1; depth > 0;) {
      const std::string token = next();
      depth += token == "{" ? 1 : token == "}" ? -1 : 0;
    }
  }

  std::vector<std::string> tokens_;
  size_t at_ = 0;
  std::string place_;
  std::map<std::string, size_t> shared_bytes_;
  Ptx ptx_;
};

}  // namespace

Ptx read_ptx(const char* image) { return Reader(tokens_of(without_comments(text_of(image)))).read(); }

}  // namespace standin
