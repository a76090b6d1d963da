"""The wire contract as generated from `ymasknet/v1/*.proto`: messages in `*_pb2`, stubs of the services in `*_pb2_grpc`."""
