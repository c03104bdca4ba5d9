// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

public import Logging
public import ServiceLifecycle
import Synchronization

/// Watches the files of a configuration and publishes each new one that is sound.
///
/// A candidate with problems is logged and dropped; the last good one stays. Run it as a service, or call ``reload()`` yourself.
public final class ConfigurationMonitor: Service {
    /// One accepted change.
    public struct Change: Sendable, Equatable {
        /// What held before.
        public let old: MegaConfiguration
        /// What holds now.
        public let new: MegaConfiguration

        /// Makes a change.
        public init(old: MegaConfiguration, new: MegaConfiguration) {
            self.old = old
            self.new = new
        }
    }

    /// What a reload came to.
    public enum Outcome: Sendable, Equatable {
        case changed
        case unchanged
        case rejected([ConfigurationProblem])
    }

    private struct State {
        var current: MegaConfiguration
        var stamps: [SmallFile.Stamp?] = []
        var continuations: [Int: AsyncStream<Change>.Continuation] = [:]
        var nextSubscriber = 0
    }

    private let files: ConfigurationFiles
    private let vocabulary: PolicyVocabulary?
    private let interval: Duration
    private let clock: any Clock<Duration>
    private let logger: Logger
    private let state: Mutex<State>

    /// - Parameters:
    ///   - initial: The configuration in force.
    ///   - policies: As for ``MegaConfiguration/check(_:policies:)``.
    ///   - interval: How often the files are looked at.
    ///   - clock: For the waiting between two looks.
    public init(
        initial: MegaConfiguration, files: ConfigurationFiles, policies: PolicyVocabulary? = nil, interval: Duration = .seconds(5),
        clock: any Clock<Duration> = ContinuousClock(), logger: Logger
    ) {
        self.files = files
        vocabulary = policies
        self.interval = interval
        self.clock = clock
        self.logger = logger
        state = Mutex(State(current: initial))
    }

    /// The configuration in force.
    public var current: MegaConfiguration { state.withLock { $0.current } }

    /// The changes from now on. A subscriber that is slow gets the newest only, with the `old` of that last step.
    public func changes() -> AsyncStream<Change> {
        let (stream, continuation) = AsyncStream<Change>.makeStream(bufferingPolicy: .bufferingNewest(1))
        let id = state.withLock { state in
            state.nextSubscriber += 1
            state.continuations[state.nextSubscriber] = continuation
            return state.nextSubscriber
        }
        continuation.onTermination = { [weak self] _ in self?.forget(id) }
        return stream
    }

    /// Looks at the files again now, as on SIGHUP.
    @discardableResult
    public func reload() async -> Outcome {
        let stamps = await self.stamps()
        let report: ConfigurationReport
        do {
            report = MegaConfiguration.check(try await files.read(), policies: vocabulary)
        } catch let error as ConfigurationError {
            return reject(error.problems, stamps: stamps)
        } catch {
            return reject([.init(keyPath: "", source: files.yamlPath ?? "configuration", message: "\(error)")], stamps: stamps)
        }
        guard let candidate = report.configuration else { return reject(report.problems, stamps: stamps) }
        let change = state.withLock { state -> Change? in
            state.stamps = stamps
            guard state.current != candidate else { return nil }
            let change = Change(old: state.current, new: candidate)
            state.current = candidate
            for continuation in state.continuations.values { continuation.yield(change) }
            return change
        }
        guard change != nil else { return .unchanged }
        logger.info("configuration changed")
        return .changed
    }

    /// Looks at the files until cancelled or asked to shut down.
    public func run() async throws {
        let stamps = await self.stamps()
        state.withLock { if $0.stamps.isEmpty { $0.stamps = stamps } }
        do {
            try await cancelWhenGracefulShutdown { [self] in
                while true {
                    try await clock.sleep(for: interval)
                    let now = await self.stamps()
                    if now != state.withLock({ $0.stamps }) { await reload() }
                }
            }
        } catch {
            // Cancelled or asked to shut down: only the wait throws, and that is how the loop ends.
        }
        let continuations = state.withLock { state in
            defer { state.continuations = [:] }
            return Array(state.continuations.values)
        }
        for continuation in continuations { continuation.finish() }
    }

    private func reject(_ problems: [ConfigurationProblem], stamps: [SmallFile.Stamp?]) -> Outcome {
        state.withLock { $0.stamps = stamps }
        for problem in problems {
            logger.warning("configuration not accepted, keeping the last good one", metadata: ["problem": "\(problem)"])
        }
        return .rejected(problems)
    }

    private func forget(_ id: Int) { _ = state.withLock { $0.continuations.removeValue(forKey: id) } }

    private func stamps() async -> [SmallFile.Stamp?] {
        var stamps: [SmallFile.Stamp?] = []
        for path in [files.yamlPath, files.dotEnvironmentPath] {
            guard let path else { continue }
            stamps.append(await SmallFile(path: path, limit: 0).stamp())
        }
        return stamps
    }
}
