"""Where a server is and how to talk to it."""

from __future__ import annotations

import ipaddress
import math
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Callable, List, Optional, Sequence, Tuple, Union
from urllib.parse import quote, urlsplit

import grpc

from ymasknet.retries import Retries

TokenSource = Union[str, Callable[[], str]]
"""A bearer token, or what gives the current one; asked for every call, and must return at once."""

PemSource = Union[bytes, str, "os.PathLike[str]"]
"""PEM text as bytes, or the path of a PEM file."""

_UNIX_FORM = "unix:///absolute/path or unix:path"
_FORMS = f"http://HOST:PORT, https://HOST:PORT, HOST:PORT, {_UNIX_FORM}"

# Of the system's 108 bytes the last is the terminating zero.
_MAX_SOCKET_PATH_BYTES = 107


@dataclass(frozen=True)
class Tls:
    """How to encrypt the connection, and whom to believe."""

    root_certificates: Optional[PemSource] = None
    """Certificates of the authorities that the server's may come from. Default: those of gRPC, or of the system."""
    certificate_chain: Optional[PemSource] = None
    """This client's own certificate, where the server asks for one; with `private_key`."""
    private_key: Optional[PemSource] = None
    """The key of `certificate_chain`."""
    server_name: Optional[str] = None
    """The name that the server's certificate must be of, where that is not the address's host."""

    def __post_init__(self) -> None:
        if (self.certificate_chain is None) != (self.private_key is None):
            raise ValueError("certificate_chain and private_key belong together: one of them is missing.")


@dataclass(frozen=True)
class Address:
    """A server's address as gRPC takes it."""

    target: str
    is_encrypted: bool
    is_on_this_host: bool

    @staticmethod
    def parse(text: str, tls: bool) -> Address:
        """Reads an address.

        Raises `ValueError` where it is none, or contradicts `tls`.
        """
        if text.startswith("unix:"):
            if tls:
                raise ValueError(f"{text!r} is a Unix socket, on which there is no TLS.")
            return Address(_unix_target(text), is_encrypted=False, is_on_this_host=True)
        if "://" not in text:
            text = f"{'https' if tls else 'http'}://{text}"
        try:
            parts = urlsplit(text)
            port = parts.port
        except ValueError as error:
            raise ValueError(f"{text!r} is no address of a server: {error}; write {_FORMS}.") from error
        if parts.scheme not in ("http", "https") or not parts.hostname or port is None:
            raise ValueError(f"{text!r} is no address of a server; write {_FORMS}.")
        if parts.path not in ("", "/") or parts.query or parts.fragment or parts.username is not None:
            raise ValueError(f"{text!r} is more than the address of a server; write {_FORMS}.")
        if parts.scheme == "http" and tls:
            raise ValueError(f"{text!r} is not encrypted, but TLS is asked for; write https.")
        host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
        return Address(f"{host}:{port}", parts.scheme == "https", _is_loopback(parts.hostname))


@dataclass(frozen=True)
class Connection:
    """A client's settings, checked."""

    address: Address
    tls: Tls
    token: Optional[TokenSource]
    headers: Tuple[Tuple[str, Union[str, bytes]], ...]
    timeout: float
    """Of a call that has none of its own. Unit: seconds; infinite for none."""
    retries: Retries
    options: Tuple[Tuple[str, Any], ...]

    @staticmethod
    def of(
        address: str,
        tls: Optional[Tls],
        token: Optional[TokenSource],
        metadata: Sequence[Tuple[str, Union[str, bytes]]],
        timeout: Optional[float],
        retries: Retries,
        max_message_bytes: int,
        keepalive_interval: float,
        keepalive_timeout: float,
    ) -> Connection:
        """Checks a client's settings.

        Raises `ValueError` that names the one that can't be.
        """
        parsed = Address.parse(address, tls is not None)
        if token is not None and not (parsed.is_encrypted or parsed.is_on_this_host):
            raise ValueError(
                f"{address!r} is not encrypted, and everybody on the way could read the token; write https."
            )
        if max_message_bytes < 1:
            raise ValueError(f"max_message_bytes is {max_message_bytes}; it must be at least 1.")
        options: List[Tuple[str, Any]] = [
            ("grpc.max_send_message_length", max_message_bytes),
            ("grpc.max_receive_message_length", max_message_bytes),
            ("grpc.keepalive_time_ms", _milliseconds("keepalive_interval", keepalive_interval)),
            ("grpc.keepalive_timeout_ms", _milliseconds("keepalive_timeout", keepalive_timeout)),
            ("grpc.http2.max_pings_without_data", 0),
            # A connection of its own: the server shares its time out by connection.
            ("grpc.use_local_subchannel_pool", 1),
            # gRPC needs HTTP/2 all the way; a proxy from the environment would break it.
            ("grpc.enable_http_proxy", 0),
            # This package tries again by its own rules.
            ("grpc.enable_retries", 0),
            ("grpc.initial_reconnect_backoff_ms", 100),
            ("grpc.max_reconnect_backoff_ms", 5000),
            # Under this name gRPC understands how long setting up a connection may take.
            ("grpc.min_reconnect_backoff_ms", 5000),
        ]
        if tls is not None and tls.server_name is not None:
            options.append(("grpc.ssl_target_name_override", tls.server_name))
        return Connection(
            parsed, tls or Tls(), token, tuple(metadata), seconds("timeout", timeout, math.inf), retries, tuple(options)
        )

    def credentials(self) -> Optional[grpc.ChannelCredentials]:
        """What encrypts the connection; `None` for one that is not encrypted.

        Raises `OSError` where a PEM file can't be read.
        """
        if not self.address.is_encrypted:
            return None
        return grpc.ssl_channel_credentials(
            _read_pem(self.tls.root_certificates),
            _read_pem(self.tls.private_key),
            _read_pem(self.tls.certificate_chain),
        )

    def metadata(self) -> Tuple[Tuple[str, Union[str, bytes]], ...]:
        """What goes with a call."""
        if self.token is None:
            return self.headers
        token = self.token() if callable(self.token) else self.token
        return (*self.headers, ("authorization", f"Bearer {token}"))

    def timeout_of(self, timeout: Optional[float]) -> float:
        """A call's timeout in seconds, infinite for none."""
        return seconds("timeout", timeout, self.timeout)


def seconds(name: str, value: Optional[float], default: float) -> float:
    """A length of time.

    Raises `ValueError` where it is negative or not a number.
    """
    if value is None:
        return default
    if not value >= 0:
        raise ValueError(f"{name} is {value}; it must be a number of seconds >= 0.")
    return float(value)


def _milliseconds(name: str, value: float) -> int:
    if not 0 < value < math.inf:
        raise ValueError(f"{name} is {value}; it must be a finite number of seconds > 0.")
    return max(1, round(value * 1000))


def _unix_target(text: str) -> str:
    path = text[len("unix:") :]
    if path.startswith("//"):
        path = path[2:]
        if not path.startswith("/"):
            raise ValueError(f"{text!r} names a host; write {_UNIX_FORM}.")
    if not path:
        raise ValueError(f"{text!r} has no path; write {_UNIX_FORM}.")
    size = len(os.fsencode(path))
    if size > _MAX_SOCKET_PATH_BYTES:
        raise ValueError(
            f"The path in {text!r} has {size} bytes; a Unix socket's has at most {_MAX_SOCKET_PATH_BYTES}."
        )
    # gRPC reads a URI; the path is taken as it is written.
    return f"unix:{quote(os.fsencode(path))}"


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _read_pem(source: Optional[PemSource]) -> Optional[bytes]:
    return source if source is None or isinstance(source, bytes) else Path(source).read_bytes()
