// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// Where the files of a configuration lie, so that its paths can be compared. Text only: links are not followed.
struct ConfigurationPlaces: Sendable {
    /// The configuration file; relative paths start in its folder.
    var configurationFile: String?
    /// The `.env` file; its folder counts when there is no configuration file.
    var dotEnvironment: String?
    /// What `~` stands for.
    var home: String?

    /// A path without `.`, `..` and doubled slashes. Two places are comparable when both are absolute or both relative.
    struct Place: Equatable {
        var isAbsolute: Bool
        var parts: [String]

        /// Whether it is the folder or lies below it.
        func isInside(_ folder: Place) -> Bool { isAbsolute == folder.isAbsolute && parts.starts(with: folder.parts) }
    }

    /// The folder relative paths start in; without one they are compared among themselves.
    private var base: Place {
        guard let file = configurationFile ?? dotEnvironment else { return Place(isAbsolute: false, parts: []) }
        var place = Self.normal(file)
        _ = place.parts.popLast()
        return place
    }

    /// A configured path; nil when it starts in a home folder nobody named.
    func place(_ path: String) -> Place? { place(path, in: base) }

    /// A configured path that starts in another folder than the configuration's.
    func place(_ path: String, in folder: Place) -> Place? {
        if path == "~" || path.hasPrefix("~/") { return home.map { Self.normal($0 + path.dropFirst()) } }
        return path.hasPrefix("/") ? Self.normal(path) : Self.normal(path, in: folder)
    }

    fileprivate static func normal(_ path: String, in folder: Place? = nil) -> Place {
        var place = folder ?? Place(isAbsolute: path.hasPrefix("/"), parts: [])
        for part in path.split(separator: "/") where part != "." {
            // Above the root there is nothing; above a relative beginning there is.
            if part == "..", let last = place.parts.last, last != ".." {
                place.parts.removeLast()
            } else if part != ".." || !place.isAbsolute {
                place.parts.append(String(part))
            }
        }
        return place
    }
}

extension MegaConfiguration {
    /// Tools read and write the workspace: nothing they could gain rights by may lie there, and it must not lie among the data.
    func checkPlaces(_ decoder: inout ConfigurationDecoder) {
        let places = decoder.places
        guard let folder = places.place(workspace.path) else { return }
        let data = places.place(system.dataDirectory)
        if let data, data.isInside(folder) {
            decoder.report(
                "system.data_directory", "\"\(system.dataDirectory)\" lies inside the workspace, where tools read and write.",
                "Choose a folder outside of workspace.path (\"\(workspace.path)\").")
        } else if let data, folder.isInside(data) {
            decoder.report(
                "workspace.path", "\"\(workspace.path)\" lies inside the data directory, which tools must not reach.",
                "Choose a folder outside of system.data_directory (\"\(system.dataDirectory)\").")
        } else if let data, let key = places.place(security.encryption.keyFile, in: data), key.isInside(folder) {
            decoder.report(
                "security.encryption.key_file", "\"\(security.encryption.keyFile)\" lies inside the workspace, where tools read and write.",
                "Choose a place outside of workspace.path (\"\(workspace.path)\").")
        }
        for (index, path) in secrets.folders.enumerated() {
            guard path.hasPrefix("/") || path.hasPrefix("~/") else {
                decoder.report("secrets.folders", entry: index, "\"\(path)\" is not absolute.", "Begin it with /.")
                continue
            }
            guard let place = places.place(path), place.isInside(folder) || folder.isInside(place) else { continue }
            decoder.report(
                "secrets.folders", entry: index, "\"\(path)\" and the workspace (\"\(workspace.path)\") lie in one another, so tools could read the secrets.",
                "Choose another folder.")
        }
        for (name, file) in [("the configuration file", places.configurationFile), ("the .env file", places.dotEnvironment)] {
            guard let file, places.fileIsInside(folder, file) else { continue }
            decoder.report(
                "workspace.path", "\"\(workspace.path)\" holds \(name) (\(file)), so that tools could change what they may do.",
                "Choose another folder for the workspace, or move the file.")
            break
        }
    }
}

extension ConfigurationPlaces {
    /// Whether one of the configuration's own files lies in a folder. They are named from where the process runs, not from the base.
    fileprivate func fileIsInside(_ folder: Place, _ file: String) -> Bool { Self.normal(file).isInside(folder) }
}
