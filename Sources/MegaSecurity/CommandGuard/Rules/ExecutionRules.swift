// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// Text that is run without having been read: downloads, decoded text, output of other commands.
enum ExecutionRules {
    static let downloaders: Set<String> = [
        "curl", "wget", "http", "https", "xh", "xhs", "httpie", "curlie", "aria2c", "axel", "fetch", "lynx", "links", "elinks", "w3m", "lwp-request", "lwp-download", "get", "iwr", "irm",
        "invoke-webrequest", "invoke-restmethod", "start-bitstransfer", "bitsadmin", "certutil", "ftp", "tftp", "wget2", "curl2",
    ]
    private static let decoders: Set<String> = ["base64", "gbase64", "base32", "openssl", "xxd", "uudecode", "gpg", "basenc", "certutil", "age"]

    static func check(_ call: Invocation, _ report: inout GuardReport) {
        if isExpression(call.program) { return expression(call, &report) }
        let form = NestedPrograms.form(call.program)
        let place = code(call, form)
        switch place {
        case .none: break
        case .input: input(call, &report)
        case .words(let range): substituted(call, range, &report)
        }
        program(call, &report)
    }

    /// Where a command's program text comes from.
    private enum Code {
        case none
        case input
        case words(Range<Int>)
    }

    private static func code(_ call: Invocation, _ form: NestedPrograms.Form?) -> Code {
        let words = call.words
        switch call.program {
        case "eval": return .words(1..<words.count)
        case "source", ".":
            guard words.count > 1 else { return .none }
            return words[1].text == "/dev/stdin" || words[1].text == "-" ? .input : .words(1..<2)
        case "parallel", "rush":
            return call.operands(short: "jnI").isEmpty ? .input : .none
        case "at", "batch": return call.command.stage > 0 ? .input : .none
        case "ssh": return !call.has("N") && call.operands(short: "bcDEeFIiJLlmOopQRSWwB").count == 1 ? .input : .none
        case "deno": if words.count > 1, words[1].text == "run", words.last?.text == "-" { return .input }
        case "xargs": return .none
        default: break
        }
        switch form {
        case .shell?:
            var at = 1
            var wantsText = false
            while at < words.count, let sign = words[at].text.utf8.first, sign == 0x2D || sign == 0x2B || (call.program == "cmd" && sign == 0x2F), words[at].text.utf8.count > 1 {
                let text = words[at].text
                at += 1
                if text == "--" { break }
                if text == "--version" || text == "--help" { return .none }
                if !text.hasPrefix("--"), text.utf8.contains(0x63) || text.lowercased() == "/k" { wantsText = true }
                if text == "--command" || text.lowercased().hasPrefix("-command") || text.lowercased().hasPrefix("-enc") || text.lowercased().hasPrefix("-file") || text.lowercased() == "-f" && call.program.hasPrefix("p") { wantsText = true }
                if !text.hasPrefix("--"), text.utf8.contains(0x73), sign == 0x2D, !call.program.hasPrefix("p") { return .input }
                if text.hasSuffix("o") || text == "--rcfile" || text == "--init-file" { at += 1 }
                if text.lowercased() == "-ep" || text.lowercased().hasPrefix("-ex") { at += 1 }
            }
            if wantsText { return .words(min(at, words.count)..<words.count) }
            guard at < words.count else { return .input }
            if words[at].text == "-" || words[at].text == "/dev/stdin" || words[at].text.hasPrefix("/dev/fd/0") || words[at].text == "/proc/self/fd/0" { return .input }
            return .words(at..<at + 1)
        case .interpreter(let language)?:
            var at = 1
            while at < words.count, words[at].text.hasPrefix("-"), words[at].text.utf8.count > 1 {
                let text = words[at].text
                if text == "--version" || text == "--help" || text == "-V" || text == "-v" && words.count == 2 || text == "--check" || text == "-h" { return .none }
                if !text.hasPrefix("--") {
                    if language == .python, text.utf8.contains(0x6D) { return .none }
                    if text.utf8.dropFirst().contains(where: { language.codeOptions.utf8.contains($0) }) { return .words(min(at + 1, words.count)..<min(at + 2, words.count)) }
                } else if language.longCodeOptions.contains(where: { text.hasPrefix("--" + $0) }) {
                    return .words(min(at, words.count)..<min(at + 2, words.count))
                }
                if text.utf8.count == 2, let letter = text.utf8.last, language.valuedOptions.utf8.contains(letter) { at += 1 }
                at += 1
            }
            guard at < words.count else { return .input }
            return words[at].text == "-" || words[at].text == "/dev/stdin" ? .input : .words(at..<at + 1)
        default: return .none
        }
    }

    // MARK: - Pipes

    private static func input(_ call: Invocation, _ report: inout GuardReport) {
        for (place, redirection) in call.command.redirections.enumerated() where redirection.operation.hasPrefix("<") && (redirection.descriptor ?? 0) == 0 {
            let inner = call.command.substitutions.filter { $0.place == -1 - place }
            for substitution in inner { judge(call, Array(substitution.commands), isShown: redirection.operation == "<<", &report) }
            return
        }
        let feeders = feeders(of: call.index, in: call.script)
        guard !feeders.isEmpty else { return }
        judge(call, feeders, isShown: false, &report)
    }

    /// What is said about a program that runs the output of these commands.
    private static func judge(_ call: Invocation, _ feeders: [Int], isShown: Bool, _ report: inout GuardReport) {
        var downloads = false
        var decodes = false
        var span = call.span
        for index in feeders {
            let other = call.script.commands[index].span
            if !other.isEmpty { span = min(span.lowerBound, other.lowerBound)..<max(span.upperBound, other.upperBound) }
        }
        for command in running(feeders, call.script) {
            guard let first = command.words.first else { continue }
            let name = ProgramName.of(first.text)
            if isDownloader(name, command) { downloads = true }
            if isDecoder(name, command) { decodes = true }
        }
        if decodes { report.add(RuleCatalog.decodeAndRun, .block, span) }
        if downloads { report.add(RuleCatalog.pipeToShell, .block, span) } else if !decodes, !isShown { report.add(RuleCatalog.pipeToInterpreter, .ask, span) }
    }

    /// These commands and what they run in turn, behind wrappers and in nested bodies.
    static func running(_ indices: [Int], _ script: ShellScript) -> [ShellCommand] {
        var result: [ShellCommand] = []
        var open = indices
        while let index = open.popLast(), result.count < 256 {
            let command = script.commands[index]
            result.append(command)
            open += command.nested
        }
        return result
    }

    static func isDownloader(_ name: String, _ command: ShellCommand) -> Bool {
        if downloaders.contains(name) { return true }
        switch name {
        case "gh": return command.words.count > 1 && command.words[1].text == "api"
        case "aws", "gsutil": return command.words.contains { $0.text.hasPrefix("s3://") || $0.text.hasPrefix("gs://") } && command.words.last?.text == "-"
        case "new-object": return command.words.contains { $0.text.lowercased().contains("webclient") }
        default:
            return command.words.contains { word in
                word.text.utf8.count < 512 && (word.text.holds("DownloadString") || word.text.holds("DownloadFile") || word.text.holds("DownloadData"))
            }
        }
    }

    static func isDecoder(_ name: String, _ command: ShellCommand) -> Bool {
        guard decoders.contains(name) else { return false }
        return command.words.contains { word in
            let text = word.text
            return text == "-d" || text == "-D" || text == "--decode" || text == "--decrypt" || text.hasPrefix("-r") || text == "-di" || text == "-id" || text == "-decode" || name == "uudecode" || text == "--ignore-garbage"
                || text.hasPrefix("-") && !text.hasPrefix("--") && text.utf8.count <= 4 && (text.contains("d") || text.contains("D"))
        }
    }

    /// The most commands of a pipeline that are looked at for what they feed to a later one. What runs its input is asked about anyway.
    private static let mostFeeders = 128

    /// The commands whose output reaches a command's standard input.
    static func feeders(of index: Int, in script: ShellScript) -> [Int] {
        var result: [Int] = []
        var pipeline = script.commands[index].pipeline
        var stage = script.commands[index].stage
        var limit = index
        var level = 0
        // `>(…)`: what the holder writes.
        let holder = outputHolder(of: index, in: script)
        if let holder {
            result.append(holder)
            pipeline = script.commands[holder].pipeline
            stage = script.commands[holder].stage
            limit = holder
        }
        while script.pipelines.indices.contains(pipeline), level < 64 {
            level += 1
            if stage > 0 {
                let start = script.pipelines[pipeline].start
                var at = start
                while at < min(limit, start + mostFeeders) {
                    if reaches(script.commands[at], pipeline, below: stage, script) { result.append(at) }
                    at += 1
                }
            }
            let outer = script.pipelines[pipeline]
            guard outer.outer >= 0 else { break }
            pipeline = outer.outer
            stage = outer.outerStage
        }
        return result
    }

    private static func outputHolder(of index: Int, in script: ShellScript) -> Int? {
        var at = index
        var level = 0
        while at >= 0, level < 16 {
            let parent = script.commands[at].parent
            guard parent >= 0 else { return nil }
            if script.commands[parent].substitutions.contains(where: { $0.isOutput && $0.commands.contains(at) }) { return parent }
            at = parent
            level += 1
        }
        return nil
    }

    private static func reaches(_ command: ShellCommand, _ pipeline: Int, below stage: Int, _ script: ShellScript) -> Bool {
        var at = command.pipeline
        var place = command.stage
        var level = 0
        while level < 16 {
            if at == pipeline { return place < stage }
            guard script.pipelines.indices.contains(at), script.pipelines[at].outer >= 0 else { return false }
            place = script.pipelines[at].outerStage
            at = script.pipelines[at].outer
            level += 1
        }
        return false
    }

    // MARK: - Substitutions

    /// `sh -c "$(curl …)"`, `sh <(curl …)`, `eval "$(…)"`
    private static func substituted(_ call: Invocation, _ range: Range<Int>, _ report: inout GuardReport) {
        for substitution in call.command.substitutions where range.contains(substitution.place) {
            var downloads = false
            var decodes = false
            for command in running(Array(substitution.commands), call.script) {
                guard let first = command.words.first else { continue }
                let name = ProgramName.of(first.text)
                if isDownloader(name, command) { downloads = true }
                if isDecoder(name, command) { decodes = true }
            }
            if downloads { report.add(RuleCatalog.pipeToShell, .block, call.span) }
            if decodes { report.add(RuleCatalog.decodeAndRun, .block, call.span) }
            if !downloads, !decodes, substitution.isProcess, call.program != "source", call.program != "." { report.add(RuleCatalog.pipeToInterpreter, .ask, call.span) }
        }
    }

    /// `$(curl …)` as the program itself.
    private static func program(_ call: Invocation, _ report: inout GuardReport) {
        for substitution in call.command.substitutions where substitution.place == 0 && !substitution.isProcess {
            for command in running(Array(substitution.commands), call.script) {
                guard let first = command.words.first else { continue }
                if isDownloader(ProgramName.of(first.text), command) { report.add(RuleCatalog.pipeToShell, .block, call.span) }
                if isDecoder(ProgramName.of(first.text), command) { report.add(RuleCatalog.decodeAndRun, .block, call.span) }
            }
        }
    }

    // MARK: - PowerShell

    static func isExpression(_ program: String) -> Bool { program == "iex" || program == "invoke-expression" }

    private static func expression(_ call: Invocation, _ report: inout GuardReport) {
        let nested = call.command.substitutions.flatMap { Array($0.commands) }
        let feeders = nested.isEmpty ? feeders(of: call.index, in: call.script) : nested
        let hasAddress = call.words.contains { $0.text.holds("://") || $0.text.holds("DownloadString") }
        if hasAddress { return report.add(RuleCatalog.pipeToShell, .block, call.span) }
        if feeders.isEmpty {
            if call.words.dropFirst().contains(where: { !$0.isLiteral }) { report.add(RuleCatalog.pipeToInterpreter, .ask, call.span) }
        } else {
            let reaches = running(feeders, call.script).contains { command in
                command.words.contains { $0.text.holds("://") } || command.words.first.map { isDownloader(ProgramName.of($0.text), command) } == true
            }
            report.add(reaches ? RuleCatalog.pipeToShell : RuleCatalog.pipeToInterpreter, reaches ? .block : .ask, call.span)
        }
    }

    // MARK: - Download, then run

    static func downloads(_ script: ShellScript, _ report: inout GuardReport) {
        var saved: [String: Range<Int>] = [:]
        for command in script.commands {
            guard let first = command.words.first else { continue }
            let name = ProgramName.of(first.text)
            if downloaders.contains(name) {
                for file in files(command, name) { saved[file] = command.span }
                continue
            }
            guard !saved.isEmpty else { continue }
            let isRunner: Bool =
                switch NestedPrograms.form(name) {
                case .shell?, .interpreter?: true
                default: name == "source" || name == "."
                }
            let run = isRunner ? command.words.dropFirst().first { !$0.text.hasPrefix("-") } : first
            guard let run, let span = saved[plain(run.text)], isRunner || run.text.contains("/") else { continue }
            report.add(RuleCatalog.downloadThenRun, .warn, min(span.lowerBound, command.span.lowerBound)..<max(span.upperBound, command.span.upperBound))
        }
    }

    private static func plain(_ path: String) -> String { path.hasPrefix("./") ? String(path.dropFirst(2)) : path }

    private static func files(_ command: ShellCommand, _ name: String) -> [String] {
        var files: [String] = []
        var takesName = name == "wget"
        for (place, word) in command.words.enumerated() where place > 0 {
            let isOutput = name == "wget" ? word.text == "-O" || word.text.hasPrefix("--output-document") : word.text == "-o" || word.text == "--output" || word.text == "-OutFile"
            if isOutput, place + 1 < command.words.count {
                files.append(plain(command.words[place + 1].text))
                takesName = false
            }
            if name == "curl", word.text == "-O" || word.text == "--remote-name" || (word.text.hasPrefix("-") && !word.text.hasPrefix("--") && word.text.contains("O")) { takesName = true }
        }
        if takesName {
            for word in command.words where word.text.holds("://") {
                if let last = word.text.prefix(while: { $0 != "?" }).split(separator: "/").last { files.append(String(last)) }
            }
        }
        for redirection in command.redirections where redirection.operation.hasPrefix(">") && redirection.descriptor ?? 1 == 1 { files.append(plain(redirection.target.text)) }
        return files.filter { !$0.isEmpty && $0 != "-" && $0 != "/dev/null" }
    }
}
