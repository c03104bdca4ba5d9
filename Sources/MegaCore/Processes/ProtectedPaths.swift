// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// Names inside writable folders that neither a command nor a file tool may write, create, remove, replace or move.
public enum ProtectedPaths {
    /// What other programs run or obey by themselves when a person works in the folder: start files of shells, hooks and settings of git,
    /// of editors and of agents.
    public static let standard = [
        ".git/hooks", ".git/config", ".bashrc", ".bash_profile", ".profile", ".zshrc", ".zshenv", ".zprofile", ".envrc", ".gitconfig",
        ".mcp.json", ".vscode", ".idea", ".claude", ".cursor", ".codex", ".ssh",
    ]
}
