// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "EmbeddedAgent",
    platforms: [.macOS(.v15)],
    dependencies: [.package(name: "megabot-swift", path: "../..")],
    targets: [
        .executableTarget(name: "EmbeddedAgent", dependencies: [.product(name: "MegaCore", package: "megabot-swift")])
    ]
)
