import Crypto
import Foundation
import SwiftProtobuf
import WhatsAppKeys
import WhatsAppProto
import WhatsAppWire

extension WAClientPayload {
    /// What a client that is not linked says at the end of the handshake.
    static func registering(_ credentials: Credentials, as settings: WebSettings) throws -> [UInt8] {
        var payload = common(settings)
        payload.passive = false
        payload.pull = false
        payload.devicePairingData = try .with {
            $0.registrationID = credentials.registrationID.bigEndianData
            $0.keyType = Data([5])
            $0.identityKey = Data(credentials.identity.publicKey.bytes)
            $0.signedPrekeyID = credentials.signedPrekey.id.bigEndianData.dropFirst()
            $0.signedPrekey = Data(credentials.signedPrekey.keys.publicKey.bytes)
            $0.signedPrekeySignature = Data(credentials.signedPrekey.signature)
            $0.buildHash = Data(Insecure.MD5.hash(data: Data("2.3000.\(settings.revision)".utf8)))
            $0.deviceProps = try WADeviceProps.with {
                $0.os = settings.deviceName
                $0.version = .with {
                    $0.primary = 0
                    $0.secondary = 1
                    $0.tertiary = 0
                }
                $0.platformType = .desktop
                $0.requireFullSync = settings.wantsHistory
                $0.historySyncConfig = .with {
                    $0.storageQuotaMb = 10_240
                    $0.inlineInitialPayload = true
                }
            }.serializedData()
        }
        return try payload.serializedBytes()
    }

    /// What a linked client says at the end of the handshake.
    static func loggingIn(_ account: Credentials.Account, name: String?, as settings: WebSettings) throws -> [UInt8] {
        guard let number = UInt64(account.phoneNumber.user) else {
            throw WebError(.store, "the stored account has no phone number; link it again")
        }
        var payload = common(settings)
        payload.username = number
        payload.device = UInt32(account.phoneNumber.device)
        payload.passive = true
        payload.pull = true
        payload.lc = 1
        payload.lidDbMigrated = true
        if let name { payload.pushName = name }
        return try payload.serializedBytes()
    }

    private static func common(_ settings: WebSettings) -> WAClientPayload {
        .with {
            $0.userAgent = .with {
                $0.platform = .web
                $0.appVersion = .with {
                    $0.primary = 2
                    $0.secondary = 3000
                    $0.tertiary = settings.revision
                }
                $0.mcc = "000"
                $0.mnc = "000"
                $0.osVersion = "0.1"
                $0.manufacturer = ""
                $0.device = "Desktop"
                $0.osBuildNumber = "0.1"
                $0.releaseChannel = .release
                $0.language = "en"
                $0.country = "US"
            }
            $0.webInfo.subPlatform = .webBrowser
            $0.connectType = .wifiUnknown
            $0.connectReason = .userActivated
        }
    }
}

extension UInt32 {
    /// Four bytes, the highest first.
    var bigEndianData: Data { withUnsafeBytes(of: bigEndian) { Data($0) } }
}
