// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// docker, podman and nerdctl.
enum ContainerRules {
    private static let valued = ["context", "host", "config", "log-level", "file", "project-name"]

    static func check(_ call: Invocation, _ report: inout GuardReport) {
        guard !call.isHelp, !call.isDryRun else { return }
        let verbs = call.verbs(3, short: "Hcfpl", long: valued)
        guard let first = verbs.first else { return }
        let second = verbs.dropFirst().first ?? ""
        let isForced = call.has("f", "force")
        switch first {
        case "run", "create", "exec": start(call, &report)
        case "container" where ["run", "create", "exec"].contains(second): start(call, &report)
        case "rm": report.add(RuleCatalog.containerDelete, isForced || call.has("v", "volumes") || call.hasUnseenOperands ? .ask : .warn, call.span)
        case "rmi": report.add(RuleCatalog.containerDelete, isForced || call.hasUnseenOperands ? .ask : .warn, call.span)
        case "system", "volume", "image", "container", "network", "builder", "buildx", "pod", "secret", "config", "stack", "service", "swarm", "node", "machine", "context", "plugin":
            switch second {
            case "prune": report.add(RuleCatalog.containerDelete, first == "volume" || first == "system" || call.has("a", "all", "volumes") ? .ask : .warn, call.span)
            case "rm", "remove", "reset": report.add(RuleCatalog.containerDelete, first == "volume" || first == "stack" || first == "service" || isForced ? .ask : .warn, call.span)
            case "leave": report.add(RuleCatalog.remoteChange, .ask, call.span)
            default: break
            }
        case "compose": compose(call, second, &report)
        case "down" where call.program == "docker-compose": compose(call, first, &report)
        case "rm" where call.program == "docker-compose": compose(call, first, &report)
        case "kill", "stop": if call.hasUnseenOperands || call.command.substitutions.isEmpty == false { report.add(RuleCatalog.serviceStop, .warn, call.span) }
        default: break
        }
    }

    private static func compose(_ call: Invocation, _ verb: String, _ report: inout GuardReport) {
        if verb == "down", call.has("v", "volumes") || call.arguments.contains(where: { $0.text.hasPrefix("--rmi") }) { report.add(RuleCatalog.containerDelete, .ask, call.span) }
        if verb == "rm", call.has("fv", "force", "volumes") { report.add(RuleCatalog.containerDelete, .warn, call.span) }
    }

    private static let hostPaths = ["/var/run/docker.sock", "/run/docker.sock", "/etc", "/root", "/boot", "/proc", "/sys", "/dev", "/var/lib/docker", "/run/containerd"]
    private static let credentialParts = [".ssh", ".aws", ".kube", ".gnupg", ".docker", ".azure", ".config/gcloud", ".netrc", ".git-credentials"]

    private static func start(_ call: Invocation, _ report: inout GuardReport) {
        // Options of the container's own command do not count: they stand behind the image.
        let privileged = call.words.first { $0.text == "--privileged" || $0.text == "--privileged=true" }
        let isHostShared = call.words.contains { ["--pid=host", "--userns=host", "--cap-add=ALL", "--cap-add=SYS_ADMIN", "--ipc=host", "--security-opt=seccomp=unconfined", "--security-opt=apparmor=unconfined"].contains($0.text) }
            || call.values(["--cap-add"]).contains { ["ALL", "SYS_ADMIN", "SYS_PTRACE", "SYS_MODULE"].contains($0.text) } || call.values(["--pid"]).contains { $0.text == "host" }
        if let privileged { report.add(RuleCatalog.containerPrivileged, .ask, privileged.span) } else if isHostShared {
            report.add(RuleCatalog.containerPrivileged, .ask, call.span)
        }
        var isMounted = false
        for mount in call.values(["-v", "--volume", "--mount"]) {
            let source = source(mount.pattern)
            let isRoot = source == "/" || source == "/home" || source == "~" || source == "$HOME" || source == "/Users"
            let isHost = isRoot || hostPaths.contains { source == $0 || $0 != "/etc" && $0 != "/dev" && source.hasPrefix($0 + "/") || source == $0 + "/" }
                || credentialParts.contains { source.hasSuffix("/" + $0) || source.contains("/" + $0 + "/") }
            if isHost {
                report.add(RuleCatalog.containerMount, .ask, mount.span)
                if isRoot { isMounted = true }
            }
        }
        let remote = call.values(["-H", "--host"]).first { $0.text.hasPrefix("tcp://") }
        let isRemote = remote != nil && verbsPrecede(call, "-H", "--host") || call.command.assignments.contains { $0.name == "DOCKER_HOST" && $0.value.text.hasPrefix("tcp://") }
        if isRemote, privileged != nil || isMounted { report.add(RuleCatalog.containerRemote, .block, call.span) }
    }

    /// Whether the option stands in front of the verb, where it means the daemon.
    private static func verbsPrecede(_ call: Invocation, _ options: String...) -> Bool {
        for word in call.arguments {
            if options.contains(where: { word.text == $0 || word.text.hasPrefix($0) }) { return true }
            if word.text == "run" || word.text == "create" || word.text == "exec" { return false }
        }
        return false
    }

    private static func source(_ text: String) -> String {
        if text.contains("source=") || text.contains("src=") {
            for part in text.split(separator: ",") {
                if part.hasPrefix("source=") { return String(part.dropFirst(7)) }
                if part.hasPrefix("src=") { return String(part.dropFirst(4)) }
            }
        }
        return String(text.prefix { $0 != ":" })
    }
}
