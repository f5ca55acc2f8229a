"""Where faults happen: the demo server, the proxies before it, and a host that nobody meant."""

from __future__ import annotations

import datetime as dt
import ipaddress
import ssl
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from playground_widget.demo import DemoServer
from tests.faults.proxy import Proxy

__all__ = ["Place", "place"]


@dataclass(frozen=True)
class Place:
    """The servers of a test.

    Args:
        plain: Passes on to the demo server, and spoils what comes back.
        tls: The same by TLS, with a certificate that nobody has signed.
        elsewhere: Where nobody meant to send anything.
        certificate: The file with the certificate of `tls`.
    """

    plain: Proxy
    tls: Proxy
    elsewhere: Proxy
    certificate: Path


@contextmanager
def place() -> Iterator[Place]:
    """Run the servers."""
    with tempfile.TemporaryDirectory() as folder, DemoServer() as demo, Proxy(demo) as elsewhere:
        file = Path(folder) / "certificate.pem"
        other = f"http://localhost:{elsewhere.port}"
        with Proxy(demo, unsigned(file)) as tls, Proxy(demo, elsewhere=other) as plain:
            yield Place(plain, tls, elsewhere, file)


def certificate(file: Path) -> None:
    """Write a key, and a certificate for this machine that it signed itself, for a day."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = dt.datetime.now(dt.UTC)
    hosts = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(hours=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(hosts, critical=False)
        .sign(key, hashes.SHA256())
    )
    plain = serialization.NoEncryption()
    pem = serialization.Encoding.PEM
    secret = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain)
    file.write_bytes(secret + made.public_bytes(pem))


def unsigned(file: Path) -> ssl.SSLContext:
    """Return what a server speaks TLS with, with a certificate that nobody else has signed."""
    certificate(file)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context
