public import Foundation

/// How a client reaches the server and what it says of itself.
public struct WebSettings: Sendable {
    /// The server: `wss`, or `ws` to an emulator.
    public var server: URL
    /// The public half of the key that the server's certificates begin with, 32 bytes.
    public var root: [UInt8]
    /// A file with the certificates (PEM) to trust instead of the system's; for emulators.
    public var trustedCertificates: String?
    /// A proxy: `http://[user:password@]host:port` (CONNECT) or `socks5://host:port`.
    public var proxy: URL?
    /// What the list of linked devices on the phone calls us.
    public var deviceName: String
    /// The revision of the official client that we speak like.
    public var revision: UInt32
    /// Whether the phone's old conversations are wanted.
    public var wantsHistory: Bool
    /// The phone number to link by a code instead of by QR codes; nil for QR codes.
    public var linksByCodeTo: String?
    /// Names a new file for what is too large for memory; the client makes it, readable for its user alone, and removes
    /// it after use. What a killed process leaves is the owner's to remove.
    public var temporaryFile: @Sendable () -> URL = {
        FileManager.default.temporaryDirectory.appending(path: "history-\(UUID().uuidString)")
    }

    public init(
        server: URL = WebSettings.officialServer, root: [UInt8] = WebSettings.officialRoot,
        trustedCertificates: String? = nil, proxy: URL? = nil, deviceName: String = "Martlet",
        revision: UInt32 = WebSettings.knownRevision, wantsHistory: Bool = false,
        linksByCodeTo: String? = nil
    ) {
        self.server = server
        self.root = root
        self.trustedCertificates = trustedCertificates
        self.proxy = proxy
        self.deviceName = deviceName
        self.revision = revision
        self.wantsHistory = wantsHistory
        self.linksByCodeTo = linksByCodeTo
    }

    public static let knownRevision: UInt32 = 1_047_769_893
    /// The root key of the real servers.
    public static let officialRoot: [UInt8] = [
        0x14, 0x23, 0x75, 0x57, 0x4d, 0x0a, 0x58, 0x71, 0x66, 0xaa, 0xe7, 0x1e, 0xbe, 0x51, 0x64, 0x37,
        0xc4, 0xa2, 0x8b, 0x73, 0xe3, 0x69, 0x5c, 0x6c, 0xe1, 0xf7, 0xf9, 0x54, 0x5d, 0xa8, 0xee, 0x6b,
    ]
    public static var officialServer: URL {
        var parts = URLComponents()
        parts.scheme = "wss"
        parts.host = "web.whatsapp.com"
        parts.path = "/ws/chat"
        return parts.url ?? URL(fileURLWithPath: "/")
    }
    public var isOfficialRoot: Bool { root == WebSettings.officialRoot }
}
