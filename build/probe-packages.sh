#!/usr/bin/env bash
# Finds out whether the NuGet feed serves every genuine package, and writes the answer where the build reads it.
# The answer is kept until the list of packages changes; delete build/PackageSource.answer.props to ask again.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

answer=PackageSource.answer.props
if [[ -f $answer && $answer -nt ../Directory.Packages.props && $answer -nt probe/Probe.csproj ]]; then
  exit 0
fi

package_source=standin
if dotnet restore probe/Probe.csproj -v quiet >/dev/null 2>&1; then
  package_source=nuget
fi

printf '<Project>\n  <PropertyGroup>\n    <PackageSource>%s</PackageSource>\n  </PropertyGroup>\n</Project>\n' \
  "$package_source" >"$answer.new"
mv "$answer.new" "$answer"
echo "packages: $package_source"
