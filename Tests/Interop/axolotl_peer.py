"""One Signal device by python-axolotl, driven by lines of JSON: {"op": …} in, an answer or {"error": …} out. Bytes are hex.

bundle; begin (a bundle); encrypt, decrypt (kind, bytes); join, distribution, encrypt_group, decrypt_group (bytes).
"""

import json
import os
import sys

# The library's generated code is older than the protobuf package that is current.
os.environ["PROTOCOL_BUFFERS_PYTHON_IMPLEMENTATION"] = "python"

from axolotl.axolotladdress import AxolotlAddress  # noqa: E402
from axolotl.ecc.curve import Curve  # noqa: E402
from axolotl.groups.groupcipher import GroupCipher  # noqa: E402
from axolotl.groups.groupsessionbuilder import GroupSessionBuilder  # noqa: E402
from axolotl.groups.senderkeyname import SenderKeyName  # noqa: E402
from axolotl.identitykey import IdentityKey  # noqa: E402
from axolotl.protocol.prekeywhispermessage import PreKeyWhisperMessage  # noqa: E402
from axolotl.protocol.senderkeydistributionmessage import SenderKeyDistributionMessage  # noqa: E402
from axolotl.protocol.whispermessage import WhisperMessage  # noqa: E402
from axolotl.sessionbuilder import SessionBuilder  # noqa: E402
from axolotl.sessioncipher import SessionCipher  # noqa: E402
from axolotl.state.prekeybundle import PreKeyBundle  # noqa: E402
from axolotl.state.prekeyrecord import PreKeyRecord  # noqa: E402
from axolotl.state.signedprekeyrecord import SignedPreKeyRecord  # noqa: E402
from axolotl.tests.groups.inmemorysenderkeystore import InMemorySenderKeyStore  # noqa: E402
from axolotl.tests.inmemoryaxolotlstore import InMemoryAxolotlStore  # noqa: E402

PEER, DEVICE = "15550000001", 1
NO_PREKEY = 0  # what the library takes an absent one-time prekey for when it reads a first message


def point(text: str):
    return Curve.decodePoint(bytearray(bytes.fromhex(text)), 0)


class Device:
    def __init__(self) -> None:
        self.store = InMemoryAxolotlStore()
        arguments = (PEER, DEVICE)
        stores = (self.store, self.store, self.store, self.store)
        self.builder = SessionBuilder(*stores, *arguments)
        self.cipher = SessionCipher(*stores, *arguments)
        self.sender_keys = InMemorySenderKeyStore()
        self.groups = GroupSessionBuilder(self.sender_keys)
        self.mine = SenderKeyName("group", AxolotlAddress("15550000002", DEVICE))
        self.theirs = SenderKeyName("group", AxolotlAddress(PEER, DEVICE))

    def bundle(self, _) -> dict:
        prekey, signed = Curve.generateKeyPair(), Curve.generateKeyPair()
        identity = self.store.getIdentityKeyPair()
        signature = Curve.calculateSignature(identity.getPrivateKey(), signed.getPublicKey().serialize())
        self.store.storePreKey(31337, PreKeyRecord(31337, prekey))
        self.store.storeSignedPreKey(22, SignedPreKeyRecord(22, 1_700_000_000_000, signed, signature))
        return {
            "registration_id": self.store.getLocalRegistrationId(),
            "identity": identity.getPublicKey().serialize().hex(),
            "signed_prekey_id": 22,
            "signed_prekey": signed.getPublicKey().serialize().hex(),
            "signature": signature.hex(),
            "prekey_id": 31337,
            "prekey": prekey.getPublicKey().serialize().hex(),
        }

    # The signature over our signed prekey is checked by the library.
    def begin(self, request: dict) -> dict:
        prekey = request.get("prekey")
        self.builder.processPreKeyBundle(
            PreKeyBundle(
                request["registration_id"],
                DEVICE,
                request.get("prekey_id"),
                point(prekey) if prekey else None,
                request["signed_prekey_id"],
                point(request["signed_prekey"]),
                bytes.fromhex(request["signature"]),
                IdentityKey(point(request["identity"])),
            )
        )
        return {}

    def encrypt(self, request: dict) -> dict:
        message = self.cipher.encrypt(bytes.fromhex(request["bytes"]))
        kind = "pkmsg" if isinstance(message, PreKeyWhisperMessage) else "msg"
        return {"kind": kind, "bytes": bytes(message.serialize()).hex()}

    def decrypt(self, request: dict) -> dict:
        data = bytes.fromhex(request["bytes"])
        if request["kind"] == "pkmsg":
            message = PreKeyWhisperMessage(serialized=data)
            if message.preKeyId == NO_PREKEY:
                message.preKeyId = None
            return {"bytes": bytes(self.cipher.decryptPkmsg(message)).hex()}
        return {"bytes": bytes(self.cipher.decryptMsg(WhisperMessage(serialized=data))).hex()}

    def join(self, request: dict) -> dict:
        message = SenderKeyDistributionMessage(serialized=bytes.fromhex(request["bytes"]))
        self.groups.process(self.theirs, message)
        return {}

    def distribution(self, _) -> dict:
        return {"bytes": bytes(self.groups.create(self.mine).serialize()).hex()}

    def encrypt_group(self, request: dict) -> dict:
        cipher = GroupCipher(self.sender_keys, self.mine)
        return {"bytes": bytes(cipher.encrypt(bytes.fromhex(request["bytes"]))).hex()}

    def decrypt_group(self, request: dict) -> dict:
        cipher = GroupCipher(self.sender_keys, self.theirs)
        return {"bytes": bytes(cipher.decrypt(bytes.fromhex(request["bytes"]))).hex()}


def main() -> None:
    device = Device()
    for line in sys.stdin:
        request = json.loads(line)
        try:
            answer = getattr(device, request["op"])(request)
        except Exception as error:  # the test says what it expected
            answer = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
