"""From a package's float networks to their 8-bit form (training/README.md, docs/model-package.md)."""
