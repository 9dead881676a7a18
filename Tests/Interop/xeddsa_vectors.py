"""Writes Vectors/xeddsa.txt: XEdDSA signatures by two independent implementations, for the tests of WhatsAppKeys.

    python -m venv /tmp/peers && /tmp/peers/bin/pip install XEdDSA==1.2.0 python-axolotl-curve25519==0.4.1.post2
    /tmp/peers/bin/python Tests/Interop/xeddsa_vectors.py

Each line: who made it, private key, public key (X25519), message, signature, shared secret with the key of the line
before (the first: with itself). Hex; an empty message is a dash. Keys and randomness come from a fixed seed.
"""

import hashlib
import pathlib

import axolotl_curve25519
import xeddsa

TARGET = pathlib.Path(__file__).parent / "Vectors" / "xeddsa.txt"


def stream(label: str, index: int, size: int) -> bytes:
    return hashlib.shake_256(f"{label} {index}".encode()).digest(size)


def clamped(private: bytes) -> bytes:
    return bytes([private[0] & 248]) + private[1:31] + bytes([private[31] & 127 | 64])


def sign_with_forced_sign(private: bytes, message: bytes, nonce: bytes) -> bytes:
    return xeddsa.ed25519_priv_sign(xeddsa.priv_force_sign(private, False), message, nonce)


def sign_with_kept_sign(private: bytes, message: bytes, nonce: bytes) -> bytes:
    signature = axolotl_curve25519.calculateSignature(nonce, private, message)
    assert axolotl_curve25519.verifySignature(xeddsa.priv_to_curve25519_pub(private), message, signature) == 0
    return signature


def main() -> None:
    lines = []
    before = clamped(stream("key", 0, 32))
    for index in range(200):
        name, sign = [("xeddsa", sign_with_forced_sign), ("axolotl", sign_with_kept_sign)][index % 2]
        private = clamped(stream("key", index, 32))
        public = xeddsa.priv_to_curve25519_pub(private)
        message = stream("message", index, index % 97)
        signature = sign(private, message, stream("nonce", index, 64))
        secret = xeddsa.x25519(private, xeddsa.priv_to_curve25519_pub(before))
        lines.append(" ".join([name, *(part.hex() or "-" for part in (private, public, message, signature, secret))]))
        before = private
    TARGET.parent.mkdir(exist_ok=True)
    TARGET.write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
