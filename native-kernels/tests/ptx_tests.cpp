// That the committed PTX and the emulated kernels have the same entries, parameters and bounds. Whether it was made from these
// sources is test.sh's question to the compiler.
#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
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
  unsigned max_threads;
};


std::map<std::string, Entry> entries_of(const std::string& ptx) {
  const std::regex entry_pattern(R"(\.visible \.entry (\w+)\(([^)]*)\)\s*\.maxntid (\d+))");
  const std::regex parameter_pattern(R"(\.param (?:\.align \d+ \.b8 \w+\[(\d+)\]|\.[a-z](\d+)(?: \.ptr[^,]*)? \w+))");
  std::map<std::string, Entry> entries;
  for (std::sregex_iterator entry(ptx.begin(), ptx.end(), entry_pattern), end; entry != end; ++entry) {
    const std::string parameters = (*entry)[2];
    Entry found = {{}, static_cast<unsigned>(std::stoul((*entry)[3]))};
    for (std::sregex_iterator parameter(parameters.begin(), parameters.end(), parameter_pattern); parameter != end; ++parameter) {
      const std::smatch& match = *parameter;
      found.parameter_sizes.push_back(match[1].matched ? std::stoul(match[1]) : std::stoul(match[2]) / 8);
    }

    entries[(*entry)[1]] = found;
  }

  return entries;
}

std::set<std::string> registered_names() {
  const std::regex pattern(R"(\nREGISTER_KERNEL\((\w+),)");
  std::set<std::string> names;
  for (const auto& file : std::filesystem::directory_iterator("kernels")) {
    const std::string text = text_of(file.path());
    for (std::sregex_iterator match(text.begin(), text.end(), pattern), end; match != end; ++match)
      names.insert((*match)[1]);
  }

  return names;
}

TEST(Ptx, HasEveryKernelWithItsParametersAndBounds) {
  const std::map<std::string, Entry> entries = entries_of(text_of("ptx/ymasknet.ptx"));

  std::set<std::string> names;
  for (const auto& [name, entry] : entries) {
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
