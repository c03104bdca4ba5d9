// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import MegaCore

/// Files that steer agents and the servers that give them tools, and options that switch an agent's own questions off.
enum AgentConfigRules {
    /// Names of files agents obey, wherever they lie.
    private static let names: Set<String> = [
        "mcp.json", ".mcp.json", "claude.md", "agents.md", "gemini.md", ".cursorrules", ".windsurfrules", ".clinerules", "copilot-instructions.md",
        "claude_desktop_config.json", "mcp_config.json", "cline_mcp_settings.json", ".aider.conf.yml", ".goosehints", "soul.md", "skill.md",
    ]

    /// Folders whose files agents obey.
    private static let folders = [".claude/", ".cursor/", ".codex/", ".gemini/", ".windsurf/", ".continue/", ".openclaw/", ".megabot/", ".vscode/mcp"]

    static func isConfiguration(_ path: String) -> Bool {
        let lower = path.lowercased()
        if names.contains(Fetcher.baseName(lower)) { return true }
        return folders.contains { folder in lower.hasPrefix(folder) || lower.contains("/" + folder) }
    }

    static func written(_ word: ShellWord, into found: inout TextFindings) {
        if isConfiguration(word.text) { found.add(.agentConfigWrite, word.span) }
    }

    static func check(_ command: ShellCommand, program: String, into found: inout TextFindings) {
        let words = command.words
        guard words.count > 1 else { return }
        switch program {
        case "claude", "codex", "gemini", "cursor-agent", "goose", "aider", "opencode", "openclaw", "amp", "copilot", "qwen", "cline", "code": break
        default: return
        }
        for word in words.dropFirst() {
            switch word.text {
            case "--dangerously-skip-permissions", "--dangerously-bypass-approvals-and-sandbox", "--yolo", "--full-auto", "--yes-always",
                "--allow-all-tools", "--trust-all-tools", "--dangerously-allow-all", "--allow-all", "--permission-mode=bypassPermissions",
                "bypassPermissions", "danger-full-access", "--sandbox=danger-full-access", "--approval-mode=yolo":
                found.add(.mcpOverlyPermissive, word.span)
            default: break
            }
        }
        // `claude mcp add name URL`, `code --add-mcp '{…}'`.
        let texts = words.map(\.text)
        let adds = (texts.contains("mcp") && (texts.contains("add") || texts.contains("add-json"))) || texts.contains("--add-mcp")
        guard adds else { return }
        found.add(.mcpUntrustedServer, words[0].span.lowerBound..<max(words[words.count - 1].span.upperBound, words[0].span.upperBound))
        for word in words {
            for reference in HostExtractor.references(in: word) where reference.scheme == "http" || reference.scheme == "ws" {
                let isLocal = reference.asciiHost.map(KnownHosts.isLoopback) ?? false || reference.address?.ip.scope == .loopback
                if !isLocal { found.add(.mcpInsecureServer, reference.span) }
            }
        }
    }

    // MARK: - What is written into such a file

    private static let overrides: [[UInt8]] = [
        "dangerously-skip-permissions", "bypasspermissions", "\"allow\":[\"*\"]", "\"allow\": [\"*\"]", "auto_approve_all", "autoapprove\":[\"*\"]",
        "alwaysallow\":[\"*\"]", "\"bash(*)\"", "danger-full-access",
    ].map { Array($0.utf8) }

    /// A command that writes such a file, and what it writes.
    static func content(_ script: ShellScript, _ bytes: [UInt8], into found: inout TextFindings) {
        guard let write = found.items.first(where: { $0.rule == TextRule.agentConfigWrite.rawValue }) else { return }
        let lower = bytes.prefix(65_536).map { $0 &- 0x41 < 26 ? $0 | 0x20 : $0 }
        for text in overrides {
            if let at = ByteScan.first(text, in: lower, from: 0) { found.add(.mcpOverlyPermissive, at..<at + text.count) }
        }
        if let hit = InjectionSeeds.first(in: lower) { found.add(.configInjection, hit.span) }
        if found.contains(.zeroWidthChars) || found.contains(.unicodeTags) || found.contains(.bidiControls) || ByteScan.first(Array("<!--".utf8), in: lower, from: 0) != nil {
            found.add(.agentInstructionHidden, write.span)
        }
    }
}
