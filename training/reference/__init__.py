"""The whole inspection pipeline in PyTorch and NumPy, operator by operator as docs/model-package.md says.

It is what the server is compared with. Networks and RoIAlign run in PyTorch (float32); what lies between them is
written for clarity, in double precision.
"""
