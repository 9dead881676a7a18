// swift-tools-version: 6.2

import PackageDescription

/// The language settings of every target of ours; the reasons are in docs/architecture.md.
let strict: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .treatAllWarnings(as: .error),
]

/// Those of code that a tool wrote: its imports are public.
let generated: [SwiftSetting] = [.enableUpcomingFeature("ExistentialAny")]

let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let metrics = Target.Dependency.product(name: "CoreMetrics", package: "swift-metrics")
let lifecycle = Target.Dependency.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let unixSignals = Target.Dependency.product(name: "UnixSignals", package: "swift-service-lifecycle")
let configuration = Target.Dependency.product(name: "Configuration", package: "swift-configuration")
let asyncHTTPClient = Target.Dependency.product(name: "AsyncHTTPClient", package: "async-http-client")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let hummingbird = Target.Dependency.product(name: "Hummingbird", package: "hummingbird")
let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let nioHTTP1 = Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio")
let nioWebSocket = Target.Dependency.product(name: "NIOWebSocket", package: "swift-nio")
let nioExtras = Target.Dependency.product(name: "NIOExtras", package: "swift-nio-extras")
let nioSOCKS = Target.Dependency.product(name: "NIOSOCKS", package: "swift-nio-extras")
let nioSSL = Target.Dependency.product(name: "NIOSSL", package: "swift-nio-ssl")
let asn1 = Target.Dependency.product(name: "SwiftASN1", package: "swift-asn1")
let certificates = Target.Dependency.product(name: "X509", package: "swift-certificates")
let cryptoExtras = Target.Dependency.product(name: "CryptoExtras", package: "swift-crypto")
let protobuf = Target.Dependency.product(name: "SwiftProtobuf", package: "swift-protobuf")
let httpTypes = Target.Dependency.product(name: "HTTPTypes", package: "swift-http-types")
let deque = Target.Dependency.product(name: "DequeModule", package: "swift-collections")
let subprocess = Target.Dependency.product(name: "Subprocess", package: "swift-subprocess")
let systemPackage = Target.Dependency.product(name: "SystemPackage", package: "swift-system")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")

let package = Package(
    name: "martlet",
    products: [
        .executable(name: "martlet", targets: ["App"]),
        .executable(name: "whatsapp-emulator", targets: ["EmulatorProgram"]),
    ],
    dependencies: [
        .package(url: "https://github.com/hummingbird-project/hummingbird.git", from: "2.28.1"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle.git", from: "2.13.0"),
        .package(url: "https://github.com/swift-server/async-http-client.git", from: "1.37.0"),
        .package(url: "https://github.com/apple/swift-log.git", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-metrics.git", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-nio.git", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-extras.git", from: "1.35.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl.git", from: "2.37.6"),
        .package(url: "https://github.com/apple/swift-asn1.git", from: "1.7.4"),
        .package(url: "https://github.com/apple/swift-certificates.git", from: "1.21.1"),
        .package(url: "https://github.com/apple/swift-protobuf.git", from: "1.39.0"),
        .package(url: "https://github.com/apple/swift-http-types.git", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-collections.git", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-crypto.git", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-argument-parser.git", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-configuration.git", from: "1.4.0", traits: []),
        .package(url: "https://github.com/apple/swift-system.git", from: "1.8.1"),
        .package(url: "https://github.com/swiftlang/swift-subprocess.git", from: "1.0.2"),
        .package(url: "https://github.com/groue/GRDB.swift.git", exact: "7.10.0"),
    ],
    targets: [
        // Layer 0: words and plugs
        .target(name: "BotKit", dependencies: [logging, lifecycle, configuration], swiftSettings: strict),

        .systemLibrary(name: "CSodium", pkgConfig: "libsodium", providers: [.apt(["libsodium-dev"])]),
        .systemLibrary(name: "CQREncode", pkgConfig: "libqrencode", providers: [.apt(["libqrencode-dev"])]),
        .systemLibrary(name: "CZip", pkgConfig: "libzip", providers: [.apt(["libzip-dev"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .target(
            name: "WhatsAppProto", dependencies: [protobuf], exclude: ["README.md", "Protos"],
            swiftSettings: generated),
        .target(name: "WhatsAppKeys", dependencies: [crypto, "CSodium"], swiftSettings: strict),

        // Layer 1: WhatsApp's protocols as pure functions
        .target(
            name: "WhatsAppSignal",
            dependencies: ["WhatsAppKeys", crypto, cryptoExtras], swiftSettings: strict),
        .target(
            name: "WhatsAppWire",
            dependencies: ["WhatsAppProto", "WhatsAppKeys", "CZlib", protobuf, crypto], swiftSettings: strict),

        // Layer 1: the bot's rooms, which do not see each other
        .target(
            name: "BotCore",
            dependencies: ["BotKit", "CZip", logging, lifecycle, metrics, crypto, deque, configuration],
            swiftSettings: strict),
        .target(name: "Features", dependencies: ["BotKit", configuration], swiftSettings: strict),
        .target(
            name: "AIServices", dependencies: ["BotKit", asyncHTTPClient, nioCore, nioHTTP1, logging, configuration],
            exclude: ["Language/Tokens/Generated/README.md"],
            resources: [.embedInCode("Language/Prices/prices.json")], swiftSettings: strict),
        .target(name: "StoreSQLite", dependencies: ["BotKit", grdb, logging, lifecycle], swiftSettings: strict),

        // Layer 2: protocol libraries that know no bot, and the control plane
        .target(
            name: "WhatsAppCloud", dependencies: [asyncHTTPClient, nioCore, nioHTTP1, crypto], swiftSettings: strict),
        .target(
            name: "WhatsAppWeb",
            dependencies: [
                "WhatsAppProto", "WhatsAppKeys", "WhatsAppSignal", "WhatsAppWire", "CZlib", "CQREncode",
                protobuf, crypto, cryptoExtras, asyncHTTPClient, nioCore, nioPosix, nioHTTP1, nioSSL, nioWebSocket,
                nioExtras,
                nioSOCKS, logging,
            ], swiftSettings: strict),
        .target(
            name: "ControlPlane",
            dependencies: [
                "BotKit", "BotCore", hummingbird, logging, lifecycle, metrics, httpTypes, nioCore, configuration,
            ],
            swiftSettings: strict),

        // Layer 3: where the two families meet
        .target(
            name: "Providers",
            dependencies: [
                "BotKit", "WhatsAppCloud", "WhatsAppWeb", "WhatsAppWire", asyncHTTPClient, crypto, logging, lifecycle,
                metrics,
                configuration, subprocess, systemPackage, nioCore,
            ],
            swiftSettings: strict),

        // Layer 4: the product
        .executableTarget(
            name: "App",
            dependencies: [
                "BotKit", "BotCore", "Features", "AIServices", "StoreSQLite", "WhatsAppCloud", "WhatsAppWeb",
                "ControlPlane", "Providers", configuration, argumentParser, asyncHTTPClient, logging, metrics,
                lifecycle,
                unixSignals, nioCore, nioHTTP1, crypto,
            ],
            swiftSettings: strict),

        // For tests, demos and load
        .target(name: "TestKit", dependencies: ["BotKit", logging], swiftSettings: strict),
        .target(
            name: "WhatsAppEmulator",
            dependencies: [
                "WhatsAppProto", "WhatsAppKeys", "WhatsAppSignal", "WhatsAppWire", protobuf, cryptoExtras, nioSSL,
                nioWebSocket, certificates, asn1, hummingbird, asyncHTTPClient, crypto, nioCore, nioPosix, nioHTTP1,
                httpTypes, logging, argumentParser,
            ],
            swiftSettings: strict),
        .executableTarget(
            name: "EmulatorProgram", dependencies: ["WhatsAppEmulator", argumentParser], swiftSettings: strict),
        .executableTarget(
            name: "Benchmarks",
            dependencies: [
                "BotKit", "BotCore", "Providers", "StoreSQLite", "WhatsAppKeys", "WhatsAppSignal", "WhatsAppWire",
                "WhatsAppWeb", "WhatsAppEmulator", asyncHTTPClient, argumentParser, nioCore, nioHTTP1, crypto,
                configuration,
                logging,
            ],
            path: "Benchmarks", swiftSettings: strict),

        .testTarget(name: "WhatsAppProtoTests", dependencies: ["WhatsAppProto", protobuf], swiftSettings: strict),
        .testTarget(name: "WhatsAppKeysTests", dependencies: ["WhatsAppKeys", crypto], swiftSettings: strict),
        .testTarget(
            name: "WhatsAppSignalTests",
            dependencies: ["WhatsAppSignal", "WhatsAppKeys", "WhatsAppProto", protobuf, crypto],
            resources: [.copy("Vectors")], swiftSettings: strict),
        .testTarget(
            name: "WhatsAppWireTests",
            dependencies: ["WhatsAppWire", "WhatsAppKeys", "WhatsAppProto", protobuf, crypto],
            resources: [.copy("Vectors")], swiftSettings: strict),
        .testTarget(
            name: "WhatsAppWebTests",
            dependencies: [
                "WhatsAppWeb", "WhatsAppWire", "WhatsAppSignal", "WhatsAppKeys", "WhatsAppProto", "TestKit", protobuf,
                crypto, lifecycle, logging, hummingbird, asyncHTTPClient, nioCore, nioHTTP1,
            ],
            resources: [.copy("Vectors")], swiftSettings: strict),
        .testTarget(name: "BotKitTests", dependencies: ["BotKit", "TestKit", configuration], swiftSettings: strict),
        .testTarget(
            name: "BotCoreTests",
            dependencies: ["BotCore", "BotKit", "TestKit", "StoreSQLite", configuration, lifecycle, logging],
            swiftSettings: strict),
        .testTarget(
            name: "FeaturesTests",
            dependencies: ["Features", "BotCore", "BotKit", "TestKit", "StoreSQLite", configuration],
            swiftSettings: strict),
        .testTarget(
            name: "AIServicesTests",
            dependencies: [
                "AIServices", "BotKit", "TestKit", hummingbird, configuration, asyncHTTPClient, httpTypes, lifecycle,
                logging, nioCore, nioHTTP1, nioPosix,
            ],
            swiftSettings: strict),
        .testTarget(
            name: "StoreSQLiteTests", dependencies: ["StoreSQLite", "BotKit", "TestKit", grdb], swiftSettings: strict),
        .testTarget(
            name: "WhatsAppCloudTests",
            dependencies: [
                "WhatsAppCloud", hummingbird, asyncHTTPClient, crypto, lifecycle, logging, nioCore, nioPosix,
            ],
            swiftSettings: strict),
        .testTarget(
            name: "ProvidersTests",
            dependencies: [
                "Providers", "WhatsAppCloud", "WhatsAppWeb", "WhatsAppWire", "WhatsAppProto", "WhatsAppEmulator",
                "BotCore", "BotKit", "TestKit", "StoreSQLite", protobuf, nioCore, nioHTTP1, configuration, hummingbird,
                asyncHTTPClient, logging, lifecycle, crypto,
            ], swiftSettings: strict),
        .testTarget(
            name: "ControlPlaneTests",
            dependencies: [
                "ControlPlane", "BotKit", "TestKit", configuration, lifecycle, logging, metrics, nioCore, nioPosix,
                .product(name: "HummingbirdTesting", package: "hummingbird"),
            ], swiftSettings: strict),
        .testTarget(
            name: "WhatsAppEmulatorTests",
            dependencies: [
                "WhatsAppEmulator", "WhatsAppCloud", "WhatsAppWeb", "WhatsAppWire", "WhatsAppKeys", "TestKit",
                argumentParser, asyncHTTPClient, crypto, httpTypes, hummingbird, nioCore, nioHTTP1, logging,
            ],
            swiftSettings: strict),
        .testTarget(
            name: "EndToEndTests",
            dependencies: [
                "App", "BotKit", "WhatsAppEmulator", "TestKit", "StoreSQLite", hummingbird, asyncHTTPClient, nioCore,
                nioHTTP1, logging, lifecycle, configuration, crypto,
            ],
            swiftSettings: strict),
        .testTarget(name: "ArchitectureTests", swiftSettings: strict),
        .testTarget(
            name: "DocumentationTests",
            dependencies: [
                "App", "BotKit", "BotCore", "Features", "AIServices", "Providers", "WhatsAppWeb", "WhatsAppWire",
                "TestKit",
                configuration, lifecycle, logging,
            ],
            resources: [.embedInCode("Snippets/fr.json")], swiftSettings: strict),
    ]
)
