// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
]

let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let httpTypes: Target.Dependency = .product(name: "HTTPTypes", package: "swift-http-types")
let configuration: Target.Dependency = .product(name: "Configuration", package: "swift-configuration")
let yams: Target.Dependency = .product(name: "Yams", package: "Yams")
let lifecycle: Target.Dependency = .product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")
let cryptoExtras: Target.Dependency = .product(name: "CryptoExtras", package: "swift-crypto")

let package = Package(
    name: "megabot-swift",
    platforms: [.macOS(.v15)],
    products: [
        .library(name: "MegaCore", targets: ["MegaCore"]),
        .library(name: "MegaSecurity", targets: ["MegaSecurity"]),
        .library(name: "MegaMemory", targets: ["MegaMemory"]),
        .library(name: "MegaTools", targets: ["MegaTools"]),
        .library(name: "MegaAdapters", targets: ["MegaAdapters"]),
        .library(name: "MegaNetworking", targets: ["MegaNetworking"]),
        .library(name: "MegaTesting", targets: ["MegaTesting"]),
        .executable(name: "megabot", targets: ["megabot"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-configuration", from: "1.4.0", traits: [.defaults, "YAML", "Reloading"]),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2", traits: []),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    ],
    targets: [
        // The core: values, ports and the orchestrator.
        .target(name: "MegaCore", dependencies: [logging, httpTypes, configuration, yams, lifecycle], swiftSettings: settings),

        // The edges. Siblings never import siblings.
        .target(
            name: "MegaSecurity",
            dependencies: ["MegaCore", "CSodium", "CLauncher", crypto, logging, httpTypes],
            swiftSettings: settings),
        .target(
            name: "MegaMemory", dependencies: ["MegaCore", logging, .product(name: "GRDB", package: "GRDB.swift")],
            swiftSettings: settings),
        .target(name: "MegaTools", dependencies: ["MegaCore", logging, crypto], swiftSettings: settings),
        .target(
            name: "MegaAdapters", dependencies: ["MegaCore", logging, httpTypes, crypto, cryptoExtras], swiftSettings: settings),
        .target(
            name: "MegaNetworking",
            dependencies: [
                "MegaCore", "CCurl", logging, httpTypes, lifecycle, crypto,
                .product(name: "NIOCore", package: "swift-nio"), .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"), .product(name: "NIOWebSocket", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ], swiftSettings: settings),
        .target(name: "MegaTesting", dependencies: ["MegaCore", logging, httpTypes, lifecycle], swiftSettings: settings),

        // Starting a confined process: what has to happen between its creation and its program.
        .target(name: "CLauncher"),

        // System libraries.
        .target(name: "CCurl", linkerSettings: [.linkedLibrary("curl")]),
        .systemLibrary(name: "CSodium"),

        // The reference daemon: a customer like any other, so it sees the public API only.
        .executableTarget(
            name: "megabot",
            dependencies: [
                "MegaCore", "MegaSecurity", "MegaMemory", "MegaTools", "MegaAdapters", "MegaNetworking", logging, lifecycle, httpTypes,
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ], path: "Examples/megabot", packageAccess: false, swiftSettings: settings),

        .testTarget(name: "MegaCoreTests", dependencies: ["MegaCore", "MegaTesting", logging, httpTypes, configuration], swiftSettings: settings),
        .testTarget(name: "MegaSecurityTests", dependencies: ["MegaSecurity", "MegaTesting", httpTypes, .product(name: "Subprocess", package: "swift-subprocess")], exclude: ["CommandGuard/Cases"], swiftSettings: settings),
        .testTarget(name: "MegaMemoryTests", dependencies: ["MegaMemory", "MegaSecurity", "MegaTesting", .product(name: "GRDB", package: "GRDB.swift")], swiftSettings: settings),
        .testTarget(name: "MegaToolsTests", dependencies: ["MegaTools", "MegaSecurity", "MegaTesting"], swiftSettings: settings),
        .testTarget(name: "MegaAdaptersTests", dependencies: ["MegaAdapters", "MegaNetworking", "MegaTesting", httpTypes, logging], swiftSettings: settings),
        .testTarget(name: "MegaNetworkingTests", dependencies: ["MegaNetworking", "MegaTesting", httpTypes, logging, .product(name: "NIOCore", package: "swift-nio"), .product(name: "NIOHTTP1", package: "swift-nio")], swiftSettings: settings),
        .testTarget(name: "IntegrationTests", dependencies: ["MegaCore", "MegaSecurity", "MegaMemory", "MegaTools", "MegaAdapters", "MegaNetworking", "MegaTesting", httpTypes, logging, lifecycle, .product(name: "Subprocess", package: "swift-subprocess")], swiftSettings: settings),
    ],
    swiftLanguageModes: [.v6]
)
