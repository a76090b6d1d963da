// That the committed PTX and the emulated kernels have the same entries, parameters and bounds. Whether it was made from these
// sources is test.sh's question to the compiler.
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include "device.h"

namespace {

// Run in native-kernels.
std::string text_of(const std::filesystem::path& path) {
  std::ifstream file(path);
  EXPECT_TRUE(file.good()) << path << " can't be read";
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

struct Entry {
  std::vector<size_t> parameter_sizes;
  unsigned max_threads = 0;
};

// The number after the first occurrence of some text.
size_t number_after(const std::string& text, const std::string& before) { return std::stoul(text.substr(text.find(before) + before.size())); }

// A line such as ".param .align 8 .b8 name[80]" is a structure, one such as ".param .u64 name" a single value.
size_t parameter_size(const std::string& line) {
  if (line.find(".align") != std::string::npos && line.find('[') != std::string::npos)
    return number_after(line, "[");
  const size_t type = line.find(".param .") + 8;
  return std::stoul(line.substr(type + 1)) / 8;
}

std::map<std::string, Entry> entries_of(const std::string& ptx) {
  const std::string start = ".visible .entry ";
  std::map<std::string, Entry> entries;
  for (size_t at = ptx.find(start); at != std::string::npos; at = ptx.find(start, at + 1)) {
    const size_t name = at + start.size();
    const size_t parameters = ptx.find('(', name);
    const size_t body = ptx.find('{', name);
    Entry& entry = entries[ptx.substr(name, parameters - name)];
    std::stringstream lines(ptx.substr(parameters, ptx.find(')', parameters) - parameters));
    for (std::string line; std::getline(lines, line);) {
      if (line.find(".param") != std::string::npos)
        entry.parameter_sizes.push_back(parameter_size(line));
    }

    entry.max_threads = static_cast<unsigned>(number_after(ptx.substr(name, body - name), ".maxntid "));
  }

  return entries;
}

std::set<std::string> registered_names() {
  const std::string start = "\nREGISTER_KERNEL(";
  std::set<std::string> names;
  for (const auto& file : std::filesystem::directory_iterator("kernels")) {
    const std::string text = text_of(file.path());
    for (size_t at = text.find(start); at != std::string::npos; at = text.find(start, at + 1)) {
      const size_t name = at + start.size();
      names.insert(text.substr(name, text.find(',', name) - name));
    }
  }

  return names;
}

TEST(Ptx, HasEveryKernelWithItsParametersAndBounds) {
  std::set<std::string> names;
  for (const auto& [name, entry] : entries_of(text_of("ptx/ymasknet.ptx"))) {
    names.insert(name);
    const emulation::Kernel* kernel = emulation::find(name);
    ASSERT_NE(nullptr, kernel) << name;
    EXPECT_EQ(kernel->parameter_sizes, entry.parameter_sizes) << name;
    EXPECT_EQ(kernel->max_threads, entry.max_threads) << name;
  }

  EXPECT_EQ(registered_names(), names);
}

TEST(Ptx, KeepsNothingInLocalMemory) {
  const std::string ptx = text_of("ptx/ymasknet.ptx");

  EXPECT_EQ(std::string::npos, ptx.find(".local")) << "a kernel keeps an array in slow memory";
}

}  // namespace
