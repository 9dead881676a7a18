/// One target of the architecture's table: what it may see.
struct Room {
    let name: String
    /// The folder with its sources.
    let folder: String
    /// The targets of ours that it may import.
    let ours: Set<String>
    /// The modules of other packages that it may import.
    let packages: Set<String>

    init(_ name: String, in folder: String? = nil, ours: Set<String> = [], packages: Set<String> = []) {
        self.name = name
        self.folder = folder ?? "Sources/\(name)"
        self.ours = ours
        self.packages = packages
    }

    /// What comes with the toolchain and may be used anywhere.
    static let system: Set<String> = ["Foundation", "FoundationNetworking", "Synchronization", "Glibc", "Swift"]

    /// The table of docs/architecture.md.
    static let all: [Room] = [
        Room("BotKit", packages: ["Dispatch", "Logging", "ServiceLifecycle", "Configuration"]),
        Room("WhatsAppProto", packages: ["SwiftProtobuf", "FoundationEssentials"]),
        Room("WhatsAppKeys", packages: ["CSodium", "Crypto"]),
        Room("WhatsAppSignal", ours: ["WhatsAppKeys"], packages: ["Crypto", "CryptoExtras"]),
        Room(
            "WhatsAppWire", ours: ["WhatsAppProto", "WhatsAppKeys"], packages: ["SwiftProtobuf", "Crypto", "CZlib"]),
        Room(
            "BotCore", ours: ["BotKit"],
            packages: [
                "Logging", "ServiceLifecycle", "CoreMetrics", "Crypto", "Configuration", "DequeModule", "CZip",
            ]),
        Room("Features", ours: ["BotKit"], packages: ["Configuration"]),
        Room(
            "AIServices", ours: ["BotKit"],
            packages: ["AsyncHTTPClient", "NIOCore", "NIOHTTP1", "Logging", "Configuration"]),
        Room(
            "StoreSQLite", ours: ["BotKit"],
            packages: ["GRDB", "GRDBSQLite", "Dispatch", "Logging", "ServiceLifecycle"]),
        Room("WhatsAppCloud", packages: ["AsyncHTTPClient", "NIOCore", "NIOHTTP1", "Crypto"]),
        Room(
            "WhatsAppWeb", ours: ["WhatsAppProto", "WhatsAppKeys", "WhatsAppSignal", "WhatsAppWire"],
            packages: [
                "SwiftProtobuf", "Crypto", "CryptoExtras", "AsyncHTTPClient", "NIOCore", "NIOPosix", "NIOHTTP1",
                "NIOSSL", "NIOWebSocket", "NIOExtras", "NIOSOCKS", "Logging", "CZlib", "CQREncode",
            ]),
        Room(
            "ControlPlane", ours: ["BotKit", "BotCore"],
            packages: [
                "Hummingbird", "HummingbirdCore", "Logging", "ServiceLifecycle", "CoreMetrics", "HTTPTypes",
                "NIOHTTPTypes", "NIOCore", "Configuration",
            ]),
        Room(
            "Providers", ours: ["BotKit", "WhatsAppCloud", "WhatsAppWeb", "WhatsAppWire"],
            packages: [
                "AsyncHTTPClient", "Crypto", "Logging", "ServiceLifecycle", "CoreMetrics", "Configuration",
                "Subprocess", "SystemPackage", "NIOCore",
            ]),
        Room(
            "App",
            ours: [
                "BotKit", "BotCore", "Features", "AIServices", "StoreSQLite", "WhatsAppCloud", "WhatsAppWeb",
                "ControlPlane", "Providers",
            ],
            packages: [
                "Configuration", "ArgumentParser", "AsyncHTTPClient", "Logging", "CoreMetrics", "ServiceLifecycle",
                "UnixSignals", "NIOCore", "NIOHTTP1", "Crypto",
            ]),
        Room("TestKit", ours: ["BotKit"], packages: ["Testing", "Logging"]),
        Room(
            "WhatsAppEmulator", ours: ["WhatsAppProto", "WhatsAppKeys", "WhatsAppSignal", "WhatsAppWire"],
            packages: [
                "Hummingbird", "HummingbirdCore", "AsyncHTTPClient", "SwiftProtobuf", "Crypto", "CryptoExtras", "X509",
                "NIOCore", "NIOPosix", "NIOHTTP1", "NIOSSL", "NIOWebSocket", "HTTPTypes", "Logging", "ArgumentParser",
                "SwiftASN1",
            ]),
        Room("EmulatorProgram", ours: ["WhatsAppEmulator"], packages: ["ArgumentParser"]),
        Room(
            "Benchmarks", in: "Benchmarks",
            ours: [
                "BotKit", "BotCore", "Providers", "StoreSQLite", "WhatsAppKeys", "WhatsAppSignal", "WhatsAppWire",
                "WhatsAppWeb", "WhatsAppEmulator",
            ],
            packages: [
                "AsyncHTTPClient", "ArgumentParser", "NIOCore", "NIOHTTP1", "Crypto", "Configuration", "Logging",
            ]),
    ]
}
