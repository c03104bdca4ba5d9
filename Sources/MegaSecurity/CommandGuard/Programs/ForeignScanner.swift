// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// Looks into programs of other languages for calls that start processes, run text, reach the network or delete.
///
/// It knows names of functions, strings and comments, no grammar: enough to see what such a one-liner obviously does.
struct ForeignScanner {
    enum Body: Hashable {
        case text(String)
        case words([String])
    }

    private(set) var traits: ForeignBody.Traits = []
    private(set) var bodies: [Body] = []
    private let bytes: [UInt8]
    private let language: ForeignLanguage
    private var index = 0
    private let hasSubprocess: Bool
    private let hasChildProcess: Bool
    /// Quotes that are known not to be closed any more.
    private var unclosed: [UInt8] = []
    /// The last string or word before, for `"text".method`.
    private var previous = ""

    static let longest = 65_536

    init(_ text: String, language: ForeignLanguage) {
        bytes = Array(text.utf8.prefix(Self.longest))
        self.language = language
        hasSubprocess = Self.mentions("subprocess", in: bytes)
        hasChildProcess = Self.mentions("child_process", in: bytes)
        if language == .javascript, Self.webModules.contains(where: { Self.mentions($0, in: bytes) }) { traits.insert(.fetches) }
        scan()
    }

    private enum Call { case shell, program, evaluate, connect, fetch, decode, delete, deleteTree, write, duplicate }

    private static let calls: [String: Call] = [
        // Processes given as text or as a list.
        "system": .shell, "popen": .shell, "getoutput": .shell, "getstatusoutput": .shell, "popen2": .shell, "popen3": .shell, "shell_exec": .shell,
        "passthru": .shell, "proc_open": .shell, "pcntl_exec": .program, "execSync": .shell, "spawn": .program, "spawnSync": .program,
        "execFile": .program, "execFileSync": .program, "fork": .program, "check_call": .program, "check_output": .program, "Popen": .program,
        "execl": .program, "execle": .program, "execlp": .program, "execv": .program, "execve": .program, "execvp": .program, "execvpe": .program,
        "spawnl": .program, "spawnlp": .program, "spawnv": .program, "spawnvp": .program, "posix_spawn": .program, "capture2": .shell, "capture3": .shell,
        "capture2e": .shell, "open3": .shell, "execute": .shell, "callCommand": .shell, "ProcessBuilder": .program, "Command": .program, "run!": .shell,
        "createProcess": .shell,
        // Text as code.
        "eval": .evaluate, "instance_eval": .evaluate, "class_eval": .evaluate, "loadstring": .evaluate, "create_function": .evaluate,
        "runInThisContext": .evaluate, "runInNewContext": .evaluate, "Function": .evaluate, "marshal": .evaluate, "pickle": .evaluate,
        // Network.
        "socket": .connect, "create_connection": .connect, "TCPSocket": .connect, "TCPServer": .connect, "fsockopen": .connect, "createConnection": .connect,
        "createServer": .connect, "stream_socket_client": .connect, "socket_create": .connect, "IO::Socket": .connect, "sockaddr_in": .connect,
        "connect": .connect,
        "urlopen": .fetch, "urlretrieve": .fetch, "requests": .fetch, "httpx": .fetch, "fetch": .fetch, "axios": .fetch, "curl_exec": .fetch, "LWP": .fetch,
        "Net::HTTP": .fetch, "open-uri": .fetch, "URI.open": .fetch, "urllib2": .fetch, "urllib": .fetch, "aiohttp": .fetch,
        // Decoding.
        "b64decode": .decode, "atob": .decode, "base64_decode": .decode, "decode64": .decode, "decode_base64": .decode, "unhexlify": .decode,
        "fromhex": .decode, "a85decode": .decode, "b32decode": .decode, "b85decode": .decode, "gzinflate": .decode, "str_rot13": .decode,
        "hex2bin": .decode, "gzuncompress": .decode, "fromCharCode": .decode, "decompress": .decode, "unpack": .decode, "strict_decode64": .decode,
        "urlsafe_b64decode": .decode,
        // Files.
        "unlink": .delete, "unlinkSync": .delete, "remove": .delete, "rmdir": .delete, "rmdirSync": .delete, "removedirs": .delete,
        "rmtree": .deleteTree, "rm_rf": .deleteTree, "rm_r": .deleteTree, "remove_dir": .deleteTree, "remove_entry": .deleteTree,
        "remove_entry_secure": .deleteTree, "remove_tree": .deleteTree, "rmSync": .deleteTree, "removeSync": .deleteTree, "emptyDirSync": .deleteTree,
        "remove_dir_all": .deleteTree, "rimraf": .deleteTree, "rm": .deleteTree,
        "writeFileSync": .write, "file_put_contents": .write, "write_text": .write, "write_bytes": .write, "appendFileSync": .write,
        "dup2": .duplicate,
    ]

    private mutating func scan() {
        while index < bytes.count {
            let byte = bytes[index]
            if ShellBytes.isNameStart(byte) {
                let start = index
                while index < bytes.count, ShellBytes.isName(bytes[index]) || (bytes[index] == 0x3A && isInsideName(index)) { index += 1 }
                name(String(decoding: bytes[start..<index], as: UTF8.self), at: start)
                continue
            }
            switch byte {
            case 0x23 where language != .javascript && language != .php && language != .lua && (index == 0 || bytes[index - 1] == 0x0A || bytes[index - 1] == 0x20):
                while index < bytes.count, bytes[index] != 0x0A { index += 1 }
            case 0x22, 0x27: _ = string()
            case 0x60:
                let text = string()
                if language == .perl || language == .ruby || language == .php || language == .julia {
                    traits.insert(.spawns)
                    if let text { add(.text(text)) }
                }
            case 0x25 where language == .ruby && index + 2 < bytes.count && bytes[index + 1] == 0x78:
                index += 2
                if let text = delimited() {
                    traits.insert(.spawns)
                    add(.text(text))
                }
            case 0x7C where language == .awk:
                // "command" | getline, print | "command"
                index += 1
                awkPipe()
            default: index += 1
            }
        }
    }

    private func isInsideName(_ at: Int) -> Bool {
        // Perl's and Ruby's `A::B`
        (at + 2 < bytes.count && bytes[at + 1] == 0x3A && ShellBytes.isNameStart(bytes[at + 2])) || (at > 0 && bytes[at - 1] == 0x3A)
    }

    private mutating func name(_ name: String, at start: Int) {
        if name == "exec" || name == "qx" || name == "run" || name == "call" || name == "open" || name == "load" || name == "cmd" || name == "script" {
            return ambiguous(name, at: start)
        }
        if name.contains("::") {
            if name.hasPrefix("IO::Socket") { traits.insert(.connects) }
            if name.hasPrefix("LWP") || name.hasPrefix("Net::HTTP") || name.hasPrefix("HTTP::") { traits.insert(.fetches) }
            if name.hasSuffix("system") || name.hasSuffix("::exec") { process(isText: true) }
            return
        }
        guard let call = Self.calls[name] else { return }
        switch call {
        case .shell: process(isText: true)
        case .program: process(isText: name == "Command")
        case .evaluate:
            if isCall || language == .ruby || language == .perl { traits.insert(.evaluates) }
        case .connect: traits.insert(.connects)
        case .fetch: traits.insert(.fetches)
        case .decode: traits.insert(.decodes)
        case .delete where isCall || language == .perl: traits.insert(.deletes)
        case .deleteTree where isCall || language == .ruby || language == .perl:
            if name != "rm" || language == .javascript || language == .julia { traits.insert(.deletesTrees) }
        case .write: if isCall { traits.insert(.writes) }
        case .duplicate: traits.insert(.duplicates)
        default: break
        }
    }

    /// Names that mean different things in different languages.
    private mutating func ambiguous(_ name: String, at start: Int) {
        let isMember = start > 0 && bytes[start - 1] == 0x2E
        switch (name, language) {
        case ("exec", .python):
            if isCall, !isMember { traits.insert(.evaluates) }
        case ("exec", .javascript):
            // A regular expression has a method of this name.
            if isCall, !isMember || hasChildProcess { process(isText: true) }
        case ("exec", .lua): if isCall { process(isText: true) }
        case ("exec", _): process(isText: true)
        case ("qx", .perl), ("run", .julia):
            if name == "run" { return process(isText: true) }
            if let text = delimited() {
                traits.insert(.spawns)
                add(.text(text))
            }
        case ("run", .python), ("call", .python):
            if isCall, hasSubprocess { process(isText: false) }
        case ("open", .perl), ("open", .ruby):
            // open(F, "command|"), open("|command")
            var ahead = index
            let text = firstString(&ahead)
            if let text, text.hasPrefix("|") || text.hasSuffix("|") {
                traits.insert(.spawns)
                add(.text(text.trimming("|")))
            }
        case ("load", .lua): if isCall { traits.insert(.evaluates) }
        case ("cmd", .elixir): process(isText: false)
        case ("script", .appleScript): process(isText: true)
        default: break
        }
    }

    /// How a script of JavaScript names the modules that fetch.
    private static let webModules: [StaticString] = ["'http'", "'https'", "\"http\"", "\"https\"", "node:http", "'axios'", "'got'", "'node-fetch'", "'undici'"]

    private var isCall: Bool {
        var ahead = index
        while ahead < bytes.count, bytes[ahead] == 0x20 { ahead += 1 }
        return ahead < bytes.count && bytes[ahead] == 0x28
    }

    private static func mentions(_ text: StaticString, in bytes: [UInt8]) -> Bool {
        let count = text.utf8CodeUnitCount
        guard bytes.count >= count else { return false }
        var at = 0
        while at + count <= bytes.count {
            var matched = 0
            while matched < count, bytes[at + matched] == text.utf8Start[matched] { matched += 1 }
            if matched == count { return true }
            at += 1
        }
        return false
    }

    /// The arguments of a call that starts a process.
    private mutating func process(isText: Bool) {
        traits.insert(.spawns)
        let start = index
        skip(" \t\n(")
        if language == .php, index < bytes.count, bytes[index] == 0x40 { index += 1 }
        var strings: [String] = []
        var isList = false
        while index < bytes.count, strings.count < 64, index - start < 4096 {
            switch bytes[index] {
            case 0x5B, 0x7B: isList = true; index += 1
            case 0x22, 0x27, 0x60:
                guard let text = string() else { break }
                strings.append(text)
                skip(" \t\n")
                if index < bytes.count, bytes[index] == 0x2C {
                    index += 1
                    skip(" \t\n")
                } else if strings.count == 1, !isList {
                    return finish(strings, isText: isText, isList: isList)
                } else if index < bytes.count, bytes[index] != 0x22, bytes[index] != 0x27 {
                    return finish(strings, isText: isText, isList: isList)
                }
            case 0x72, 0x66, 0x62, 0x75:
                // A prefix of a Python string.
                if index + 1 < bytes.count, bytes[index + 1] == 0x22 || bytes[index + 1] == 0x27 { index += 1 } else { fallthrough }
            default:
                return finish(strings, isText: isText, isList: isList)
            }
        }
        finish(strings, isText: isText, isList: isList)
    }

    private mutating func finish(_ strings: [String], isText: Bool, isList: Bool) {
        guard let first = strings.first else {
            traits.insert(.spawnsUnknown)
            return
        }
        if strings.count == 1 {
            add(.text(first))
        } else if isText, !isList, language != .perl, language != .ruby {
            add(.text(first))
        } else {
            // execl("/bin/sh", "sh", "-c", …) names the program twice.
            var words = strings
            if words.count > 1, ProgramName.of(words[0]) == ProgramName.of(words[1]) { words.remove(at: 1) }
            add(.words(words))
        }
    }

    private mutating func add(_ body: Body) {
        guard bodies.count < 32 else { return }
        bodies.append(body)
    }

    private mutating func awkPipe() {
        guard index < bytes.count, bytes[index] != 0x7C else {
            index += 1
            return
        }
        skip(" &")
        if index < bytes.count, bytes[index] == 0x22, let text = string() {
            traits.insert(.spawns)
            add(.text(text))
        } else {
            let rest = String(decoding: bytes[index..<min(bytes.count, index + 7)], as: UTF8.self)
            if rest == "getline", !previous.isEmpty {
                traits.insert(.spawns)
                add(.text(previous))
            } else if rest == "getline" {
                traits.insert(.spawns)
            }
        }
    }

    private mutating func skip(_ set: StaticString) {
        while index < bytes.count {
            var found = false
            for offset in 0..<set.utf8CodeUnitCount where set.utf8Start[offset] == bytes[index] { found = true }
            guard found else { return }
            index += 1
        }
    }

    /// The string literal at the index, decoded.
    private mutating func string() -> String? {
        let quote = bytes[index]
        let start = index
        index += 1
        guard !unclosed.contains(quote) else { return nil }
        // Python's long strings.
        let isLong = language == .python && index + 1 < bytes.count && bytes[index] == quote && bytes[index + 1] == quote
        if isLong { index += 2 }
        var raw: [UInt8] = []
        while index < bytes.count {
            let byte = bytes[index]
            if byte == 0x5C, index + 1 < bytes.count {
                raw.append(byte)
                raw.append(bytes[index + 1])
                index += 2
                continue
            }
            if byte == quote, !isLong || (index + 2 < bytes.count && bytes[index + 1] == quote && bytes[index + 2] == quote) {
                index += isLong ? 3 : 1
                let text = String(decoding: raw, as: UTF8.self)
                previous = raw.contains(0x5C) ? String(decoding: EscapeSequences.decode(text, style: .ansi), as: UTF8.self) : text
                return previous
            }
            raw.append(byte)
            index += 1
        }
        // An apostrophe in a comment or a regular expression: read on behind it.
        unclosed.append(quote)
        index = start + 1
        return nil
    }

    private func firstString(_ ahead: inout Int) -> String? {
        let most = min(bytes.count, ahead + 64)
        while ahead < most, bytes[ahead] != 0x22, bytes[ahead] != 0x27 { ahead += 1 }
        guard ahead < most else { return nil }
        let quote = bytes[ahead]
        var end = ahead + 1
        while end < bytes.count, bytes[end] != quote { end += 1 }
        return end < bytes.count ? String(decoding: bytes[(ahead + 1)..<end], as: UTF8.self) : nil
    }

    /// `%x(…)`, `qx{…}`
    private mutating func delimited() -> String? {
        guard index < bytes.count else { return nil }
        let open = bytes[index]
        let close: UInt8 =
            switch open {
            case 0x28: 0x29
            case 0x7B: 0x7D
            case 0x5B: 0x5D
            case 0x3C: 0x3E
            default: open
            }
        guard !ShellBytes.isName(open), open != 0x20 else { return nil }
        index += 1
        let start = index
        while index < bytes.count, bytes[index] != close { index += 1 }
        guard index < bytes.count else { return nil }
        defer { index += 1 }
        return String(decoding: bytes[start..<index], as: UTF8.self)
    }
}

extension String {
    /// Without this character and blanks at both ends.
    func trimming(_ character: Character) -> String {
        var text = self[...]
        while let first = text.first, first == character || first == " " { text = text.dropFirst() }
        while let last = text.last, last == character || last == " " { text = text.dropLast() }
        return String(text)
    }
}
