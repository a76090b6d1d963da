"""Model packages: ONNX files and the manifest that describes them (docs/model-package.md)."""
