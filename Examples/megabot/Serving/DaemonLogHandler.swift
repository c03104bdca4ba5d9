// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import Logging
import MegaCore
import Synchronization

/// The daemon's log: a line each on the standard error output, with a level that can change while it runs.
struct DaemonLogHandler: LogHandler {
    private static let level = Mutex(Logger.Level.info)

    private var base: StreamLogHandler
    /// A level set on one logger by hand; wins over the common one.
    private var ownLevel: Logger.Level?

    private init(label: String) { base = StreamLogHandler.standardError(label: label) }

    /// Once per process, by the program and never by a library.
    static func bootstrap(_ configured: MegaConfiguration.LogLevel) {
        set(configured)
        LoggingSystem.bootstrap { DaemonLogHandler(label: $0) }
    }

    static func set(_ configured: MegaConfiguration.LogLevel) {
        level.withLock { $0 = Logger.Level(rawValue: configured.rawValue) ?? .info }
    }

    var logLevel: Logger.Level {
        get { ownLevel ?? Self.level.withLock { $0 } }
        set { ownLevel = newValue }
    }

    var metadata: Logger.Metadata {
        get { base.metadata }
        set { base.metadata = newValue }
    }

    var metadataProvider: Logger.MetadataProvider? {
        get { base.metadataProvider }
        set { base.metadataProvider = newValue }
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { base[metadataKey: key] }
        set { base[metadataKey: key] = newValue }
    }

    func log(event: LogEvent) { base.log(event: event) }
}
